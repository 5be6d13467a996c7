"""A production fleet does 200 runs, whatever is lost or restarted meanwhile."""

import time
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from story import RUNS, TICKETS, Story, moment, over, tell
from tickets import Ticket, Tickets
from topology import Fleet

from background import until

pytestmark = pytest.mark.fleet

Measured = Callable[[str], None]
LIMITS = {"one_by_one": 1, "drain": 6, "chain": 6}
# How runs end that were not lost.
ENDS = "Completed", "Stopped"
GONE = "There was no sign of life for 90 seconds: its process or its machine is gone."
UNSTARTED = "It did not start within 900 seconds: the worker that took it is gone."


@pytest.fixture(scope="module")
def story(fleet: Fleet, tickets: Tickets, measured: Measured) -> Story:
    story = tell(fleet, tickets)
    count = len(story.runs) / story.minutes
    measured(f"{len(story.runs)} runs in {story.minutes:.1f} min, {count:.0f} a minute")
    measured(f"states: {dict(story.states)}")
    for run in story.runs:
        name, state = story.runners[run["id"]], run["state"]
        if (crash := story.crashes.get(run["id"])) is not None:
            measured(
                f"{name} lost when {story.lost[run['id']]}: {crash['name']} after"
                f" {moment(crash['timestamp']) - story.lost_at:.0f} s"
                f" ({crash['message']}), {state['name']} after"
                f" {moment(state['timestamp']) - story.lost_at:.0f} s"
            )
        elif state["name"] not in ENDS:
            seconds = moment(state["timestamp"]) - story.away[0]
            measured(
                f"{name} {state['name']} {seconds:.0f} s after the server went:"
                f" {state['message']}"
            )
    for name, peak in fleet.peak_memory().items():
        measured(f"{name}: at most {peak} MiB")
    return story


def test_every_run_reaches_a_final_state(story: Story) -> None:
    assert len(story.runs) == sum(RUNS.values()) == 200
    assert [(run["name"], run["state_name"]) for run in story.unfinished] == []
    assert set(story.states) <= {*ENDS, "Crashed"}


def test_lost_runs_are_crashed_and_say_why(story: Story) -> None:
    """Those that had begun, and those that a worker had taken and not begun."""
    assert "Running" in story.lost.values()
    assert {"Pending", "Submitting"} & set(story.lost.values())
    for run, left in story.lost.items():
        crash = story.crashes[run]
        message = GONE if left == "Running" else UNSTARTED
        assert (crash["type"], crash["message"]) == ("CRASHED", message)


def test_with_flow_retries_nothing_is_lost(story: Story) -> None:
    """Be it the worker or the server that was away."""
    for run in story.runs:
        if story.runners[run["id"]] == "chain":
            assert run["state_name"] in ENDS, run["state"]


def test_redis_is_restarted_meanwhile(
    story: Story, fleet: Fleet, tickets: Tickets, measured: Measured
) -> None:
    redis = fleet.redis
    _restart(fleet, tickets, measured, "Redis", redis.crash, redis.start)


def test_postgresql_is_restarted_meanwhile(
    story: Story, fleet: Fleet, tickets: Tickets, measured: Measured
) -> None:
    postgres = fleet.postgres
    _restart(fleet, tickets, measured, "PostgreSQL", postgres.crash, postgres.start)


def test_limits_are_free_again(story: Story, fleet: Fleet, tickets: Tickets) -> None:
    """What a lost run had claimed is left to others after five minutes."""
    for queue in ("Difficult", "Incoming"):
        purpose = f"process:{queue}"
        until(
            "the end of claims", lambda p=purpose: tickets.in_hand(p) == 0 or None, 330
        )
    for name in RUNS:
        run = fleet.ended(fleet.run_now(name))
        assert run["state_name"] in ENDS, run["state"]
        limit = fleet.deployment(name)["global_concurrency_limit"]
        assert (limit["limit"], limit["active_slots"]) == (LIMITS[name], 0)


def test_each_ticket_is_handled_once(story: Story, tickets: Tickets) -> None:
    """In the queue it belongs to, with one note, although some were begun twice."""
    begun = 0
    for queue in ("Difficult", "Incoming"):
        found = tickets.of(queue)
        assert len(found) == TICKETS[queue]
        _check_drained(found, queue)
        begun += sum(attempts for one in found for _, _, attempts in one.claims)
    assert begun > TICKETS["Difficult"] + TICKETS["Incoming"]
    found = tickets.of("Chain")
    assert len(found) == TICKETS["Chain"]
    _check_chained(found)


def _check_drained(tickets: Sequence[Ticket], queue: str) -> None:
    """The claims prove it: each is finished, and none is without its note and key."""
    for ticket in tickets:
        assert ticket.queue == ticket.belongs_to, ticket
        assert ticket.keys == [f"process:{queue}"], ticket
        assert len(ticket.notes) == 1, ticket
        assert [claim[:2] for claim in ticket.claims] == [(f"process:{queue}", 1)], (
            ticket
        )


def _check_chained(tickets: Sequence[Ticket]) -> None:
    for ticket in tickets:
        assert ticket.queue == ticket.belongs_to, ticket
        assert ticket.keys == ["note:routed"], ticket
        assert ticket.notes == [ticket.belongs_to], ticket


def _restart(
    fleet: Fleet,
    tickets: Tickets,
    measured: Measured,
    name: str,
    crash: Callable[[], None],
    start: Callable[[], None],
) -> None:
    """Twenty runs, and a store of Prefect's server that goes away for a few seconds."""
    drained, chained = f"Drained, {name}", f"Chained, {name}"
    tickets.add(drained, 20)
    tickets.add(chained, 20)
    ids = []
    for _ in range(10):
        ids.append(fleet.run_now("drain", queue=drained))
        ids.append(fleet.run_now("chain", queue=chained))
    until("the first runs", lambda: over(fleet, ids) >= 4 or None)
    crash()
    away = time.time()
    time.sleep(5)
    start()
    runs = [fleet.ended(run) for run in ids]
    states = Counter(run["state_name"] for run in runs)
    measured(f"{name} away for 5 s: {dict(states)} {time.time() - away:.0f} s later")
    assert set(states) <= set(ENDS), [
        run["state"] for run in runs if run["state_name"] not in ENDS
    ]
    _check_drained(tickets.of(drained), drained)
    _check_chained(tickets.of(chained))
