"""What a runner decides, and what it would decide if its classifier were surer."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from trying import prepared

from otac.components.ticket_system import Queue
from otac.trial.asking import Asking
from otac.trial.decision import Decisions, Made
from otac.trial.decisions import Decider
from otac.trial.evaluation_process import Listening
from otac.trial.presented import TicketText
from otac.trial.trial import Trials

_HEAD = """
    services:
      desk: {use: SqliteTicketSystem, params: {path: helpdesk.db}}
      model: {use: "acme:Says"}
    orchestrator:
      runners:
        - pipe_id: router
          pipe:
    """
_PROCESS = (
    _HEAD
    + """
            use: ProcessTickets
            injects: {classification_service: model}
            queue: Incoming
            queues: {Billing: "", Hardware: ""}
    """
)
_STEPS = (
    _HEAD
    + """
            steps:
              - id: fetch
                use: FetchTickets
                params: {ticket_search_criteria: {queue: {name: Incoming}, limit: 10}}
              - id: each
                for_each: "{{ get_pipe_result('fetch', 'fetched_tickets') }}"
                steps:
                  - id: classify
                    use: Classify
                    injects: {classification_service: model}
                    params: {text: "{{ item.body }}"}
                  - id: move
                    use: UpdateTicket
                    params:
                      ticket_id: "{{ item.id }}"
                      updated_ticket:
                        queue:
                          name: "{{ {'invoices': 'Billing'}[get_pipe_result('classify', 'label')]
                            if get_pipe_result('classify', 'confidence') > 0.8 else 'Manual' }}"
    """
)


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks a server is refused."""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv("PREFECT_SERVER_ALLOW_EPHEMERAL_MODE", "false")


def decide(
    folder: Path, config: str, *bodies: str, many: bool = False, **parameters: Any
) -> Decisions:
    shutil.copy(Path(__file__).with_name("acme.py"), folder)
    plan, generated = prepared(folder, config)
    asking = Asking()

    async def queues(build: object) -> list[Queue]:
        return [Queue(id="5", name="Billing"), Queue(id="6", name="Hardware")]

    trials = Trials(plan, generated, folder.resolve(), Listening(asking))
    decider = Decider(trials, asking, "router", queues, parameters, many=many)
    texts = [TicketText(f"Ticket {n}", body) for n, body in enumerate(bodies)]
    return asyncio.run(decider.decide(texts, lambda _: None))


def test_a_threshold_tells_decided_from_undecided(tmp_path: Path) -> None:
    config = _PROCESS + "        priorities: {}\n            min_confidence: 0.6\n"
    made = decide(tmp_path, config, "queue=Billing:0.7", "queue=Hardware:0.5", "hm")
    assert [one.queue for one in made.tickets] == [
        Made("Billing", "Billing", "Billing", 0.7),
        Made(None, "Hardware", "Hardware", 0.5),
        Made(None, None, None, 0.0),
    ]
    assert made.asked
    assert made.offered["queue"] == {"Billing", "Hardware"}
    assert not list(tmp_path.glob("*.db"))


def test_an_unknown_confidence_is_one_that_would_do_if_it_were_high(
    tmp_path: Path,
) -> None:
    config = _PROCESS + "        priorities: {}\n"
    made = decide(tmp_path, config, "queue=Billing")
    assert made.tickets[0].queue == Made(None, "Billing", "Billing", None)


def test_the_queue_for_the_undecided_is_no_decision(tmp_path: Path) -> None:
    config = (
        _PROCESS + "        priorities: {}\n            low_confidence_queue: Manual\n"
    )
    made = decide(tmp_path, config, "queue=Billing:0.9", "queue=Billing:0.1", "hm")
    assert [one.queue.decided for one in made.tickets] == ["Billing", None, None]


def test_a_threshold_of_nothing_decides_everything(tmp_path: Path) -> None:
    config = _PROCESS + "        min_confidence: 0\n"
    made = decide(tmp_path, config, "queue=Billing:0.1 priority=high:0.2")
    [ticket] = made.tickets
    assert ticket.queue == Made("Billing", "Billing", "Billing", 0.1)
    assert ticket.priority == Made("4 high", "4 high", "4 high", 0.2)


