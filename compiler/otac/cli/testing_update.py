"""`otac test --update`."""

from collections.abc import Sequence
from itertools import groupby

from otac.cli.configuration import Configuration
from otac.cli.rewriting import write_back
from otac.cli.terminal import Printing, say
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.frame import visible
from otac.pipeline import Compiled
from otac.plain_file import read_file
from otac.source.source_text import SourceText
from otac.testing.binding import bind
from otac.testing.case import Suite
from otac.testing.reading import read_tests_of
from otac.testing.update import updated
from otac.testing.verdict import Verdict, judge


def update_files(
    verdicts: Sequence[Verdict],
    compiled: Compiled,
    configuration: Configuration,
    printing: Printing,
) -> list[Verdict] | Diagnostic:
    """Write the files; the verdicts on what stands in them then, or why it cannot be done.

    A file is written only if its tests can be read again and expect what came.
    """
    after: list[Verdict] = []
    for _, group in groupby(verdicts, lambda one: id(one.case.file)):
        before = list(group)
        made = _update(before[0].case.file, before, compiled, configuration, printing)
        if isinstance(made, Diagnostic):
            return made
        after += made
    return after


def _update(
    suite: Suite,
    verdicts: Sequence[Verdict],
    compiled: Compiled,
    configuration: Configuration,
    printing: Printing,
) -> Sequence[Verdict] | Diagnostic:
    name = suite.source.name
    try:
        data = read_file(suite.path)
    except OSError:
        data = b""
    if SourceText.decode(name, data).text != suite.document.text:
        return error(
            "OTC506",
            f"`{name}` has changed while its tests were run",
            help="nothing was written; run the command again",
        )
    new, count = updated(data, suite, verdicts)
    if not count:
        return verdicts
    again = _judged_again(new, suite, verdicts, compiled, configuration)
    file = Configuration(str(suite.path), data, suite.path.parent, suite.path.parent)
    problem = write_back(file, new)
    if problem is not None:
        return problem
    places = "place" if count == 1 else "places"
    say(f"{visible(name)}: {count} {places} updated", printing)
    return again


def _judged_again(
    data: bytes,
    suite: Suite,
    verdicts: Sequence[Verdict],
    compiled: Compiled,
    configuration: Configuration,
) -> list[Verdict]:
    """What the same runs come to with these bytes."""
    assert compiled.project is not None
    read, _ = read_tests_of(suite.path, suite.source.name, data)
    assert read is not None, "an update left a file that cannot be read"
    cases, _ = bind(read, compiled.project, configuration.folder, filling=True)
    by_name = {case.name: case for case in cases}
    return [
        judge(by_name[one.case.name], one.answer, compiled.report.source)
        for one in verdicts
    ]
