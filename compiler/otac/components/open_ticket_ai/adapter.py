"""The one adapter for pipes and services that were written for Open Ticket AI 1.5.

They are given what that release gave them: a configuration with their parameters, loggers,
a context with earlier results, and their services.
"""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from pydantic import BaseModel, SecretStr, ValidationError

from otac.components.credential import is_credential
from otac.components.escape import in_thread
from otac.components.open_ticket_ai.base import PipeFactory
from otac.components.open_ticket_ai.from_there import from_there
from otac.components.open_ticket_ai.logger import Loggers
from otac.components.open_ticket_ai.models import (
    InjectableConfig,
    PipeConfig,
    PipeContext,
    PipeResult,
)
from otac.components.open_ticket_ai.recognition import (
    accepted,
    is_adaptable,
    is_pipe,
    model_of,
)
from otac.components.open_ticket_ai.to_there import to_there
from otac.components.outcome import Fail, Skipped
from otac.components.surroundings import Surroundings

T = TypeVar("T")


class PipeFailed(Exception):
    """The pipe said so; a further attempt may end otherwise."""


async def run_pipe(
    pipe: type, params: BaseModel, services: Mapping[str, Any], around: Surroundings
) -> Any:
    """What the pipe returns as data.

    Raises `PipeFailed` for a failure and `Skipped` where the pipe skipped itself.
    """
    if not is_pipe(pipe):
        raise Fail(f"`{pipe.__name__}` is a service and no pipe")
    context = _context(pipe, around)
    loggers = Loggers(_secrets(params))
    config = PipeConfig(id=around.step, use=_use(pipe), params=_dump(params))
    given = {
        "config": config,
        "logger_factory": loggers,
        "pipe_context": context,
        "pipe_factory": PipeFactory(),
    }
    taken = accepted(pipe, given.keys())
    there = {name: to_there(service) for name, service in services.items()}
    made = pipe(**{name: given[name] for name in taken}, **there)
    loggers.constructing = False
    arguments = [context] if _takes_context(made._process) else []
    if inspect.iscoroutinefunction(made._process):
        result = await made._process(*arguments)
    else:
        result = await in_thread(made._process, *arguments)
        result = await result if inspect.isawaitable(result) else result
    return _data(result)


def make_service(factory: Callable[..., T], params: BaseModel, **more: Any) -> T:
    """The service; built-in pipes can use it too if it is of a kind they know."""
    service: Any = factory
    if is_pipe(service):
        raise Fail(f"`{service.__name__}` is a pipe and no service")
    loggers = Loggers(_secrets(params))
    given: dict[str, Any] = {
        "config": InjectableConfig(
            id=service.__name__, use=_use(service), params=_dump(params)
        ),
        "logger_factory": loggers,
    }
    taken = accepted(service, given.keys())
    made = service(**{name: given[name] for name in taken}, **more)
    loggers.constructing = False
    return cast(T, from_there(made))


def adaptable(target: object) -> type | None:
    """The target if it is a class that this adapter is for."""
    return target if isinstance(target, type) and is_adaptable(target) else None


def _context(pipe: type, around: Surroundings) -> BaseModel:
    model = model_of(pipe._process, "context", PipeContext)  # type: ignore[attr-defined]
    known = {
        "pipe_results": {
            step: _result(data) for step, data in around.results().items()
        },
        "params": dict(around.params()),
        "parent_params": around.parent(),
    }
    try:
        return model.model_validate(known)
    except ValidationError:
        # Some other model of the author's, for which there is nothing to fill it with.
        return PipeContext.model_validate(known)


def _result(data: object) -> dict[str, Any]:
    if isinstance(data, Skipped):
        return PipeResult.skipped(str(data)).model_dump()
    if isinstance(data, Exception):
        return PipeResult.failure(str(data)).model_dump()
    whole = data if isinstance(data, Mapping) else {"value": data}
    return PipeResult.success(data=dict(whole)).model_dump()


def _takes_context(method: Callable[..., Any]) -> bool:
    """Earlier releases called it without."""
    return any(
        parameter.kind
        in (
            inspect.Parameter.POSITIONAL_ONLY,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            inspect.Parameter.VAR_POSITIONAL,
        )
        for parameter in inspect.signature(method).parameters.values()
    )


def _data(result: Any) -> Any:
    """The data of a success; anything that is no `PipeResult` counts as data."""
    if not hasattr(result, "succeeded") or not hasattr(result, "data"):
        return {} if result is None else result
    message = str(getattr(result, "message", ""))
    if getattr(result, "was_skipped", False):
        raise Skipped(message or "the pipe skipped itself")
    if not result.succeeded:
        raise PipeFailed(message or "the pipe gives no reason")
    return result.data


def _dump(params: BaseModel) -> dict[str, Any]:
    """What the component validates once more; defaults are among it, as in 1.5."""
    return params.model_dump()


def _use(target: type) -> str:
    return f"{target.__module__}:{target.__qualname__}"


def _secrets(params: BaseModel) -> tuple[str, ...]:
    found: list[str] = []
    for name, value in params:
        if isinstance(value, SecretStr):
            found.append(value.get_secret_value())
        elif isinstance(value, str) and is_credential(name):
            found.append(value)
    return tuple(found)
