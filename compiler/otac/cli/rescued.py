"""What becomes of a configuration that `otac migrate` corrects, and what is said about it."""

from collections.abc import Iterable
from shlex import quote

from otac.cli.answers import listed_questions
from otac.cli.configuration import Configuration
from otac.cli.exit_status import Exit
from otac.cli.fix import changes
from otac.cli.terminal import Printing, print_report, say
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.frame import visible
from otac.diagnostics.report import Report
from otac.dialects import Form
from otac.pipeline import Compiled, CompileOptions, compile_configuration
from otac.rescue import Author, Rescued, rescue


def rescued_by(
    author: Author,
    configuration: Configuration,
    new_name: str,
    printing: Printing,
    *,
    explain: bool,
) -> Rescued:
    """What becomes of a configuration, of which nothing is written."""
    options = CompileOptions(
        source=configuration.title,
        unresolved=Severity.WARNING,
        strict=printing.strict,
        asks=True,
    )

    def compiled(name: str, data: bytes) -> Compiled:
        return compile_configuration(name, data, configuration.folder, options)

    return rescue(
        configuration.name,
        configuration.data,
        compiled,
        CompileOptions(strict=printing.strict),
        author,
        new_name=new_name,
        explain=explain,
    )


def tell_rescued(name: str, new: str, rescued: Rescued, printing: Printing) -> Exit:
    """What was changed, what is left, what is open. `new` is the name of the new file."""
    lines = changes(name, rescued.old, shown=True)
    if rescued.new is not None:
        lines += changes(new, rescued.new, shown=True)
    for line in lines:
        say(visible(line), printing)
    status = print_report(rescued.report, printing)
    tell_questions(rescued.open, rescued.old.compiled.report, printing)
    say(visible(_outcome(name, rescued)), printing)
    return status


def tell_questions(
    found: Iterable[Diagnostic], report: Report, printing: Printing
) -> None:
    """Which questions are open, and how to answer them."""
    listed = listed_questions(found, report.source)
    if listed:
        say("\nquestions, and how to answer them:", printing)
        say(listed.rstrip("\n"), printing)


def tell_next(target: str, compiled: Compiled, printing: Printing) -> None:
    """What its author does with a file that compiles."""
    if compiled.project is None or compiled.world is None:
        return
    name = quote(target)
    runner = quote(compiled.project.runners[0].id) if compiled.project.runners else None
    variables = list(dict.fromkeys(one.name for one in compiled.world.variables))
    steps = []
    if variables:
        steps.append(f"set {', '.join(variables)} where runs happen")
    steps.append(f"otac check {name} --online   asks the helpdesk and the models")
    if runner is not None:
        steps.append(f"otac run {name} {runner} --dry-run   a run that changes nothing")
    say("next:", printing)
    for number, step in enumerate(steps, 1):
        say(visible(f"  {number}. {step}"), printing)


def _outcome(name: str, rescued: Rescued) -> str:
    if rescued.new is not None and rescued.form is not None:
        return f"{name}: {done(rescued.form)}"
    lost = ", nor corrected as above" if rescued.old.made else ""
    return f"{name}: not rewritten{lost}: what is left stands in the way"


def done(form: Form) -> str:
    """From what a file was brought to today's form."""
    if form is Form.TODAY:
        return "components of older releases have today's names"
    return f"migrated from {form.value}"
