"""What files from before there were steps do with tickets: the same as their releases did.

What is expected was worked out from the releases of September 2025, ticket by ticket: a
label is followed from the threshold on, anything less certain goes to the queue and the
priority for that, every ticket is written to, and each decision has a note of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from trying import run, trials

from otac.components.classifier import Classification
from otac.components.outcome import Fail
from otac.components.sqlite.seed import Seed, SeedTicket
from otac.migrate import migrate
from otac.pipeline import CompileOptions
from otac.trial.helpdesk import Helpdesk
from otac.trial.trial import Given

pytestmark = pytest.mark.slow

FORMS = Path(__file__).parents[1] / "migrate" / "forms"
QUEUES = ("Incoming", "Incoming::Sub", "Billing", "Hardware", "Unsorted", "Done")


class Answer(NamedTuple):
    """A label of the stand-in model, and how sure it is."""

    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """A ticket, what the models say to it, and what the releases made of it.

    `subject` also tells the tickets apart. `after` is the queue and the priority with one
    model, with two models, and with pipes by their names.
    """

    subject: str
    queue: Answer
    priority: Answer
    after: tuple[tuple[str, str], tuple[str, str], tuple[str, str]]
    notes: tuple[int, int, int] = (1, 2, 2)
    stands_in: str = "Incoming"
    had: str = "3 normal"


def _same(queue: str, priority: str, had: str = "3 normal") -> Any:
    return (queue, had), (queue, priority), (queue, priority)


_LEFT: Any = (("Done", "3 normal"),) * 3
_BELOW: Any = (("Incoming::Sub", "3 normal"),) * 3
TICKETS = (
    # Sure of both.
    Prepared("1", Answer("Billing", 0.95), Answer("4 high", 0.9), _same("Billing", "4 high")),
    Prepared("2", Answer("Hardware", 0.81), Answer("2 low", 0.61), _same("Hardware", "2 low")),
    # Exactly as sure as is asked for is sure.
    Prepared("3", Answer("Billing", 0.8), Answer("4 high", 0.6), _same("Billing", "4 high")),
    # A hair less is not.
    Prepared("4", Answer("Billing", 0.7999), Answer("4 high", 0.5999), _same("Unsorted", "3 normal")),
    Prepared("5", Answer("Billing", 0.1), Answer("5 very high", 0.99), _same("Unsorted", "5 very high")),
    Prepared("6", Answer("Hardware", 0.99), Answer("5 very high", 0.2), _same("Hardware", "3 normal")),
    # A high priority is lowered, by what the model says and by what stands for its doubt.
    Prepared("7", Answer("Billing", 0.9), Answer("1 very low", 0.9), _same("Billing", "1 very low", "5 very high"), had="5 very high"),
    Prepared("8", Answer("Billing", 0.9), Answer("1 very low", 0.3), _same("Billing", "3 normal", "4 high"), had="4 high"),
    Prepared("9", Answer("Billing", 0.9), Answer("4 high", 0.9), _same("Billing", "4 high", "1 very low"), had="1 very low"),
    # The model's label is the queue that the ticket stands in: it stays and has its note.
    Prepared("10", Answer("Incoming", 0.9), Answer("3 normal", 0.9), _same("Incoming", "3 normal")),
    # Only the pipes by their names have a map of labels, and keep what is not in it.
    Prepared("11", Answer("invoice", 0.9), Answer("4 high", 0.9), (("invoice", "3 normal"), ("invoice", "4 high"), ("Billing", "4 high"))),
    Prepared("12", Answer("refund", 0.85), Answer("4 high", 0.9), (("refund", "3 normal"), ("refund", "4 high"), ("Billing", "4 high"))),
    Prepared("13", Answer("refund", 0.7), Answer("4 high", 0.9), _same("Unsorted", "4 high")),
    Prepared("14", Answer("Elsewhere", 0.9), Answer("2 low", 0.9), _same("Elsewhere", "2 low")),
    Prepared("15", Answer("Hardware", 0.8001), Answer("2 low", 0.7), _same("Hardware", "2 low")),
    Prepared("16", Answer("Billing", 1.0), Answer("5 very high", 1.0), _same("Billing", "5 very high")),
    Prepared("17", Answer("Billing", 0.0), Answer("5 very high", 0.0), _same("Unsorted", "3 normal")),
    # Other queues and queues below are none of theirs.
    Prepared("18", Answer("Billing", 0.9), Answer("4 high", 0.9), _LEFT, (0, 0, 0), stands_in="Done"),
    Prepared("19", Answer("Billing", 0.9), Answer("4 high", 0.9), _BELOW, (0, 0, 0), stands_in="Incoming::Sub"),
    Prepared("20", Answer("Hardware", 0.9), Answer("3 normal", 0.9), _same("Hardware", "3 normal", "5 very high"), had="5 very high"),
)  # fmt: skip


class Model:
    """Answers to exactly the texts that the release made of the tickets."""

    def __init__(self, between: str) -> None:
        self._prepared = {f"{one.subject}{between}b": one for one in TICKETS}

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        assert labels is None
        one = self._prepared[text]
        says = one.priority if model_name == "acme/priorities" else one.queue
        return Classification(
            label=says.label,
            confidence=says.confidence,
            scores={says.label: says.confidence},
        )


def _helpdesk() -> Helpdesk:
    targets = {one.queue.label for one in TICKETS}
    return Helpdesk(
        Seed(
            queues=dict.fromkeys((*QUEUES, *targets), ""),
            tickets=[
                SeedTicket(
                    id=int(one.subject),
                    subject=one.subject,
                    body="b",
                    queue=one.stands_in,
                    priority=one.had,
                )
                for one in TICKETS
            ],
        )
    )


def _outcome(folder: Path, config: str, between: str) -> Any:
    given = Given(_helpdesk(), {"classifier": Model(between)}, env={})
    outcome = run(trials(folder, config), "classify", given)
    assert outcome.state == "Completed", outcome.message
    return outcome


@pytest.mark.parametrize(
    ("form", "column", "between"),
    [
        ("one_model", 0, ""),
        ("two_models", 1, ""),
        ("named_pipes", 2, "\n"),
        # What no release did, and was meant to be the same.
        ("grouped_models", 1, ""),
        ("pipeline_steps", 2, " "),
    ],
)
@pytest.mark.parametrize("is_migrated", [False, True], ids=["as it is", "migrated"])
def test_twenty_tickets_become_what_they_became(
    tmp_path: Path, form: str, column: int, between: str, is_migrated: bool
) -> None:
    data = (FORMS / form / "before.yml").read_bytes()
    if is_migrated:
        migrated = migrate("config.yml", data, CompileOptions()).data
        assert migrated is not None
        data = migrated
    outcome = _outcome(tmp_path, data.decode(), between)
    assert len(TICKETS) == 20
    for one in TICKETS:
        after = outcome.tickets[one.subject]
        found = (after.queue.name, after.priority.name), len(after.notes)
        assert found == (one.after[column], one.notes[column]), one.subject


def test_the_notes_say_what_they_said(tmp_path: Path) -> None:
    data = (FORMS / "named_pipes" / "before.yml").read_text("utf-8")
    notes = _outcome(tmp_path, data, "\n").tickets["11"].notes
    assert sorted((note.subject, note.body) for note in notes) == [
        ("Prioritized", "4 high, 0.9"),
        ("Sorted", "#11 went to Billing with 0.900"),
    ]
    assert all(note.internal for note in notes)


def test_the_notes_of_one_model_say_what_they_said(tmp_path: Path) -> None:
    data = (FORMS / "one_model" / "before.yml").read_text("utf-8")
    (note,) = _outcome(tmp_path, data, "").tickets["4"].notes
    assert (note.subject, note.body) == (
        "Ticket wurde von KI verschoben",
        "Ticket wurde von KI in die Queue: Unsorted verschoben! Konfidenz = 0.80.",
    )


def test_the_notes_of_two_models_say_what_they_meant(tmp_path: Path) -> None:
    data = (FORMS / "two_models" / "before.yml").read_text("utf-8")
    notes = _outcome(tmp_path, data, "").tickets["5"].notes
    assert sorted((note.subject, note.body) for note in notes) == [
        (
            "KI: Priorität geändert",
            "Ticket wurde per KI auf die Priorität „5 very high“ gesetzt. Konfidenz: 0.99.",
        ),
        (
            "KI: Queue geändert",
            "Ticket wurde per KI in die Queue „Unsorted“ verschoben. Konfidenz: 0.10.",
        ),
    ]


def test_a_ticket_that_stays_is_decided_on_once(tmp_path: Path) -> None:
    data = (FORMS / "one_model" / "before.yml").read_text("utf-8")
    ready, desk = trials(tmp_path, data), _helpdesk()
    model = {"classifier": Model("")}
    run(ready, "classify", Given(desk, model, env={}))
    again = run(ready, "classify", Given(desk, model, env={}))
    assert again.state == "Stopped"
    assert len(again.tickets["10"].notes) == 1


def test_a_closed_ticket_is_left_alone(tmp_path: Path) -> None:
    data = (FORMS / "two_models" / "before.yml").read_text("utf-8")
    ticket = SeedTicket(id=1, subject="1", body="b", queue="Incoming", state="closed")
    desk = Helpdesk(Seed(queues=dict.fromkeys(QUEUES, ""), tickets=[ticket]))
    given = Given(desk, {"classifier": Model("")}, env={})
    outcome = run(trials(tmp_path, data), "classify", given)
    assert outcome.message == "queue `Incoming` is empty"
    assert not outcome.changes


class Refusing(Helpdesk):
    """Writes a first note into each ticket, and refuses the second one."""

    refuses = True

    async def update(self, ticket_id: str, *rest: Any, **named: Any) -> bool:
        if self.refuses and rest[0].queue is not None:
            raise Fail("no such queue")
        return await super().update(ticket_id, *rest, **named)


def test_a_ticket_of_which_something_failed_is_finished_by_the_next_run(
    tmp_path: Path,
) -> None:
    data = (FORMS / "two_models" / "before.yml").read_text("utf-8")
    ticket = SeedTicket(id=1, subject="1", body="b", queue="Incoming")
    desk = Refusing(Seed(queues=dict.fromkeys(QUEUES, ""), tickets=[ticket]))
    ready, given = (
        trials(tmp_path, data),
        Given(desk, {"classifier": Model("")}, env={}),
    )
    first = run(ready, "classify", given)
    assert first.state == "Failed"
    half = first.tickets["1"]
    assert (half.queue.name, half.priority.name) == ("Incoming", "4 high")
    desk.refuses = False
    done = run(ready, "classify", given).tickets["1"]
    assert (done.queue.name, len(done.notes)) == ("Billing", 2)


def test_the_notes_of_steps_say_what_they_meant(tmp_path: Path) -> None:
    data = (FORMS / "pipeline_steps" / "before.yml").read_text("utf-8")
    notes = _outcome(tmp_path, data, " ").tickets["11"].notes
    assert sorted((note.subject, note.body) for note in notes) == [
        ("Prioritized", "With 0.9"),
        ("Sorted", "To Billing with 0.9"),
    ]


class Strict(Helpdesk):
    """Knows the queues and priorities that were not taken from it."""

    without: tuple[str, ...] = ()

    async def update(self, ticket_id: str, *rest: Any, **named: Any) -> bool:
        changes = rest[0]
        for one in (changes.queue, changes.priority):
            if one is not None and one.name in self.without:
                raise Fail(f"there is no {one.name}")
        return await super().update(ticket_id, *rest, **named)


@pytest.mark.parametrize(
    ("subject", "without", "queue", "priority", "notes"),
    [
        ("1", (), "Billing", "3 normal", ["3 normal", "To Billing, as sure as 0.95.\n"]),
        ("5", (), "Unsorted", "3 normal", ["3 normal", "To Unsorted: 0.1 is too little.\n"]),
        ("1", ("Billing",), "Misrouted", "3 normal", ["3 normal", "Went to Misrouted."]),
        ("1", ("3 normal",), "Billing", "2 low", ["It could not be set.", "To Billing, as sure as 0.95.\n"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_migrated", [False, True], ids=["as it is", "migrated"])
def test_what_cannot_be_written_goes_elsewhere_with_a_note(
    tmp_path: Path,
    subject: str,
    without: tuple[str, ...],
    queue: str,
    priority: str,
    notes: list[str],
    is_migrated: bool,
) -> None:
    data = (FORMS / "defined_pipes" / "before.yml").read_bytes()
    if is_migrated:
        data = (FORMS / "defined_pipes" / "after.yml").read_bytes()
    ticket = SeedTicket(
        id=1, subject=subject, body="b", queue="Incoming", priority="2 low"
    )
    targets: dict[str, str] = dict.fromkeys((*QUEUES, "Misrouted"), "")
    desk = Strict(Seed(queues=targets, tickets=[ticket]))
    desk.without = without
    given = Given(desk, {"classifier": Model(" ")}, env={})
    outcome = run(trials(tmp_path, data.decode()), "classify", given)
    after = outcome.tickets["1"]
    assert (after.queue.name, after.priority.name) == (queue, priority)
    assert sorted(note.body for note in after.notes) == notes


INTENDED = (
    # label and confidence for the queue and the priority; queue and priority afterwards
    (Answer("Money/Invoices", 0.8), Answer("5", 0.6), "Billing", "5"),
    (Answer("Money/Refunds", 0.9), Answer("1", 0.9), "Hardware", "1"),
    (Answer("Things/Printers", 0.9), Answer("2", 0.59), "Hardware", "3"),
    (Answer("Other", 0.9), Answer("LABEL_4", 0.99), "Elsewhere", "3"),
    (Answer("Money/Invoices", 0.79), Answer("4", 0.9), "Unsorted", "4"),
)


class Intended:
    """Answers to texts with the subject twice."""

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        subject, again, body = text.split(" ")
        assert (again, body) == (subject, "b")
        on_queue, on_priority, _, _ = INTENDED[int(subject) - 1]
        says = on_priority if model_name == "acme/priorities" else on_queue
        return Classification(
            label=says.label,
            confidence=says.confidence,
            scores={says.label: says.confidence},
        )


def test_wired_parts_do_what_was_meant(tmp_path: Path) -> None:
    tickets = [
        SeedTicket(
            id=n, subject=str(n), body="b", queue="Incoming", priority="5 very high"
        )
        for n in range(1, len(INTENDED) + 1)
    ]
    desk = Helpdesk(
        Seed(queues=dict.fromkeys((*QUEUES, "Elsewhere"), ""), tickets=tickets)
    )
    data = (FORMS / "wired_parts" / "before.yml").read_text("utf-8")
    given = Given(desk, {"classifier": Intended()}, env={})
    outcome = run(trials(tmp_path, data), "classify", given)
    assert outcome.state == "Completed", outcome.message
    for number, (_, _, queue, priority) in enumerate(INTENDED, 1):
        after = outcome.tickets[str(number)]
        assert after.queue.name == queue
        named = after.priority.id or str(after.priority.name).partition(" ")[0]
        assert named == priority
        assert not after.notes
