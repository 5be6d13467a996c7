"""`otac build`."""

import argparse
import sys
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from otac import __version__
from otac.agreed import RECORD
from otac.cli.configuration import (
    STANDARD_INPUT,
    Configuration,
    compiler_digest,
    read_configuration,
)
from otac.cli.containers import ContainerChoice, with_containers
from otac.cli.exit_status import Exit, wrong_usage
from otac.cli.terminal import Printing, print_problem, print_report, say, unsaid
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.report import Report
from otac.output.apply import apply
from otac.output.diff import diff
from otac.output.lock import Inputs, digest, fresh, recorded
from otac.output.ownership import FileAction
from otac.output.plan import BuildPlan, drift, plan
from otac.plain_file import read_file
from otac.source.source_text import SourceText

if TYPE_CHECKING:
    from otac.pipeline import Compiled


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What `otac build` was asked to do."""

    check: bool = False
    diff: bool = False
    force: bool = False
    allow_unresolved: bool = False
    containers: ContainerChoice | None = None


def run_build(arguments: argparse.Namespace) -> Exit:
    """`otac build CONFIG`."""
    printing = Printing.of(arguments)
    options = BuildOptions(
        arguments.check,
        arguments.diff,
        arguments.force,
        arguments.allow_unresolved,
        ContainerChoice(arguments.docker, arguments.kubernetes),
    )
    if arguments.watch:
        if arguments.config == STANDARD_INPUT:
            return wrong_usage("`--watch` needs a configuration that is a file")
        from otac.cli.watching import watch

        return watch(arguments, lambda one: build(one, options, printing), printing)
    configuration = read_configuration(arguments.config, arguments.output)
    if isinstance(configuration, Diagnostic):
        return print_problem(configuration, printing)
    return build(configuration, options, printing)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build found, and in one line what it did: nothing where there is no line.

    `compiled` is None where all files were up to date, `plan` where none was made.
    """

    report: Report
    summary: str = ""
    compiled: "Compiled | None" = None
    plan: BuildPlan | None = None
    # The notes of the build before.
    said: tuple[Diagnostic, ...] = ()


def build(
    configuration: Configuration, options: BuildOptions, printing: Printing
) -> Exit:
    """Compile a configuration and write its project, or compare with what is there."""
    built = build_quietly(configuration, options, printing)
    status = print_report(unsaid(built.report, built.said, printing), printing)
    if built.plan is not None and options.diff:
        sys.stdout.write(diff(built.plan, colour=printing.colored(sys.stdout)))
    elif built.summary and (built.compiled is None or status is Exit.OK):
        say(built.summary, printing)
    return status


def build_quietly(
    configuration: Configuration, options: BuildOptions, printing: Printing
) -> Built:
    """The same, and what there is to say is returned."""
    inputs = inputs_of(configuration)
    if not options.allow_unresolved and not options.containers:
        known = fresh(configuration.output, inputs)
        if known is not None:
            text = SourceText.decode(configuration.name, configuration.data)
            report = Report(text, known)
            return Built(report, _up_to_date(configuration), said=known)
    # Everything below costs imports, and an unchanged build has ended above.
    from otac.cli.compiling import compiled_with, options_of

    unresolved = Severity.WARNING if options.allow_unresolved else Severity.ERROR
    compiled = compiled_with(
        configuration,
        replace(options_of(configuration, printing), unresolved=unresolved),
    )
    said = recorded(configuration.output)
    if compiled.output is None or compiled.project is None:
        return Built(compiled.report, compiled=compiled, said=said)
    output = with_containers(
        compiled.output, compiled.project, configuration, options.containers
    )
    if isinstance(output, Diagnostic):
        found = (*compiled.report.diagnostics, output)
        return Built(Report(compiled.report.source, found), compiled=compiled)
    if compiled.imports:
        inputs = with_imports(inputs)
    planned = plan(
        configuration.output,
        output,
        inputs,
        compiled.report.diagnostics,
        force=options.force,
    )
    if isinstance(planned, BuildPlan) and not (options.check or options.diff):
        planned = apply(planned)
    more: tuple[Diagnostic, ...] = ()
    if not isinstance(planned, BuildPlan):
        more = planned
    elif options.check:
        more = drift(planned)
    report = Report(compiled.report.source, (*compiled.report.diagnostics, *more))
    if not isinstance(planned, BuildPlan):
        return Built(report, compiled=compiled, said=said)
    summary = _summary(configuration, planned)
    return Built(report, summary, compiled, planned, said)


def with_imports(inputs: Inputs) -> Inputs:
    """The same for a configuration that imports modules of the user's."""
    return replace(inputs, files=(*inputs.files, _IMPORTS))


# Stands in the lock for modules that the configuration imports: a build that read them is
# never taken for fresh, since they may have changed.
_IMPORTS = ("(imported modules)", "")


def inputs_of(configuration: Configuration) -> Inputs:
    """What the lock remembers a build by."""
    return Inputs(
        otac=__version__,
        compiler=compiler_digest(),
        source=configuration.title,
        files=((configuration.title, configuration.digest), *_record(configuration)),
    )


def _record(configuration: Configuration) -> tuple[tuple[str, str], ...]:
    """The record of components as an input; none where there is none."""
    try:
        return ((RECORD, digest(read_file(configuration.folder / RECORD))),)
    except FileNotFoundError:
        return ()
    except OSError:
        # Compiling says what is wrong with it.
        return ((RECORD, ""),)


def _up_to_date(configuration: Configuration) -> str:
    return f"{configuration.name}: nothing to do, all files are up to date"


def _summary(configuration: Configuration, plan: BuildPlan) -> str:
    """What was done, in one line."""
    if not plan.pending:
        return _up_to_date(configuration)
    words = {
        FileAction.CREATE: "created",
        FileAction.UPDATE: "updated",
        FileAction.REMOVE: "removed",
        FileAction.UNCHANGED: "unchanged",
    }
    counts = Counter(change.action for change in plan.changes)
    listed = ", ".join(f"{counts[a]} {word}" for a, word in words.items() if counts[a])
    return f"{configuration.name}: {listed}"
