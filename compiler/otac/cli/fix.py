"""`otac check --fix`: corrections in the file, and what is said about them."""

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from otac.cli.configuration import STANDARD_INPUT, Configuration
from otac.cli.exit_status import Exit, wrong_usage
from otac.cli.rewriting import show_change, write_back
from otac.cli.terminal import Printing, print_problem, print_report, say
from otac.diagnostics.correction import correction
from otac.diagnostics.edit import Safety
from otac.diagnostics.frame import visible
from otac.source.source_text import SourceText

if TYPE_CHECKING:
    from otac.fixing import Fixed, MadeCorrection, Undone
    from otac.pipeline import Compiled


class Wish(NamedTuple):
    """What is to be corrected: with `unsafe`, also what somebody has to look at.

    With `diff`, nothing is written.
    """

    unsafe: bool
    diff: bool


def wished(arguments: argparse.Namespace, printing: Printing) -> Wish | Exit | None:
    """What the command line asks for; None where nothing is to be corrected."""
    if not (arguments.fix or arguments.diff):
        if arguments.unsafe_fixes:
            return wrong_usage("`--unsafe-fixes` needs `--fix` or `--diff`")
        return None
    if not printing.for_people and (
        arguments.diff or arguments.config == STANDARD_INPUT
    ):
        return wrong_usage(
            f"`--format {printing.format}` and the corrected text would both go to "
            "standard output; use `--format full` or `concise`"
        )
    return Wish(arguments.unsafe_fixes, arguments.diff)


def fix_file(
    configuration: Configuration,
    compiled: "Compiled",
    compiled_again: "Callable[[bytes], Compiled]",
    wish: Wish,
    printing: Printing,
) -> Exit:
    """Correct a file, or show how; then say what is left.

    The status is that of what is left; with `diff`, 1 where there is something to change.
    """
    from otac.fixing import fix

    fixed = fix(configuration.data, compiled, compiled_again, unsafe=wish.unsafe)
    is_changed = fixed.data != configuration.data
    if wish.diff:
        show_change(configuration, fixed.data)
    elif configuration.name == STANDARD_INPUT:
        sys.stdout.buffer.write(fixed.data)
    elif is_changed:
        problem = write_back(configuration, fixed.data)
        if problem is not None:
            return print_problem(problem, printing)
    status = print_report(fixed.compiled.report, printing)
    for line in changes(configuration.name, fixed):
        say(visible(line), printing)
    say(_summary(configuration, fixed, wish), printing)
    return Exit.FAULT if wish.diff and is_changed and status is Exit.OK else status


def offer_fixes(
    configuration: Configuration,
    compiled: "Compiled",
    compiled_again: "Callable[[bytes], Compiled]",
    printing: Printing,
) -> None:
    """One line on how many findings `--fix` would answer; none where there are none.

    On terminals only: it costs compilations, and logs are read by programs, too.
    """
    if printing.quiet or not printing.for_people or not sys.stderr.isatty():
        return
    report = compiled.report
    offered = [correction(found, report.source.text) for found in report.diagnostics]
    safeties = {meant.safety for meant in offered if meant is not None}
    if safeties <= {Safety.GUESS}:
        return
    from otac.fixing import fix

    certain, all_of_them = (
        len(fix(configuration.data, compiled, compiled_again, unsafe=unsafe).made)
        for unsafe in (False, True)
    )
    if certain:
        more = all_of_them - certain
        others = f", {more} more by `--fix --unsafe-fixes`" if more > 0 else ""
        say(f"{certain} can be fixed by `--fix`{others}", printing)
    elif all_of_them:
        say(f"{all_of_them} can be fixed by `--fix --unsafe-fixes`", printing)


def changes(name: str, fixed: "Fixed", *, shown: bool = False) -> list[str]:
    """What was made of a file, and what was not and why; with `shown`, also its lines."""
    lines: list[str] = []
    for made in fixed.made:
        said = SourceText("", made.text).discreet
        lines.append(said(f"{_where(name, made)}: {_what(made)}"))
        if shown:
            lines += (f"    {line}" for line in made.change)
    for undone in fixed.undone:
        said = fixed.compiled.report.source.discreet
        lines.append(said(f"{_where(name, undone)}: not made: {_why(undone)}"))
    return lines


def _where(name: str, one: "MadeCorrection | Undone") -> str:
    line, column = one.place
    return f"{name}:{line}:{column}: {one.found.code} {one.found.message}"


def _what(made: "MadeCorrection") -> str:
    """The correction; in brackets what is left for its author to do."""
    meant = made.correction
    if meant.safety is Safety.CERTAIN:
        return meant.title
    return f"{meant.title} ({meant.safety.value}: {meant.reason})"


def _why(undone: "Undone") -> str:
    title, brings = undone.correction.title, undone.brings
    if brings is None:
        return f"{title}, which does not help"
    at = undone.brings_at
    place = "" if at is None else f" at line {at.line}"
    return f"{title}, which brings {brings.code}{place}: {brings.message}"


def _summary(configuration: Configuration, fixed: "Fixed", wish: Wish) -> str:
    number = len(fixed.made)
    if not number:
        return f"{configuration.name}: nothing to fix"
    verb = "would be made" if wish.diff else "made"
    noun = "correction" if number == 1 else "corrections"
    return f"{configuration.name}: {number} {noun} {verb}"
