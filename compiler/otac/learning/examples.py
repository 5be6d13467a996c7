"""Labelled tickets from a file."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from otac.diagnostics.diagnostic import Diagnostic, error, note, warning
from otac.diagnostics.suggest import nearest
from otac.learning.record_lines import UnreadableRecords
from otac.learning.records import Damaged, TicketRecord, read_records


# A ticket whose answer is known.
@dataclass(frozen=True, slots=True)
class Example:
    """A ticket as it was when it came, and where it ended up.

    `queue` and `priority` are empty where nothing is known. `created` has a time zone.
    """

    id: str
    subject: str
    body: str
    queue: str = ""
    priority: str = ""
    created: datetime | None = None

    @property
    def text(self) -> str:
        """What a classifier is shown of a ticket."""
        return f"{self.subject}\n\n{self.body}"


__all__ = ["Example", "Examples", "read_examples"]

# As many as train in minutes, and as much text as fits into a small machine.
MOST = 100_000
_MOST_CHARACTERS = 200_000_000
# Of a longer text, what follows is quoted mail and logs.
LONGEST_TEXT = 20_000
_DAMAGED_SHOWN = 10
_TEXTS = ("subject", "body")
_LABELS = ("queue", "priority")


@dataclass(frozen=True, slots=True)
class Examples:
    """The tickets of a file, in its order.

    `diagnostics` tell what was left out and why; with an error among them there are no
    tickets. `read` counts all records, `damaged` those that could not be used.
    """

    tickets: tuple[Example, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    read: int = 0
    damaged: int = 0

    @property
    def fails(self) -> bool:
        return bool(self.diagnostics) and not self.tickets


def read_examples(path: Path, *, newest: int = MOST) -> Examples:
    """Read a CSV, JSONL or YAML file of labelled tickets.

    Columns: `id`, `subject`, `body`, `queue`, `priority`, `created` (ISO 8601); at least
    one text and one label. Others are ignored. At most `newest` tickets are kept, the
    last ones of the file, and 200 million characters: memory is bounded whatever the
    file's size.
    """
    kept = _Kept(newest)
    damaged: list[Damaged] = []
    count = 0
    try:
        for record in _checked(read_records(path)):
            match record:
                case TicketRecord():
                    example = _example(record)
                case Damaged():
                    example = record
            if isinstance(example, Damaged):
                count += 1
                if len(damaged) < _DAMAGED_SHOWN:
                    damaged.append(example)
            else:
                kept.add(example)
    except UnreadableRecords as problem:
        return Examples((), (_unreadable(path, problem),))
    except OSError as problem:
        reason = problem.strerror or str(problem)
        return Examples(
            (),
            (
                error(
                    "OTC601",
                    f"`{path}` cannot be read: {reason[:1].lower()}{reason[1:]}",
                    help="name a CSV, JSONL or YAML file of labelled tickets",
                ),
            ),
        )
    found = tuple(_left_out(path, damaged, count))
    if not kept.tickets:
        what = "no ticket that can be used" if count else "no tickets"
        nothing = error(
            "OTC601", f"`{path}` has {what}", help=_COLUMNS, file=path.as_posix()
        )
        return Examples((), (*found, nothing), count, count)
    if kept.dropped:
        found = (*found, _limited(path, kept))
    return Examples(
        tuple(kept.tickets), found, len(kept.tickets) + kept.dropped + count, count
    )


_COLUMNS = (
    "write `id,subject,body,queue,priority,created`; what is not known stays empty"
)


class _Kept:
    """The last tickets that were added, within bounds."""

    def __init__(self, newest: int) -> None:
        self.most = min(newest, MOST)
        self.tickets: deque[Example] = deque()
        self.dropped = 0
        self._characters = 0

    def add(self, ticket: Example) -> None:
        self.tickets.append(ticket)
        self._characters += len(ticket.text)
        while len(self.tickets) > self.most or self._characters > _MOST_CHARACTERS:
            self._characters -= len(self.tickets.popleft().text)
            self.dropped += 1


def _checked(
    records: Iterator[TicketRecord | Damaged],
) -> Iterator[TicketRecord | Damaged]:
    """The same; `UnreadableRecords` if the first one has no text or no label at all."""
    first = True
    for record in records:
        if first and isinstance(record, TicketRecord):
            first = False
            _check_columns(record)
        yield record


def _check_columns(record: TicketRecord) -> None:
    has = set(record.cells)
    for names, what in ((_TEXTS, "text"), (_LABELS, "label")):
        if has.isdisjoint(names):
            missing = " or ".join(f"`{name}`" for name in names)
            listed = ", ".join(f"`{name}`" for name in record.cells) or "nothing"
            near = next((one for name in names if (one := nearest(name, has))), None)
            meant = f"; is `{near}` meant?" if near else ""
            raise UnreadableRecords(
                record.line,
                f"there is no column {missing} for the {what}; it has {listed}{meant}",
                _COLUMNS,
            )


def _example(record: TicketRecord) -> Example | Damaged:
    cells = record.cells
    created: datetime | None = None
    if written := cells.get("created", "").strip():
        try:
            created = datetime.fromisoformat(written)
        except ValueError:
            return Damaged(
                record.line,
                f"`created` is not a time: write `2026-03-02T09:00:00Z`, not `{written[:40]}`",
            )
        if created.tzinfo is None:
            created = created.replace(tzinfo=UTC)
    return Example(
        cells.get("id", "").strip() or str(record.line),
        cells.get("subject", "")[:LONGEST_TEXT],
        cells.get("body", "")[:LONGEST_TEXT],
        cells.get("queue", "").strip(),
        cells.get("priority", "").strip(),
        created,
    )


def _unreadable(path: Path, problem: UnreadableRecords) -> Diagnostic:
    place = f" line {problem.line}:" if problem.line else ":"
    return error(
        "OTC601",
        f"`{path}`{place} {problem.reason}",
        help=problem.help,
        file=path.as_posix(),
    )


def _left_out(path: Path, damaged: list[Damaged], count: int) -> Iterator[Diagnostic]:
    for one in damaged:
        yield warning(
            "OTC602",
            f"`{path}` line {one.line} is left out: {one.reason}",
            file=path.as_posix(),
        )
    if count > len(damaged):
        yield warning(
            "OTC602",
            f"`{path}`: {count - len(damaged)} more tickets are left out",
            file=path.as_posix(),
        )


def _limited(path: Path, kept: _Kept) -> Diagnostic:
    total = len(kept.tickets) + kept.dropped
    return note(
        "OTC603",
        f"`{path}` has {total} tickets; the last {len(kept.tickets)} are used",
    )
