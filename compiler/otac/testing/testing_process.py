"""Runs tests; a process of its own. Importing this imports Prefect.

The only argument is a file that names the folders, the plan and the tests. Standard output
carries the answers, a line when a test begins and one when it has ended.
"""

import asyncio
import json
import logging
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import IO, Any

from pydantic_core import to_json

from otac.agreed import claim_output
from otac.components.clock import clock
from otac.components.outcome import Fail
from otac.components.sqlite.seed import Seed, read_seed, seed_of
from otac.components.ticket_system import Named, Ticket
from otac.testing.stand_ins import Answering, Network, stand_in
from otac.trial.helpdesk import Helpdesk
from otac.trial.outcome import Outcome
from otac.trial.plan import TrialPlan
from otac.trial.trial import Given, ServiceFault, StepFault, Trials


def main() -> None:
    """Run all the tests."""
    answers = claim_output()
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if not task["verbose"]:
        logging.disable(logging.CRITICAL)
        warnings.simplefilter("ignore")
    asyncio.run(_run(task, answers))


async def _run(task: Mapping[str, Any], answers: IO[bytes]) -> None:
    trials = Trials(
        TrialPlan.of(task["plan"]), Path(task["generated"]), Path(task["user"])
    )
    network = Network()
    for number, test in task["tests"]:
        _answer(answers, {"begins": number})
        network.refused.clear()
        network.open = bool(test["real"])
        begun = perf_counter()
        try:
            answer = await _test(trials, test)
        except _Unusable as unusable:
            answer = {"problems": unusable.problems}
        except Exception as error:
            # A module of the user's that cannot be imported.
            if task["verbose"]:
                logging.getLogger("otac").exception("the test could not be run")
            answer = {"problems": [f"{type(error).__name__}: {error}"]}
        network.open = True
        seconds = perf_counter() - begun
        _answer(
            answers,
            {
                "test": number,
                "seconds": seconds,
                "refused": list(dict.fromkeys(network.refused)),
                **answer,
            },
        )


class _Unusable(Exception):
    """The test's helpdesk cannot be made."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__()
        self.problems = problems


async def _test(trials: Trials, test: Mapping[str, Any]) -> dict[str, Any]:
    now = None if test["now"] is None else _instant(test["now"])
    token = clock.set((lambda: now) if now is not None else clock.get())
    try:
        desk = Helpdesk(_seed(test["seed"]))
    except Fail as problem:
        raise _Unusable([str(problem)]) from None
    services = {name: stand_in(data) for name, data in test["services"].items()}
    try:
        before = {ticket.id: ticket for ticket in await desk.tickets()}
        outcome = await trials.run(
            test["runner"],
            Given(
                desk,
                services,
                test["parameters"],
                now,
                test["env"],
                tuple(_faults(test["failures"])),
                real=frozenset(test["real"]),
            ),
        )
        passed_over = {
            name: sorted(service.passed_over)
            for name, service in services.items()
            if isinstance(service, Answering) and service.passed_over
        }
        return {**_told(outcome, before, test), "passed_over": passed_over}
    finally:
        desk.close()
        clock.reset(token)


def _seed(data: Mapping[str, Any]) -> Seed:
    queues = dict(data["queues"])
    if more := data["more_queues"]:
        for path in more["seeds"]:
            queues |= _queues_of(path)
        queues |= more["names"]
    for ticket in data["tickets"]:
        queues.setdefault(ticket.get("queue"), "")
    whole = {"queues": queues, "tickets": data["tickets"]}
    if data["priorities"]:
        whole["priorities"] = data["priorities"]
    seed, problems = seed_of(whole)
    if problems:
        raise _Unusable(problems)
    return seed


@cache
def _queues_of(path: str) -> Mapping[str, str]:
    try:
        return read_seed(Path(path)).queues
    except Fail as problem:
        raise _Unusable([str(problem)]) from None


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _faults(written: Sequence[Mapping[str, Any]]) -> Iterator[StepFault | ServiceFault]:
    for one in written:
        error = RuntimeError(one["error"])
        if "service" in one:
            yield ServiceFault(one["service"], _count(one.get("calls", 1)), error)
        else:
            lasting = Fail(one["error"]) if one.get("lasting") else error
            yield StepFault(tuple(one["step"]), _count(one.get("attempts", 1)), lasting)


def _count(written: int | str) -> int:
    return written if isinstance(written, int) else sys.maxsize


def _told(
    outcome: Outcome, before: Mapping[str, Ticket], test: Mapping[str, Any]
) -> dict[str, Any]:
    wanted = {tuple(path) for path in test["wanted_results"]}
    changed = {
        number: _differences(before.get(number), ticket)
        for number, ticket in outcome.tickets.items()
        if before.get(number) != ticket
    }
    shown = {*test["wanted_tickets"], *changed}
    return {
        "state": outcome.state,
        "message": outcome.message,
        "steps": [
            {
                **step.told(),
                "condition": step.condition,
                **({"result": step.result} if step.ids in wanted else {}),
            }
            for step in outcome.steps
        ],
        "changed": changed,
        "tickets": {
            number: _ticket(ticket)
            for number, ticket in outcome.tickets.items()
            if number in shown
        },
    }


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "queue": _name(ticket.queue),
        "priority": _name(ticket.priority),
        "state": _name(ticket.state),
        "subject": ticket.subject,
        "customer": ticket.customer,
        "notes": [
            {"subject": one.subject, "body": one.body, "internal": one.internal}
            for one in ticket.notes
        ],
    }


def _differences(before: Ticket | None, after: Ticket) -> dict[str, Any]:
    """What a ticket has that it did not have."""
    new = _ticket(after)
    if before is None:
        return new
    old = _ticket(before)
    changes = {key: new[key] for key in new if key != "notes" and old[key] != new[key]}
    notes = [one for one in new["notes"] if one not in old["notes"]]
    return changes | ({"notes": notes} if notes else {})


def _name(named: Named) -> str | None:
    return named.name if named.name is not None else named.id


def _answer(answers: IO[bytes], answer: object) -> None:
    answers.write(to_json(answer, fallback=str, inf_nan_mode="null") + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
