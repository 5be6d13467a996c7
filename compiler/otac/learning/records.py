"""The records of a CSV, JSONL or YAML file, each with the line on which it begins."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from otac import source
from otac.learning.record_lines import LONGEST_LINE, NumberedLines, UnreadableRecords
from otac.source.document import Document, Scalar, Sequence
from otac.source.document import Mapping as MappingNode

# YAML is read as a whole, and its tree is many times as large.
LARGEST_YAML = 32 * 1024 * 1024
SUFFIXES = (".csv", ".jsonl", ".ndjson", ".yml", ".yaml")


@dataclass(frozen=True, slots=True)
class TicketRecord:
    """The cells of a ticket that are text; keys in lower case."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Damaged:
    """A record that cannot be used, and why."""

    line: int
    reason: str


def read_records(path: Path) -> Iterator[TicketRecord | Damaged]:
    """What is in a file, in its order, of which little is in memory at a time.

    Raises `UnreadableRecords` where nothing after a line can be understood, and `OSError`.
    """
    with path.open("rb") as file:
        match path.suffix.lower():
            case ".csv":
                yield from _csv(NumberedLines(file))
            case ".jsonl" | ".ndjson":
                yield from _jsonl(NumberedLines(file))
            case ".yml" | ".yaml":
                yield from _yaml(path.name, file)
            case _:
                known = ", ".join(f"`{one}`" for one in SUFFIXES)
                raise UnreadableRecords(
                    0, "its name does not tell what it is", f"name it {known}"
                )


def _csv(lines: NumberedLines) -> Iterator[TicketRecord | Damaged]:
    header = next(lines, "")
    if not header.strip():
        raise UnreadableRecords(1, "it has no header", _HEADER)
    # What spreadsheets write where the comma is the decimal sign, and what is pasted.
    delimiter = max(",;\t", key=header.count)
    limit = csv.field_size_limit(LONGEST_LINE)
    try:
        names = [
            name.strip().lower()
            for name in next(csv.reader([header], delimiter=delimiter))
        ]
        yield from _rows(lines, names, delimiter)
    except csv.Error as problem:
        raise UnreadableRecords(
            1, f"the header is no CSV: {problem}", _HEADER
        ) from None
    finally:
        csv.field_size_limit(limit)


_HEADER = "the first line names the columns: `id,subject,body,queue,priority,created`"


def _rows(
    lines: NumberedLines, names: list[str], delimiter: str
) -> Iterator[TicketRecord | Damaged]:
    twice = [name for name in names if name and names.count(name) > 1]
    if twice:
        raise UnreadableRecords(1, f"two columns are called `{twice[0]}`", _HEADER)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        begins = lines.number + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            yield Damaged(begins, _why(problem, lines.number))
            continue
        if not row:
            continue
        if len(row) != len(names):
            yield Damaged(
                begins, f"it has {len(row)} cells, and the header {len(names)}"
            )
            continue
        yield TicketRecord(begins, dict(zip(names, row, strict=True)))


def _why(problem: csv.Error, last: int) -> str:
    text = str(problem)
    if "unexpected end of data" in text or "larger than field limit" in text:
        return f"a quoted cell that begins here does not end up to line {last}"
    return text


def _jsonl(lines: NumberedLines) -> Iterator[TicketRecord | Damaged]:
    for line in lines:
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as problem:
            reason = getattr(problem, "msg", None) or "nested too deeply"
            yield Damaged(lines.number, f"it is not JSON: {reason}")
            continue
        if not isinstance(value, dict):
            yield Damaged(lines.number, "it is not an object (`{...}`)")
            continue
        yield _cells(lines.number, value)


def _yaml(name: str, file: IO[bytes]) -> Iterator[TicketRecord | Damaged]:
    data = file.read(LARGEST_YAML + 1)
    if len(data) > LARGEST_YAML:
        raise UnreadableRecords(
            0,
            f"YAML of more than {LARGEST_YAML >> 20} MB is not read",
            "save so many tickets as CSV or JSONL, which are read line by line",
        )
    document = source.read(name, data)
    if not isinstance(document, Document):
        first = document[0]
        line = 0
        if first.span is not None:
            text = data.decode("utf-8", "replace")
            line = text.count("\n", 0, first.span.start) + 1
        raise UnreadableRecords(line, first.message, first.help or "mend the file")
    root = document.root
    tickets = root.get("tickets") if isinstance(root, MappingNode) else root
    if not isinstance(tickets, Sequence):
        raise UnreadableRecords(
            1, "it is not a list of tickets", "write a list, or one under `tickets`"
        )
    for item in tickets.items:
        line = document.place(item.span.start).line
        if not isinstance(item, MappingNode):
            yield Damaged(line, "it is not a mapping")
            continue
        # The text and not the value: a queue that is called `on` or `2026` stays that.
        yield _cells(
            line,
            {
                entry.key.text: (
                    entry.value.text
                    if isinstance(entry.value, Scalar) and entry.value.value is not None
                    else entry.value.plain()
                )
                for entry in item
            },
        )


def _cells(line: int, value: Mapping[str, object]) -> TicketRecord | Damaged:
    cells: dict[str, str] = {}
    for key, cell in value.items():
        name = key.strip().lower()
        match cell:
            case None:
                cells[name] = ""
            case str():
                cells[name] = cell
            case bool() | int() | float():
                cells[name] = json.dumps(cell)
            case _ if name in ("id", "subject", "body", "queue", "priority", "created"):
                return Damaged(line, f"`{name}` is not text")
            case _:
                # Not ours, as `notes` in the seed of a store.
                continue
    return TicketRecord(line, cells)
