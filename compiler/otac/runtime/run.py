"""One run of a flow, as generated modules see it."""

import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from inspect import isfunction
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias, TypeVar, cast

from otac.components import Stop, invoke
from otac.components.escape import Contained
from otac.components.handled import listener
from otac.components.once import step_key
from otac.components.outcome import Skipped
from otac.components.setbacks import tracker
from otac.runtime.again import too_often
from otac.runtime.fault import fault
from otac.runtime.foreach import each, items_of
from otac.runtime.harmless_log import harmless_logs
from otac.runtime.log import run_log
from otac.runtime.observer import tell
from otac.runtime.probe import claim
from otac.runtime.record import Failure, Record, Skip, Success, task_runs
from otac.runtime.scope import Item, Scope
from otac.runtime.session import Session
from otac.runtime.surroundings import StepSurroundings
from otac.runtime.template import Template, render
from otac.runtime.view import View

if TYPE_CHECKING:
    from prefect import Task

T = TypeVar("T")
Condition: TypeAlias = Template | bool | None
Composite: TypeAlias = "Callable[[Run], Awaitable[Any]]"
Body: TypeAlias = "Task[[Run], Any] | Composite"


class Run:
    """A list of steps that is being run, or one of its steps.

    The flow makes the first one. A composite is given one for its own list, a task one
    for its step; from there they see what encloses them.
    """

    def __init__(
        self,
        flow_name: str,
        params: Mapping[str, Any] | None = None,
        config: Mapping[str, Any] | None = None,
    ) -> None:
        # The generated module, beside which the lock lies.
        module = sys._getframe(1).f_code.co_filename
        self._session = Session(flow_name, params or {}, claim(), module)
        self._scope = self._list(Scope(flow_name), config)

    async def __aenter__(self) -> Self:
        harmless_logs()
        if not self._session.is_plain:
            self._session.refused = await too_often()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        session = self._session
        has_ended = error is None or isinstance(error, Exception)
        if has_ended and not session.is_plain:
            await session.setbacks.settle(session.run_id, session.account)
        if session.probe is None:
            await session.services.close(run_log())
        if has_ended and not session.is_plain:
            await session.account.publish()

    def __str__(self) -> str:
        """The ids down to this step, then the items: `each.classify[3]`."""
        return self._scope.label

    def __repr__(self) -> str:
        return f"<Run {self._scope.key}>"

    def __reduce__(self) -> tuple[Any, ...]:
        # Prefect hashes the arguments of a task into the key of its stored result.
        return str, (self._scope.key,)

    @property
    def params(self) -> Mapping[str, Any]:
        """The parameters of the flow."""
        return self._session.params

    def service(self, constructor: Callable[[], T]) -> T:
        """The service: built when first asked for, closed at the end of the run."""
        with Contained():
            return self._session.services.get(constructor)

    async def call(
        self, component: Callable[..., Any], /, **arguments: Any
    ) -> dict[str, Any]:
        """The component's result, after rendering the templates in its arguments."""
        setbacks = self._session.setbacks
        rendered = self._render(self._scope, arguments)
        setbacks.begins(self._scope, rendered.get("ticket_id"))
        tracking = tracker.set(setbacks)
        here = step_key.set(partial(self._session.step_key, self._scope))
        token = listener.set(self._session.account.at(self._scope))
        try:
            if (break_here := fault.get()) is not None:
                break_here(self._scope.ids, self._scope.indices)
            return await invoke(
                component, rendered, StepSurroundings(self._session, self._scope)
            )
        except Exception as error:
            setbacks.fails(self._scope, error)
            raise
        finally:
            tracker.reset(tracking)
            listener.reset(token)
            step_key.reset(here)

    async def step(
        self,
        id: str,
        body: Body,
        *,
        when: Condition = None,
        depends_on: Sequence[str] = (),
        for_each: Template | Iterable[Any] | None = None,
        max_concurrency: int = 1,
        on_error: Literal["stop", "continue", "fail_at_end"] = "stop",
        after_failure: bool = False,
        probe: bool = False,
        config: Mapping[str, Any] | None = None,
    ) -> None:
        """Runs a Prefect task or a composite (an async function), or skips it.

        A step that fails raises nothing: what follows from it is up to the steps after
        it, and to `outcome`: with `stop` the rest of the list is skipped, with
        `fail_at_end` it runs and the list has failed, with `continue` nothing follows.
        `after_failure` lets the step run although an earlier one ended the list.

        With `for_each`, a condition that mentions `item` or `index` is asked for each
        item, any other once and before the list is looked at.

        A tick of a window begins with its `probe` steps, as plain calls. If none of them
        stops it, the flow begins again as a run, in which their results stand already.
        """
        scope, begun = self._scope.step(id), monotonic()
        record: Record
        if (obstacle := self._obstacle(scope, depends_on, after_failure)) is not None:
            record = self._skip(scope, obstacle)
        elif for_each is None:
            attempt = partial(self._attempt, scope, body, config)
            record = await self._record(scope, when, attempt, probe)
        else:
            by_item = isinstance(when, Template) and when.mentions("item", "index")

            async def one(item: Item) -> Record:
                inner, begun = self._scope.step(id, item), monotonic()
                # What the list of items was made of.
                inner.uses |= scope.uses
                attempt = partial(self._attempt, inner, body, config)
                condition = when if by_item else None
                record = await self._record(inner, condition, attempt, probe)
                self._tell(inner, record, begun)
                return record

            tolerant = on_error == "continue"
            repeat = partial(
                self._repeat, scope, for_each, max_concurrency, one, tolerant
            )
            record = await self._record(scope, None if by_item else when, repeat, probe)
        if isinstance(record, Failure) and on_error != "continue":
            self._scope.failure = self._scope.failure or record.reason
            self._scope.is_over = self._scope.is_over or on_error == "stop"
        self._scope.records[id] = record
        self._tell(scope, record, begun)

    def outcome(self) -> Any:
        """What the flow returns: its results by step, or a final state of Prefect's."""
        stop = self._session.stopped
        failure = self._session.refused or self._scope.failure
        if (stop is None and failure is None) or self._session.is_plain:
            return self._results()
        from otac.runtime.outcome import failed, stopped

        if stop is not None:
            return stopped(self._session.secrets.scrub(str(stop)), self._results())
        return failed(str(failure))

    def _obstacle(
        self, scope: Scope, depends_on: Sequence[str], after_failure: bool
    ) -> str | None:
        """Why a step is not even asked for its condition."""
        if self._session.refused is not None:
            return self._session.refused
        if self._session.stopped is not None:
            return "the run was stopped"
        if self._scope.is_over and not after_failure:
            return "an earlier step failed"
        for other in depends_on:
            if not scope.has_succeeded(other):
                return f"it depends on step `{other}`, which has not succeeded"
        return None

    async def _record(
        self,
        scope: Scope,
        when: Condition,
        action: Callable[[], Awaitable[Record]],
        probe: bool,
    ) -> Record:
        """Does a step, or one item, if its condition holds."""
        try:
            if when is None or self._render(scope, when):
                if self._session.probe is not None:
                    self._session.probe.admit(probe)
                return await action()
        except Stop as stop:
            self._stop(scope, stop)
            return Skip("it stopped the run", stopped=True, condition=True)
        except Skipped as skipped:
            reason = self._session.secrets.scrub(str(skipped))
            return self._skip(scope, reason, condition=True)
        except Exception as error:  # noqa: BLE001
            reason = self._session.secrets.describe(error)
            place = self._session.origin(scope)
            self._session.setbacks.blame(scope)
            return self._fail(f"step `{scope.label}` failed: {reason}{place}")
        return self._skip(scope, "its condition is false", condition=False)

    async def _attempt(
        self, scope: Scope, body: Body, config: Mapping[str, Any] | None
    ) -> Record:
        if not isfunction(body):
            return await self._run_task(scope, cast("Task[[Run], Any]", body))
        inner = self._at(self._list(scope, config))
        result = await cast(Composite, body)(inner)
        if self._session.stopped is not None:
            raise self._session.stopped
        if inner._scope.failure is not None:
            return Failure(inner._scope.failure, inner._scope.records)
        done = inner._results() if result is None else _mapping(result)
        return Success(done, inner._scope.records)

    async def _run_task(self, scope: Scope, body: "Task[[Run], Any]") -> Record:
        probe = self._session.probe
        if probe is not None and probe.is_plain:
            # What a plain function came to could not be handed over to its task.
            probe.admit(body.isasync)
            return Success(_mapping(await probe.call(scope.key, body, self._at(scope))))
        # Where there is a task, Prefect has been imported.
        from otac.runtime.steptask import StepTask

        secrets = self._session.secrets
        first = None if probe is None else probe.take(scope.key)
        place = partial(self._session.origin, scope)
        task = StepTask(
            body, self._at(scope), scope.label, secrets, first, place, scope.used_runs
        )
        try:
            result = _mapping(await task.run())
            return Success(result, attempts=task.attempts, task_runs=task.task_runs)
        except (Stop, Skipped):
            raise
        except Exception as error:  # noqa: BLE001
            # Prefect has logged it.
            self._session.setbacks.blame(scope)
            reason = f"step `{scope.label}` {task.explain(error)}"
            return Failure(reason, attempts=task.attempts, task_runs=task.task_runs)

    async def _repeat(
        self,
        scope: Scope,
        for_each: Template | Iterable[Any],
        limit: int,
        one: Callable[[Item], Awaitable[Record]],
        tolerant: bool,
    ) -> Record:
        items = items_of(self._render(scope, for_each))
        records: dict[int, Record] = {}

        async def work(index: int) -> bool:
            records[index] = await one(Item(items[index], index))
            return self._session.stopped is None

        await each(len(items), limit, work)
        if self._session.stopped is not None:
            raise self._session.stopped
        done = [records[index] for index in range(len(items))]
        runs = tuple(run for record in done for run in task_runs(record))
        failures = [record for record in done if isinstance(record, Failure)]
        if failures:
            count = f"{len(failures)} of {len(items)} items"
            reason = f"step `{scope.label}` failed for {count}: {failures[0].reason}"
            if not tolerant:
                return replace(self._fail(reason), task_runs=runs)
            run_log().warning("%s", reason)
        results = [r.result if isinstance(r, Success) else None for r in done]
        return Success(results, task_runs=runs)

    def _stop(self, scope: Scope, stop: Stop) -> None:
        if self._session.stopped is not None:
            return
        self._session.stopped = stop
        if self._session.is_plain and self._session.probe is not None:
            self._session.probe.stopped = stop
        else:
            run_log().info("step `%s` stopped the run", scope.label)

    def _tell(self, scope: Scope, record: Record, begun: float) -> None:
        if not self._session.is_plain:
            tell(scope, record, begun)

    def _fail(self, reason: str) -> Failure:
        if self._session.probe is not None and self._session.is_plain:
            self._session.probe.give_up()
        run_log().error("%s", reason)
        return Failure(reason)

    def _skip(
        self, scope: Scope, reason: str, *, condition: bool | None = None
    ) -> Skip:
        if not self._session.is_plain:
            run_log().info("step `%s` skipped: %s", scope.label, reason)
        return Skip(reason, condition=condition)

    def _results(self) -> dict[str, Any]:
        records = self._scope.records.items()
        return {key: r.result for key, r in records if isinstance(r, Success)}

    def _render(self, scope: Scope, value: Any) -> Any:
        return render(value, self._session.names(scope))

    def _at(self, scope: Scope) -> "Run":
        run = object.__new__(Run)
        run._session = self._session
        run._scope = scope
        return run

    def _list(self, owner: Scope, config: Mapping[str, Any] | None) -> Scope:
        """The list of a composite; its `config` sees what the composite itself sees."""

        def compute(value: Any, reader: Scope | None) -> Any:
            return render(value, self._session.names(owner, reader))

        return owner.list(View(config or {}, compute))


def _mapping(result: Any) -> Any:
    """What `call` returns already, and code written by hand may not."""
    return result if isinstance(result, Mapping) else {"value": result}
