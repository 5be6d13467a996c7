"""Asks a runner about tickets; a process of its own. Importing this imports Prefect.

The only argument is a file that names the folders, the plan and the tickets. Standard
output carries the answers; what anybody else writes there goes to standard error.
"""

import asyncio
import json
import logging
import sys
import warnings
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from otac.agreed import claim_output
from otac.components.ticket_system import Queue, TicketSystem
from otac.trial.asking import Asking
from otac.trial.decision import Decisions
from otac.trial.decisions import Decider
from otac.trial.helpdesk import Helpdesk
from otac.trial.plan import ServiceEntry, TrialPlan
from otac.trial.presented import TicketText
from otac.trial.stand_ins import ServiceWatch
from otac.trial.trial import Trials


def main() -> None:
    """Decide on all the tickets."""
    answers = claim_output()
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if not task["verbose"]:
        logging.disable(logging.CRITICAL)
        warnings.simplefilter("ignore")
    try:
        decisions = asyncio.run(_decide(task, answers))
    except Exception as error:
        # A module of the user's that cannot be imported, or a service of theirs.
        if task["verbose"]:
            logging.disable(logging.NOTSET)
            logging.getLogger("otac").exception("the runner could not be asked")
        _answer(answers, {"refused": f"{type(error).__name__}: {error}"})
        return
    _answer(
        answers,
        {
            "decisions": [asdict(one) for one in decisions.tickets],
            "offered": {key: sorted(some) for key, some in decisions.offered.items()},
            "asked": decisions.asked,
        },
    )


async def _decide(task: dict[str, Any], answers: IO[bytes]) -> Decisions:
    asking = Asking()
    queues = _Queues()
    plan = TrialPlan.of(task["plan"])
    generated, user = Path(task["generated"]), Path(task["user"])
    trials = Trials(plan, generated, user, Listening(asking))
    decider = Decider(
        trials,
        asking,
        task["runner"],
        queues.listed,
        task["parameters"],
        many=task["many"],
    )
    texts = [TicketText(_whole(one), _whole(two)) for one, two in task["tickets"]]
    return await decider.decide(texts, lambda done: _answer(answers, {"done": done}))


def _whole(text: str) -> str:
    """The text with `?` for half a character, which no store could hold."""
    return text.encode("utf-8", "replace").decode()


class _Queues:
    """The queues of the real helpdesk, asked for when a runner wants to know them."""

    def __init__(self) -> None:
        self._known: list[Queue] | None = None

    async def listed(self, build: Callable[[], Any]) -> list[Queue]:
        """Every queue; the same each time."""
        if self._known is None:
            real: TicketSystem = Helpdesk.in_place_of(build())
            self._known = await real.list_queues()
        return self._known


class Listening(ServiceWatch):
    """Listens to classifiers."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def built(self, entry: ServiceEntry, service: Any) -> None:
        self._asking.listen(entry, service)


def _answer(answers: IO[bytes], answer: object) -> None:
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
