"""Files of tests and of tickets, read and checked without a configuration."""

from functools import cache
from pathlib import Path
from typing import Any, cast

from otac import source
from otac.config.schema import Schema, compile_schema, schema_of_tests
from otac.config.shape import check_shape
from otac.diagnostics.diagnostic import Diagnostic, Label, error
from otac.diagnostics.report import Report
from otac.diagnostics.suggest import nearest
from otac.learning.record_lines import UnreadableRecords
from otac.learning.records import Damaged, read_records
from otac.plain_file import read_file
from otac.source.document import Document, Entry, Mapping, Scalar, Sequence, Span
from otac.source.source_text import SourceText
from otac.testing.case import Suite, Written

_CSV_COLUMNS = ("queue", "subject")
_MOST_SAID = 10


def read_tests(path: Path, shown: str) -> tuple[Suite | None, Report]:
    """The tests of a file that fit the schema, and what is wrong with the others.

    `shown` is what to call the file.
    """
    try:
        data = read_file(path, pipes=True)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        finding = error(
            "OTC665",
            f"`{shown}` cannot be read: {reason[:1].lower()}{reason[1:]}",
            help="name a YAML file with a root key `tests`, or a folder of such files",
        )
        return None, Report(SourceText("", ""), (finding,))
    return read_tests_of(path, shown, data)


def read_tests_of(path: Path, shown: str, data: bytes) -> tuple[Suite | None, Report]:
    """The same for bytes that need not be those of the file."""
    document = source.read(shown, data)
    if not isinstance(document, Document):
        return None, Report(SourceText.decode(shown, data), document)
    shape = check_shape(document.root, _schema(), "a test file")
    found = list(shape.diagnostics)
    if not shape.fits:
        return None, Report(document.source, tuple(found))
    root = cast(Mapping, document.root)
    listed = cast(Sequence, root.get("tests"))
    wrong = [one.span for one in found if one.span is not None]
    tests = tuple(_written(cast(Mapping, item), wrong) for item in listed.items)
    found += _twice(tests)
    return Suite(path, document, tests), Report(document.source, tuple(found))


def _written(node: Mapping, wrong: list[Span]) -> Written:
    name, runner = cast(Scalar, node.get("name")), cast(Scalar, node.get("runner"))
    return Written(
        name.text,
        runner,
        node,
        cast(Mapping, node.get("expect")),
        any(node.start <= (one.via or one).start <= node.end for one in wrong),
    )


def _twice(tests: tuple[Written, ...]) -> list[Diagnostic]:
    first: dict[str, Written] = {}
    found: list[Diagnostic] = []
    for test in tests:
        earlier = first.setdefault(test.name, test)
        if earlier is not test:
            found.append(
                error(
                    "OTC664",
                    f"two tests are called `{test.name}`",
                    test.span,
                    "names of tests are unique within a file",
                    labels=(Label(earlier.span, "the first one"),),
                )
            )
    return found


def read_helpdesk(path: Path, shown: str) -> tuple[dict[str, Any], Report]:
    """Queues, priorities and tickets of a file, as `SqliteTicketSystem` has them."""
    if path.suffix == ".csv":
        return _read_csv(path, shown)
    try:
        data = read_file(path)
    except OSError as problem:
        return {}, _unreadable(shown, problem.strerror or str(problem))
    document = source.read(shown, data)
    if not isinstance(document, Document):
        return {}, Report(SourceText.decode(shown, data), document)
    if isinstance(document.root, Sequence):
        wrapped = Mapping({}, document.root.start, document.root.end)
        key = Scalar("tickets", "tickets", "", document.root.start, document.root.start)
        wrapped.entries["tickets"] = Entry(key, document.root)
        document.root = wrapped
    shape = check_shape(document.root, _helpdesk_schema(), "a helpdesk")
    found = list(shape.diagnostics)
    plain = document.root.plain() if shape.fits else {}
    tickets = (
        document.root.get("tickets") if isinstance(document.root, Mapping) else None
    )
    found += equal_ids(tickets)
    return cast(dict[str, Any], plain), Report(document.source, tuple(found))


def equal_ids(tickets: object) -> list[Diagnostic]:
    """What is wrong with the ids of a list of tickets."""
    first: dict[str, Scalar] = {}
    found: list[Diagnostic] = []
    items = tickets.items if isinstance(tickets, Sequence) else []
    for item in items:
        number = item.get("id") if isinstance(item, Mapping) else None
        if not isinstance(number, Scalar):
            continue
        earlier = first.setdefault(str(number.value), number)
        if earlier is not number:
            found.append(
                error(
                    "OTC664",
                    f"two tickets have the id `{number.text}`",
                    number.span,
                    "ids of tickets are unique",
                    labels=(Label(earlier.span, "the first one"),),
                )
            )
    return found


def _read_csv(path: Path, shown: str) -> tuple[dict[str, Any], Report]:
    tickets: list[dict[str, str]] = []
    wrong: list[Diagnostic] = []
    try:
        for record in read_records(path):
            if isinstance(record, Damaged):
                wrong.append(
                    error("OTC665", f"`{shown}` line {record.line}: {record.reason}")
                )
                continue
            if not tickets and (missing := _missing(record.cells)):
                wrong.append(_no_column(shown, missing, record.cells))
                break
            tickets.append({key: cell for key, cell in record.cells.items() if cell})
    except UnreadableRecords as problem:
        place = f" line {problem.line}" if problem.line else ""
        wrong.append(
            error("OTC665", f"`{shown}`{place}: {problem.reason}", help=problem.help)
        )
    except OSError as problem:
        return {}, _unreadable(shown, problem.strerror or str(problem))
    return {"tickets": tickets}, Report(SourceText("", ""), tuple(wrong[:_MOST_SAID]))


def _missing(cells: Any) -> list[str]:
    return [name for name in _CSV_COLUMNS if name not in cells]


def _no_column(shown: str, missing: list[str], cells: Any) -> Diagnostic:
    near = nearest(missing[0], cells)
    listed = ", ".join(f"`{name}`" for name in cells)
    return error(
        "OTC665",
        f"`{shown}` has no column {' and no column '.join(f'`{m}`' for m in missing)};"
        f" it has {listed}",
        help=f"is `{near}` meant for `{missing[0]}`?"
        if near
        else "the first line names the columns: `id,queue,subject,body`",
    )


def _unreadable(shown: str, reason: str) -> Report:
    finding = error(
        "OTC665",
        f"`{shown}` cannot be read: {reason[:1].lower()}{reason[1:]}",
        help="`tickets` is a list, or the name of a YAML or CSV file beside the test's",
    )
    return Report(SourceText("", ""), (finding,))


@cache
def _schema() -> Schema:
    return compile_schema(schema_of_tests())


@cache
def _helpdesk_schema() -> Schema:
    definitions = schema_of_tests()["$defs"]
    return compile_schema({**definitions["helpdesk"], "$defs": definitions})
