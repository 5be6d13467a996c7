"""Runs a runner once, in this process. Importing this imports Prefect.

The flow is the generated one: its attempts, conditions, loops and final states are those
that it has on Prefect. Nothing waits before a retry, nobody is notified, and what the run
reads and writes is what it is given.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, chdir, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from prefect import Flow
from prefect.client.schemas.objects import State
from prefect.exceptions import ParameterTypeError, SignatureMismatchError
from prefect.states import exception_to_failed_state

from otac.components.clock import clock
from otac.local.generated_package import importing_from
from otac.runtime.alone import run_alone
from otac.runtime.fault import fault
from otac.runtime.observer import StepEnd, observer
from otac.runtime.services import lender
from otac.trial.outcome import EndedStep, Outcome
from otac.trial.plan import TrialPlan
from otac.trial.stand_ins import Desk, Lender, ServiceWatch, Standing, failing

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StepFault:
    """The first `attempts` of a step, and of each of its items, raise `error`."""

    ids: tuple[str, ...]
    attempts: int
    error: Exception


@dataclass(frozen=True, slots=True)
class ServiceFault:
    """The first `calls` of a service's methods raise `error`.

    The service is named by its id. Ticket systems that are not among the stand-ins are all
    the same one, the trial's helpdesk: where one fails, all do.
    """

    service: str
    calls: int
    error: Exception


@dataclass(frozen=True, slots=True)
class Given:
    """What a trial is given.

    `tickets` stands for every ticket system, `services` has others by their ids. `now` is
    the time throughout; None for the machine's. `env` are all variables that the run sees;
    None for those of this process. `waits` says that there is a pause before a retry. `real`
    are the ids of services for which nothing stands.
    """

    tickets: Desk
    services: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    now: datetime | None = None
    env: Mapping[str, str] | None = None
    faults: Sequence[StepFault | ServiceFault] = ()
    waits: bool = False
    real: frozenset[str] = frozenset()


# Runs a flow with parameters, with or without pauses; its final state, and its result.
Engine: TypeAlias = Callable[
    [Flow[..., Any], Mapping[str, Any], bool], Awaitable[tuple[State[Any], Any]]
]


async def alone(
    flow: Flow[..., Any], parameters: Mapping[str, Any], waits: bool
) -> tuple[State[Any], Any]:
    """Without Prefect's engine."""
    pause = asyncio.sleep if waits else _no_pause
    try:
        state = await run_alone(flow, parameters, pause=pause, hooks=False)
    except (ParameterTypeError, SignatureMismatchError) as refused:
        # As Prefect ends such a run, and in its words.
        said = "Validation of flow parameters failed with error:"
        state = await exception_to_failed_state(refused, message=said)
    return state, None if state.is_failed() else state.data


class Trials:
    """The flows of one project, ready to be tried as often as needed.

    `generated` is the folder that holds the package of that name, `user` the absolute one
    of the configuration. Services that are not replaced are kept from trial to trial.
    Another `engine` than the usual one shows whether the two agree.
    """

    def __init__(
        self,
        plan: TrialPlan,
        generated: Path,
        user: Path,
        watch: ServiceWatch | None = None,
        engine: Engine = alone,
    ) -> None:
        self._plan = plan
        self._generated = generated
        self._user = user
        self._flows: dict[str, Flow[..., Any]] = {}
        # A service may have been built with variables of the environment.
        self._kept: dict[frozenset[tuple[str, str]] | None, dict[str, Any]] = {}
        self._watch = watch or ServiceWatch()
        self._engine = engine

    async def run(self, runner: str, given: Given) -> Outcome:
        """One run of the runner. Raises what importing its module raises."""
        steps: list[EndedStep] = []

        def look(end: StepEnd) -> None:
            steps.append(EndedStep.of(end))

        env = None if given.env is None else frozenset(given.env.items())
        kept = self._kept.setdefault(env, {})
        with ExitStack() as stack:
            enter = stack.enter_context
            broken = {
                one.service: partial(failing, attempts=one.calls, error=one.error)
                for one in given.faults
                if isinstance(one, ServiceFault)
            }
            lend = Lender(
                self._plan.services,
                Standing(given.tickets, given.services, given.real),
                kept,
                self._watch,
                lambda name, service: (
                    enter(broken.pop(name)(service)) if name in broken else None
                ),
            )
            enter(chdir(self._user))
            enter(_environment(given.env))
            flow = self._flow(runner)
            enter(_set(observer, look))
            enter(_set(lender, lend))
            if (now := given.now) is not None:
                enter(_set(clock, lambda: now))
            steps_fail = [one for one in given.faults if isinstance(one, StepFault)]
            if steps_fail:
                enter(_set(fault, _StepFaults(steps_fail)))
            try:
                state, result = await self._engine(flow, given.parameters, given.waits)
            finally:
                await lend.aclose()
        return Outcome(
            state.name or "",
            state.message or "",
            result,
            tuple(steps),
            {ticket.id: ticket for ticket in await given.tickets.tickets()},
            tuple(given.tickets.changes),
        )

    def _flow(self, runner: str) -> Flow[..., Any]:
        if runner not in self._flows:
            entry = self._plan.flows[runner]
            with importing_from(str(self._generated), str(self._user)):
                module = import_module(entry.module)
            self._flows[runner] = getattr(module, entry.function)
        return self._flows[runner]


class _StepFaults:
    """Counts the attempts of steps and items, and breaks the first ones."""

    def __init__(self, faults: Sequence[StepFault]) -> None:
        self._faults = {one.ids: one for one in faults}
        self._attempts: dict[tuple[tuple[str, ...], tuple[int, ...]], int] = {}

    def __call__(self, ids: tuple[str, ...], indices: tuple[int, ...]) -> None:
        broken = self._faults.get(ids)
        if broken is None:
            return
        attempt = self._attempts[ids, indices] = (
            self._attempts.get((ids, indices), 0) + 1
        )
        if attempt <= broken.attempts:
            raise broken.error


async def _no_pause(seconds: float) -> None:
    """Nobody waits in a trial."""


@contextmanager
def _set(variable: ContextVar[T], value: T) -> Iterator[None]:
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)


@contextmanager
def _environment(env: Mapping[str, str] | None) -> Iterator[None]:
    if env is None:
        yield
        return
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(env)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
