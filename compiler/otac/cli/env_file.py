"""`--env-file`: variables for one command."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.report import Report
from otac.dotenv import read_lines, unfit_lines
from otac.plain_file import read_file
from otac.source.document import Span
from otac.source.source_text import SourceText

_HELP = "name a file of `NAME=value` lines"


def read_env_file(path: Path) -> Mapping[str, str] | Report:
    """What a file of `NAME=value` lines sets, or what is wrong with it and where."""
    try:
        data = read_file(path, pipes=True)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        said = f"`{path}` cannot be read: {reason[:1].lower()}{reason[1:]}"
        return Report(SourceText("", ""), (error("OTC505", said, help=_HELP),))
    source = SourceText.decode(str(path), data)
    found = tuple(_faults(source, data))
    return Report(source, found) if found else read_lines(source.text)


def _faults(source: SourceText, data: bytes) -> Iterator[Diagnostic]:
    text = source.text
    broken = text.find("\ufffd")
    if broken >= 0 and "\ufffd".encode() not in data:
        yield error(
            "OTC505",
            f"`{source.name}` is not text in UTF-8",
            Span(broken, broken + 1),
            "no character of UTF-8",
            help="save it as UTF-8",
        )
        return
    for start, reason in unfit_lines(text):
        end = text.find("\n", start)
        span = Span(start, len(text) if end < 0 else end)
        yield error(
            "OTC505",
            f"`{source.name}` cannot be read: {reason}",
            span,
            help="write `NAME=value`, the value on one line, in quotes if it begins"
            " with one; `#` begins a comment",
        )


@contextmanager
def added(variables: Mapping[str, str]) -> Iterator[None]:
    """Within this, the environment has these, and every process that is started with it.

    They count for more than what is set: who names the file of the test system must not
    reach the other one because of what a shell still has.
    """
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
