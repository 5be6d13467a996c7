"""A Prefect task, made ready for one step. Importing this imports Prefect."""

import asyncio
from collections.abc import Callable, Mapping
from copy import copy
from functools import wraps
from itertools import islice
from typing import Any
from uuid import UUID

from prefect import Task
from prefect.cache_policies import DEFAULT, NO_CACHE
from prefect.client.schemas.objects import State, TaskRun, TaskRunResult
from prefect.context import TaskRunContext
from prefect.results import should_persist_result
from prefect.settings import get_current_settings
from prefect.states import Completed
from prefect.task_engine import TaskRunTimeoutError

from otac.components import Stop
from otac.components.escape import Contained
from otac.components.outcome import Skipped
from otac.runtime.alone import LASTING, attempt, is_alone
from otac.runtime.probe import Plain
from otac.runtime.secrets import Secrets, located
from otac.runtime.services import Unmade

# Of each step that a task uses: enough for a picture, and little to send.
_INPUTS = 100


class StepTask:
    """The task of one step or item, and how often it has been attempted.

    A copy, so that the module's own task stays as it is written there. `with_options`
    would do the same at forty times the cost. `first` is what the first attempt came to
    where that has been made already. `uses` are, after an attempt, the task runs that it
    has asked for, by the names of their steps: Prefect draws a run with them.
    """

    def __init__(
        self,
        task: Task[..., Any],
        run: object,
        name: str,
        secrets: Secrets,
        first: Plain | None = None,
        place: Callable[[Exception], str] = lambda _: "",
        uses: Callable[[], Mapping[str, tuple[UUID, ...]]] = dict,
    ) -> None:
        self.attempts = 0
        self.task_runs: tuple[UUID, ...] = ()
        self._uses = uses
        self._first = first
        self._place = place
        self._secrets = secrets
        self._run = run
        self._task = copy(task)
        self._task.fn = self._guarded(task.fn, is_async=task.isasync)
        if task.task_run_name is None:
            # Prefect calls `format` on it.
            self._task.task_run_name = name.replace("{", "{{").replace("}", "}}")
        if task.retry_condition_fn is None:
            self._task.retry_condition_fn = _is_worth_retrying
        if not _is_kept(task):
            self._task.cache_policy = NO_CACHE

    async def run(self) -> Any:
        """The result of the task; raises what its last attempt raised, or Stop."""
        if is_alone():
            result = await attempt(self._task, self._run, repr(self._run))
        elif self._task.isasync:
            result = await self._task(self._run)
        else:
            # A plain function must not hold up the other items of a for-each.
            result = await asyncio.to_thread(self._task, self._run)
        match _data(result):
            case Stop() | Skipped() as ended:
                raise ended
        return result

    def explain(self, error: Exception) -> str:
        """How the task failed: "failed after 3 attempts: ValueError: boom"."""
        times = f" after {self.attempts} attempts" if self.attempts > 1 else ""
        return f"failed{times}: {self._reason(error)}"

    def _reason(self, error: Exception) -> str:
        if isinstance(error, TaskRunTimeoutError):
            return (
                f"timed out after {self._task.timeout_seconds:g} s{self._place(error)}"
            )
        return self._secrets.describe(error)

    def _guarded(
        self, function: Callable[..., Any], *, is_async: bool
    ) -> Callable[..., Any]:
        """The task's function, each exception made fit for Prefect's eyes and storage."""

        if not is_async:

            @wraps(function)
            def attempt_plain(run: object) -> Any:
                self.attempts += 1
                try:
                    with Contained():
                        return function(run)
                except (Stop, Skipped) as ended:
                    return self._ended(ended)
                except Exception as error:
                    clean = self._clean(error)
                    if clean is error:
                        raise
                finally:
                    self._link()
                # Out here, so that it does not carry the other one.
                raise clean

            return attempt_plain

        @wraps(function)
        async def attempt_async(run: object) -> Any:
            self.attempts += 1
            try:
                if (first := self._take_first()) is not None:
                    return await first.get()
                return await function(run)
            except (Stop, Skipped) as ended:
                return self._ended(ended)
            except Exception as error:
                clean = self._clean(error)
                if clean is error:
                    raise
            finally:
                self._link()
            raise clean

        return attempt_async

    def _link(self) -> None:
        """Tells Prefect, with the state to come, which task runs this one has used.

        It would find out by itself only for results that it is given as arguments, and
        would then hold tickets. What is asked for is known when the step has asked.
        """
        if (context := TaskRunContext.get()) is None:
            return
        task_run = context.task_run
        self.task_runs = (task_run.id,)
        inputs = dict(task_run.task_inputs)
        for name, runs in self._uses().items():
            known = [TaskRunResult(id=one) for one in islice(runs, _INPUTS)]
            inputs[name] = [*inputs.get(name, ()), *known]
        task_run.task_inputs = inputs

    def _take_first(self) -> Plain | None:
        first, self._first = self._first, None
        return first

    def _clean(self, error: Exception) -> Exception:
        """The exception without credentials, and with its place in the configuration."""
        place = self._place(error)
        if isinstance(error, Unmade):
            error = error.error
        clean = self._secrets.clean(error, stored=should_persist_result())
        return located(clean, place) if place else clean

    def _ended(self, ended: Stop | Skipped) -> State[Stop | Skipped]:
        message = self._secrets.scrub(str(ended))
        name = "Stopped" if isinstance(ended, Stop) else "Skipped"
        # The data lets a retried flow, which reads it back, end the step like this again.
        return Completed(name=name, message=message, data=type(ended)(message))


def _data(result: Any) -> Any:
    """What a state that the task returned holds; a result read back is that already."""
    if not isinstance(result, State):
        return result
    return getattr(result.data, "result", result.data)


def _is_worth_retrying(
    task: Task[..., Any], task_run: TaskRun, state: State[Any]
) -> bool:
    return not isinstance(state.data, LASTING)


def _is_kept(task: Task[..., Any]) -> bool:
    """Whether the result is stored, and may be read back in place of an attempt.

    Where it is not, Prefect would still read the task's source, hash it and look for a
    file: a tenth of what a task costs.
    """
    return bool(
        task.cache_policy is not DEFAULT
        or task.persist_result
        or should_persist_result()
        or get_current_settings().tasks.default_persist_result
    )