def test_each_of_two_questions_has_its_own_confidence(tmp_path: Path) -> None:
    made = decide(
        tmp_path,
        _PROCESS,
        *["queue=Billing:0.9 priority=high:0.3", "queue=Hardware:0.2 priority=low:0.8"]
        * 3,
    )
    first, second = made.tickets[:2]
    assert first.queue == Made("Billing", "Billing", "Billing", 0.9)
    assert first.priority == Made(None, "4 high", "4 high", 0.3)
    assert second.queue == Made(None, "Hardware", "Hardware", 0.2)
    assert second.priority == Made("2 low", "2 low", "2 low", 0.8)


def test_a_rehearsed_runner_is_taken_at_its_word(tmp_path: Path) -> None:
    config = _PROCESS + "        dry_run: true\n"
    made = decide(tmp_path, config, "queue=Billing:0.9", "queue=Billing:0.1")
    assert [one.queue.decided for one in made.tickets] == ["Billing", None]


@pytest.mark.parametrize("many", [True, False])
def test_expressions_map_labels_and_set_thresholds(tmp_path: Path, many: bool) -> None:
    made = decide(
        tmp_path,
        _STEPS,
        "queue=invoices:0.9",
        "queue=invoices:0.75",
        "queue=invoices:0.85",
        many=many,
    )
    assert [one.queue for one in made.tickets] == [
        Made("Billing", "Billing", "invoices", 0.9),
        Made(None, "Billing", "invoices", 0.75),
        Made("Billing", "Billing", "invoices", 0.85),
    ]


def test_one_ticket_that_fails_does_not_decide_about_the_others(tmp_path: Path) -> None:
    made = decide(
        tmp_path,
        _STEPS,
        "queue=invoices:0.9",
        "queue=invoices:0.9",
        "queue=unheard:0.9",
        many=True,
    )
    assert [one.queue.decided for one in made.tickets] == ["Billing", "Billing", None]
    assert [one.failure is None for one in made.tickets] == [True, True, False]
    assert "not in the mapping" in (made.tickets[2].failure or "")


def test_the_queues_of_the_helpdesk_are_the_labels(tmp_path: Path) -> None:
    named = '            queues: {Billing: "", Hardware: ""}\n'
    config = _PROCESS.replace(named, "")
    made = decide(tmp_path, config, "queue=Billing:0.9")
    assert made.tickets[0].queue.decided == "Billing"
    assert made.offered["queue"] == {"Billing", "Hardware"}


def test_a_queue_by_its_id_is_called_by_its_name_where_that_is_known(
    tmp_path: Path,
) -> None:
    config = (
        _STEPS.replace("name: \"{{ {'inv", "id: \"{{ {'inv")
        .replace("'invoices': 'Billing'", "'invoices': '5'")
        .replace("else 'Manual'", "else '9'")
    )
    made = decide(tmp_path, config, "queue=invoices:0.9")
    assert made.tickets[0].queue.decided == "5"


def test_a_runner_that_asks_nobody(tmp_path: Path) -> None:
    config = _HEAD + "        use: CheckEscalations\n"
    made = decide(tmp_path, config, "queue=Billing:0.9")
    assert not made.asked
    assert made.tickets[0].queue == Made()


@pytest.mark.parametrize("rehearsed", [False, True])
def test_maps_of_labels_count(tmp_path: Path, rehearsed: bool) -> None:
    config = _PROCESS.replace(
        '            queues: {Billing: "", Hardware: ""}\n',
        '            queue_map: {"Money/*": Billing, Printers: {id: 7}, "*": Others}\n'
        "            low_confidence_queue: Manual\n"
        "            min_confidence: 0.6\n"
        f"            dry_run: {str(rehearsed).lower()}\n",
    )
    made = decide(
        tmp_path,
        config,
        "queue=Money/Invoices:0.9",
        "queue=Printers:0.8",
        "queue=Tea:0.7",
        "queue=Printers:0.1",
    )
    assert [one.queue for one in made.tickets] == [
        Made("Billing", "Billing", "Money/Invoices", 0.9),
        Made("7", "7", "Printers", 0.8),
        Made("Others", "Others", "Tea", 0.7),
        Made(None, "7", "Printers", 0.1),
    ]
