"""`ProcessTickets` on a real store."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from otac.components import (
    Classification,
    Fail,
    KeywordClassifier,
    Named,
    Note,
    ProcessTickets,
    SqliteTicketSystem,
    Stop,
    TicketChanges,
    invoke,
)
from otac.components.decision_record import RecordedChoice
from otac.components.ticket_system import DecidedNote

WORDS = KeywordClassifier(
    {"Billing": ["invoice"], "IT": ["password"], "4 high": ["expired"]},
    word_precision=0.8,
)


def process(
    system: object, classifier: object = WORDS, **arguments: object
) -> dict[str, Any]:
    return asyncio.run(
        invoke(
            ProcessTickets,
            {
                "queue": "inbox",
                "ticket_system": system,
                "classification_service": classifier,
                **arguments,
            },
        )
    )


def where(system: SqliteTicketSystem) -> dict[str, tuple[str | None, str | None]]:
    tickets = [asyncio.run(system.get(number)) for number in "123"]
    return {ticket.id: (ticket.queue.name, ticket.priority.name) for ticket in tickets}


def notes(system: SqliteTicketSystem, ticket_id: str) -> tuple[Note, ...]:
    return asyncio.run(system.get(ticket_id)).notes


class Classify:
    """A classifier that does what a function says."""

    def __init__(self, decide: Callable[[str, Mapping[str, str]], str | None]) -> None:
        self._decide = decide
        self.models: list[str | None] = []

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        assert labels is not None
        self.models.append(model_name)
        label = self._decide(text, labels)
        confidence = 0 if label is None else 1
        return Classification(label=label, confidence=confidence, scores={})


def test_an_unknown_confidence_passes_no_threshold(
    helpdesk: SqliteTicketSystem,
) -> None:
    class Unsure:
        async def classify(
            self,
            text: str,
            *,
            labels: Mapping[str, str] | None = None,
            model_name: str | None = None,
        ) -> Classification:
            return Classification(
                label="IT", confidence=None, scores={"IT": 1}, reason="no probabilities"
            )

    done = process(helpdesk, Unsure(), min_confidence=0)
    assert done["routed"] == []
    assert {each["queue_confidence"] for each in done["undecided"]} == {None}
    assert set(where(helpdesk).values()) == {("inbox", "3 normal")}
    assert notes(helpdesk, "3")[0].body == (
        "queue: undecided, confidence unknown (IT 1.00): no probabilities\n"
        "priority: unchanged, confidence unknown (IT 1.00): no probabilities\n"
        "decided by Unsure"
    )


def test_tickets_are_routed_and_told_why(helpdesk: SqliteTicketSystem) -> None:
    assert process(helpdesk) == {
        "handled": ["1", "2", "3"],
        "routed": [
            {
                "ticket_id": "1",
                "queue": "Billing",
                "queue_confidence": 0.8889,
                "priority": None,
                "priority_confidence": 0.0,
            },
            {
                "ticket_id": "2",
                "queue": "IT",
                "queue_confidence": 0.8889,
                "priority": "4 high",
                "priority_confidence": 0.8,
            },
        ],
        "undecided": [
            {
                "ticket_id": "3",
                "queue": None,
                "queue_confidence": 0.0,
                "priority": None,
                "priority_confidence": 0.0,
            }
        ],
        "failed": [],
        "dry_run": False,
    }
    assert where(helpdesk) == {
        "1": ("Billing", "3 normal"),
        "2": ("IT", "4 high"),
        "3": ("inbox", "3 normal"),
    }
    (note,) = notes(helpdesk, "2")
    assert isinstance(note, DecidedNote)
    assert (note.subject, note.internal) == ("Routed to IT", True)
    assert note.body.splitlines() == [
        "queue: IT, confidence 0.89 (then Billing 0.00)",
        "priority: 4 high, confidence 0.80",
        "decided by KeywordClassifier",
    ]
    assert note.decision.queue == RecordedChoice(
        before="inbox",
        after="IT",
        label="IT",
        confidence=0.8889,
        by="KeywordClassifier",
    )
    assert note.decision.priority == RecordedChoice(
        before="3 normal",
        after="4 high",
        label="4 high",
        confidence=0.8,
        by="KeywordClassifier",
    )
    (note,) = notes(helpdesk, "3")
    assert isinstance(note, DecidedNote)
    assert note.subject == "Not routed"
    assert note.body.splitlines() == [
        ("queue: undecided, no label fits: none of the words is in the text"),
        ("priority: unchanged, no label fits: none of the words is in the text"),
        "decided by KeywordClassifier",
    ]
    assert note.decision.queue is not None
    assert not note.decision.queue.is_change


def test_no_ticket_is_handled_twice(helpdesk: SqliteTicketSystem) -> None:
    process(helpdesk)
    with pytest.raises(Stop, match=r"^queue `inbox` has no new tickets$"):
        process(helpdesk)
    assert len(notes(helpdesk, "3")) == 1
    # Not even if somebody puts it back.
    asyncio.run(helpdesk.update("1", TicketChanges(queue=Named(name="inbox"))))
    assert process(helpdesk, stop_when_empty=False)["handled"] == []
    # In another queue it is another matter.
    assert process(helpdesk, queue="IT", queues={"Billing": ""})["handled"] == [
        "4",
        "2",
    ]


def test_an_empty_queue_stops_the_run(store: Callable[..., Any]) -> None:
    system = store("queues: {inbox: '', Billing: ''}")
    with pytest.raises(Stop, match=r"^queue `inbox` is empty$"):
        process(system)
    nothing: dict[str, list[str]] = {
        "handled": [],
        "routed": [],
        "undecided": [],
        "failed": [],
        "dry_run": False,
    }
    assert process(system, stop_when_empty=False) == nothing


def test_a_store_that_nobody_has_filled_is_empty(store: Callable[..., Any]) -> None:
    with pytest.raises(Stop, match=r"^queue `inbox` is empty$"):
        process(store("queues: {}"))


def test_a_queue_that_is_not_there(helpdesk: SqliteTicketSystem) -> None:
    with pytest.raises(Fail, match=r"there is no queue `inbux` \(did you mean `inbox`"):
        process(helpdesk, queue="inbux")


def test_nowhere_to_go(store: Callable[..., Any]) -> None:
    system = store("tickets: [{queue: inbox, subject: a}]")
    with pytest.raises(Fail, match="there is no queue but `inbox` to route to"):
        process(system)


def test_the_limit_takes_the_oldest(helpdesk: SqliteTicketSystem) -> None:
    assert process(helpdesk, limit=2)["handled"] == ["1", "2"]
    assert process(helpdesk, limit=2)["handled"] == ["3"]


def test_thresholds(helpdesk: SqliteTicketSystem) -> None:
    result = process(helpdesk, min_confidence=0.89, min_priority_confidence=0.8)
    assert result["routed"] == []
    assert where(helpdesk)["2"] == ("inbox", "4 high")


def test_a_classifier_that_knows_its_threshold_decides(
    helpdesk: SqliteTicketSystem,
) -> None:
    """0.75 is for the others; a threshold of the step counts for all."""
    sure = Says("IT", 0.5)
    given: dict[str, Any] = {"limit": 1, "priorities": {}, "queues": {"IT": ""}}
    assert process(helpdesk, sure, dry_run=True, **given)["routed"] == []
    sure.sure_by_itself = True
    assert len(process(helpdesk, sure, dry_run=True, **given)["routed"]) == 1
    stricter = process(helpdesk, sure, dry_run=True, min_confidence=0.6, **given)
    assert stricter["routed"] == []


def test_undecided_tickets_can_go_elsewhere(helpdesk: SqliteTicketSystem) -> None:
    result = process(helpdesk, low_confidence_queue="IT", note=False)
    assert [it["ticket_id"] for it in result["undecided"]] == ["3"]
    assert where(helpdesk)["3"] == ("IT", "3 normal")
    assert notes(helpdesk, "3") == ()


def test_a_dry_run_changes_nothing(helpdesk: SqliteTicketSystem) -> None:
    before = where(helpdesk)
    dry = process(helpdesk, dry_run=True)
    assert where(helpdesk) == before
    assert notes(helpdesk, "1") == ()
    assert dry["dry_run"]
    assert process(helpdesk) == {**dry, "dry_run": False}


def test_labels_and_models_of_ones_own(helpdesk: SqliteTicketSystem) -> None:
    seen: list[Mapping[str, str]] = []

    def decide(text: str, labels: Mapping[str, str]) -> str:
        seen.append(labels)
        return next(iter(labels))

    classifier = Classify(decide)
    process(
        helpdesk,
        classifier,
        limit=1,
        queues={"IT": "machines"},
        priorities={"2 low": "no hurry", "5 very high": "fire"},
        queue_model="q",
        priority_model="p",
    )
    assert seen == [{"IT": "machines"}, {"2 low": "no hurry", "5 very high": "fire"}]
    assert classifier.models == ["q", "p"]
    assert where(helpdesk)["1"] == ("IT", "2 low")


def test_the_queues_of_the_ticket_system_are_the_labels(
    helpdesk: SqliteTicketSystem,
) -> None:
    seen: list[Mapping[str, str]] = []

    def decide(text: str, labels: Mapping[str, str]) -> None:
        seen.append(labels)

    process(helpdesk, Classify(decide), limit=1, priorities={})
    assert seen == [
        {"Billing": "invoices and payments", "IT": "computers and passwords"}
    ]


@pytest.mark.parametrize(
    ("old", "new", "result"),
    [
        ("3 normal", "1 very low", "1 very low"),
        ("1 very low", "4 high", "4 high"),
        ("4 high", "5 very high", "5 very high"),
        ("4 high", "3 normal", "4 high"),
        ("5 very high", "4 high", "5 very high"),
    ],
)
def test_a_raised_priority_is_not_lowered(
    helpdesk: SqliteTicketSystem, old: str, new: str, result: str
) -> None:
    asyncio.run(helpdesk.update("1", TicketChanges(priority=Named(name=old))))

    def decide(text: str, labels: Mapping[str, str]) -> str | None:
        return new if new in labels else None

    process(helpdesk, Classify(decide), limit=1)
    assert where(helpdesk)["1"] == ("inbox", result)


class Flaky:
    """Fails for tickets that mention a word, until it is mended."""

    def __init__(self, word: str, error: Exception) -> None:
        self.word = word
        self.error = error
        self.calls: list[str] = []

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        self.calls.append(text.split("\n")[0])
        if self.word and self.word in text:
            raise self.error
        return await WORDS.classify(text, labels=labels)


def test_a_bad_ticket_holds_back_nobody_and_is_tried_again(
    helpdesk: SqliteTicketSystem,
) -> None:
    classifier = Flaky("Password", ConnectionError("quotes the ticket"))
    with pytest.raises(ExceptionGroup) as caught:
        process(helpdesk, classifier, priorities={})
    assert caught.value.message == "1 of 3 tickets failed: `2` (ConnectionError)"
    assert caught.value.exceptions == (classifier.error,)
    assert where(helpdesk)["1"] == ("Billing", "3 normal")
    assert where(helpdesk)["2"] == ("inbox", "3 normal")
    assert classifier.calls == ["Invoice", "Password", "Hello"]

    classifier.word, classifier.calls = "", []
    assert process(helpdesk, classifier, priorities={})["handled"] == ["2"]
    assert classifier.calls == ["Password"]
    assert [len(notes(helpdesk, number)) for number in "123"] == [1, 1, 1]


def test_a_ticket_that_keeps_failing_comes_last(helpdesk: SqliteTicketSystem) -> None:
    classifier = Flaky("Invoice", ConnectionError())
    with pytest.raises(ExceptionGroup, match="1 of 1 tickets failed: `1`"):
        process(helpdesk, classifier, limit=1)
    assert process(helpdesk, classifier, limit=2)["handled"] == ["2", "3"]


def test_failures_can_be_tolerated(helpdesk: SqliteTicketSystem) -> None:
    classifier = Flaky("Password", ConnectionError())
    result = process(helpdesk, classifier, tolerate_failures=True)
    assert (result["handled"], result["failed"]) == (["1", "3"], ["2"])


def test_no_further_attempt_where_none_would_help(helpdesk: SqliteTicketSystem) -> None:
    def decide(text: str, labels: Mapping[str, str]) -> str | None:
        return "Legal" if "Billing" in labels else None

    with pytest.raises(Fail) as caught:
        process(helpdesk, Classify(decide))
    assert str(caught.value) == (
        "3 of 3 tickets failed: `1`, `2`, `3` (there is no queue `Legal`)"
    )


def test_a_classifier_can_stop_the_run(helpdesk: SqliteTicketSystem) -> None:
    enough = Flaky("Password", Stop("enough for today"))
    with pytest.raises(Stop, match="enough for today"):
        process(helpdesk, enough, priorities={}, at_once=1)
    # Its ticket is free again.
    assert process(helpdesk)["handled"] == ["3", "2"]


def test_an_update_that_was_made_before_a_crash_is_not_made_again(
    helpdesk: SqliteTicketSystem,
) -> None:
    class Crash(SqliteTicketSystem):
        async def finish(self, purpose: str, ticket_id: str, *, owner: str) -> None:
            raise OSError("the power went out")

    crashing = Crash.__new__(Crash)
    crashing.__dict__.update(vars(helpdesk))
    with pytest.raises(ExceptionGroup, match="3 of 3 tickets failed"):
        process(crashing)
    process(helpdesk, stop_when_empty=False)
    assert [len(notes(helpdesk, number)) for number in "123"] == [1, 1, 1]


def test_two_runs_at_once_share_the_work(helpdesk: SqliteTicketSystem) -> None:
    async def both() -> tuple[dict[str, Any], dict[str, Any]]:
        arguments = {
            "queue": "inbox",
            "ticket_system": helpdesk,
            "classification_service": WORDS,
            "stop_when_empty": False,
        }
        return await asyncio.gather(
            invoke(ProcessTickets, arguments), invoke(ProcessTickets, arguments)
        )

    first, second = asyncio.run(both())
    assert sorted(first["handled"] + second["handled"]) == ["1", "2", "3"]
    assert [len(notes(helpdesk, number)) for number in "123"] == [1, 1, 1]


class Crowd:
    """Counts how many texts are classified at the same time; the first takes longest."""

    def __init__(self) -> None:
        self.now = self.most = 0

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.2 if "Invoice" in text else 0.05)
        self.now -= 1
        return await WORDS.classify(text, labels=labels)


def test_several_tickets_at_a_time(helpdesk: SqliteTicketSystem) -> None:
    crowd = Crowd()
    result = process(helpdesk, crowd, at_once=2, priorities={})
    assert crowd.most == 2
    # In the order of the queue, although the second was done before the first.
    assert result["handled"] == ["1", "2", "3"]
    assert [one["ticket_id"] for one in result["routed"]] == ["1", "2"]


def test_one_ticket_at_a_time(helpdesk: SqliteTicketSystem) -> None:
    crowd = Crowd()
    process(helpdesk, crowd, at_once=1)
    assert crowd.most == 1


class Unwritten(SqliteTicketSystem):
    """Must not be written to at the end of a run."""

    async def release(self, purpose: str, *, owner: str) -> None:
        raise AssertionError("nothing was claimed")


def test_an_idle_run_writes_nothing(helpdesk: SqliteTicketSystem) -> None:
    process(helpdesk)
    idle = Unwritten.__new__(Unwritten)
    vars(idle).update(vars(helpdesk))
    # One ticket is still there, and was handled; the other queue is empty.
    assert process(idle, stop_when_empty=False)["handled"] == []
    empty = {"queue": "Billing", "queues": {"IT": ""}, "stop_when_empty": False}
    asyncio.run(helpdesk.update("1", TicketChanges(queue=Named(name="IT"))))
    assert process(idle, **empty)["handled"] == []


class Says:
    """A classifier with labels of its own; it is asked for nothing else."""

    def __init__(self, label: str, confidence: float = 0.9) -> None:
        self._label, self._confidence = label, confidence
        self.asked: list[tuple[str, Mapping[str, str] | None]] = []
        self.sure_by_itself = False

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        self.asked.append((text, labels))
        return Classification(
            label=self._label, confidence=self._confidence, scores={self._label: 0.9}
        )


SCIENCE = {"Science/*": "Billing", "Hardware": {"id": "3"}, "*": "HR"}


@pytest.mark.parametrize(
    ("label", "queue"),
    [("Science/Maths", "Billing"), ("Hardware", "IT"), ("Science", "inbox")],
)
def test_labels_are_mapped_in_the_order_of_the_file(
    helpdesk: SqliteTicketSystem, label: str, queue: str
) -> None:
    queues = {one.name: one.id for one in asyncio.run(helpdesk.list_queues())}
    rules = {**SCIENCE, "Hardware": {"id": queues["IT"]}, "*": queue}
    classifier = Says(label)
    done = process(helpdesk, classifier, queue_map=rules, priorities={}, limit=1)
    (ticket,) = done["handled"]
    assert asyncio.run(helpdesk.get(ticket)).queue.name == queue
    assert [labels for _, labels in classifier.asked] == [None]
    (note,) = notes(helpdesk, ticket)
    assert isinstance(note, DecidedNote)
    assert note.decision.queue is not None
    assert note.decision.queue.label == label
    assert f"label {label}, confidence 0.90" in note.body


def test_a_label_without_a_rule_is_undecided_unless_labels_are_queues(
    helpdesk: SqliteTicketSystem,
) -> None:
    given: dict[str, Any] = {"queue_map": {"Cats": "IT"}, "priorities": {}}
    done = process(
        helpdesk, Says("Billing"), limit=1, low_confidence_queue="IT", **given
    )
    (undecided,) = done["undecided"]
    (note,) = notes(helpdesk, undecided["ticket_id"])
    assert note.subject == "Routed to IT"
    assert note.body.splitlines()[0] == (
        "queue: IT, no rule for label Billing, confidence 0.90 (Billing 0.90)"
    )
    done = process(helpdesk, Says("Billing"), labels_are_queues=True, **given)
    assert {one["queue"] for one in done["routed"]} == {"Billing"}


def test_a_classifier_that_knows_the_queues_is_asked_for_its_own_labels(
    helpdesk: SqliteTicketSystem,
) -> None:
    class Trained(Says):
        labels_are_queues = True

    classifier = Trained("IT")
    process(helpdesk, classifier, priorities={}, limit=1)
    assert [labels for _, labels in classifier.asked] == [None]


def test_the_note_says_how_sure_it_was_where_it_was_not(
    helpdesk: SqliteTicketSystem,
) -> None:
    done = process(
        helpdesk,
        Says("IT", 0.7499),
        limit=1,
        priorities={},
        queues={"IT": "", "HR": ""},
    )
    (note,) = notes(helpdesk, done["undecided"][0]["ticket_id"])
    assert note.body == (
        "queue: undecided, confidence 0.7499 is below 0.7500 (IT 0.90)\ndecided by Says"
    )


def test_the_priority_of_an_undecided_ticket_and_lowering(
    helpdesk: SqliteTicketSystem,
) -> None:
    raised = TicketChanges(priority=Named(name="5 very high"))
    asyncio.run(helpdesk.update("1", raised))
    given: dict[str, Any] = {
        "queue_map": {"*": "inbox"},
        "priority_map": {"low": "2 low"},
        "min_priority_confidence": 0.95,
        "low_confidence_priority": "1 very low",
    }
    process(helpdesk, Says("low"), **given)
    assert where(helpdesk) == {
        "1": ("inbox", "5 very high"),
        "2": ("inbox", "1 very low"),
        "3": ("inbox", "1 very low"),
    }
    assert "unchanged, a raised one is not lowered" in notes(helpdesk, "1")[0].body


def test_a_raised_priority_is_lowered_where_that_is_wanted(
    helpdesk: SqliteTicketSystem,
) -> None:
    raised = TicketChanges(priority=Named(name="5 very high"))
    asyncio.run(helpdesk.update("1", raised))
    process(
        helpdesk,
        Says("low"),
        queue_map={"*": "inbox"},
        priority_map={"low": {"id": "2"}},
        may_lower_priority=True,
    )
    assert {priority for _, priority in where(helpdesk).values()} == {"2 low"}


def test_texts_are_made_for_each_ticket(helpdesk: SqliteTicketSystem) -> None:
    def text(ticket: Mapping[str, Any]) -> str:
        return f"{ticket['subject']}|{ticket['queue']['name']}"

    def subject(ticket: Mapping[str, Any], decision: Mapping[str, Any]) -> str:
        return f"{ticket['id']}: {decision['queue']} {decision['queue_confidence']}"

    def body(ticket: Mapping[str, Any], decision: Mapping[str, Any]) -> object:
        return None if ticket["id"] == "2" else [decision]

    classifier = Says("IT")
    done = process(
        helpdesk,
        classifier,
        queues={"IT": "", "HR": ""},
        priorities={},
        text=text,
        note_subject=subject,
        note_body=body,
        tolerate_failures=True,
    )
    assert sorted(done["failed"]) == ["1", "3"]
    (note,) = notes(helpdesk, "2")
    assert (note.subject, note.body) == ("2: IT 0.9", "")
    asked = {text for text, _ in classifier.asked}
    assert all(text.endswith("|inbox") for text in asked)
