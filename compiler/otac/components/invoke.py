"""Calls components: converts their arguments and makes plain data of their results."""

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import to_jsonable_python

from otac.components.component import Component
from otac.components.escape import Contained, in_thread
from otac.components.open_ticket_ai import adaptable, make_service, run_pipe
from otac.components.outcome import Fail
from otac.components.refusal import describe, near, printable
from otac.components.signature import ServiceParameter, Signature, read_signature
from otac.components.surroundings import Nowhere, Surroundings

T = TypeVar("T")


async def invoke(
    component: Callable[..., Any],
    arguments: Mapping[str, object],
    around: Surroundings | None = None,
) -> dict[str, Any]:
    """Calls a component with rendered arguments, services among them.

    A plain function runs in a thread. What it raises to end more than itself, such as
    SystemExit, is raised as `Escaped`. Arguments that do not fit raise `Fail` with a line
    that names the parameter and never its value. Only components of Open Ticket AI see
    what is `around` the step.
    """
    with Contained():
        return await _invoke(component, arguments, around or Nowhere())


async def _invoke(
    component: Callable[..., Any],
    arguments: Mapping[str, object],
    around: Surroundings,
) -> dict[str, Any]:
    signature = read_signature(component)
    pipe = adaptable(component)
    if pipe is not None:
        given = bind(signature, arguments)
        params = given.pop("params")
        return normalise(await run_pipe(pipe, params, given, around))
    if isinstance(component, type) and not issubclass(component, Component):
        raise Fail(f"`{signature.title}` is a class and no `Component`")
    given = bind(signature, arguments)
    target: Callable[..., Any]
    if isinstance(component, type):
        target, given = component(**given).run, {}
    else:
        target = component
    if _is_async(target):
        return normalise(await target(**given))
    result = await in_thread(target, **given)
    # A plain function may still hand back something to await, e.g. a `partial`.
    return normalise(await result if inspect.isawaitable(result) else result)


def construct(factory: Callable[..., T], arguments: Mapping[str, object]) -> T:
    """A service from its class, with its arguments converted as for a component."""
    given = bind(read_signature(factory), arguments)
    if adaptable(factory) is not None:
        return make_service(factory, **given)
    return factory(**given)


def bind(signature: Signature, arguments: Mapping[str, object]) -> dict[str, Any]:
    """The keyword arguments for a callable with this signature, converted."""
    services = {service.name: service for service in signature.services}
    known = signature.names()
    bound: dict[str, Any] = {}
    data: dict[str, object] = {}
    problems: list[str] = []
    for name, value in arguments.items():
        if name in services:
            problems += _mismatch(services[name], value)
            bound[name] = value
        elif name in known or signature.open:
            data[name] = value
        else:
            problems.append(_unknown(name, known))
    problems += [
        f"needs the service `{service.name}`"
        for service in signature.services
        if service.required and service.name not in arguments
    ]
    converted, refusals = _convert(signature, data)
    problems += refusals
    if problems:
        raise Fail(f"`{signature.title}` " + "; ".join(problems))
    return bound | converted


def _convert(
    signature: Signature, data: Mapping[str, object]
) -> tuple[dict[str, Any], list[str]]:
    """The converted arguments, and what is wrong with them.

    Pydantic's own exception ends here, for it quotes the values.
    """
    if signature.model is not None:
        try:
            return {"params": signature.model.model_validate(dict(data))}, []
        except ValidationError as error:
            return {}, describe(error)
    converted = dict(data)
    problems: list[str] = []
    for parameter in signature.parameters:
        if parameter.name not in data:
            if parameter.required:
                problems.append(f"needs `{parameter.name}`")
        elif parameter.convert is not None:
            try:
                converted[parameter.name] = parameter.convert.validate_python(
                    data[parameter.name]
                )
            except ValidationError as error:
                problems += describe(error, parameter.name)
    return converted, problems


def _unknown(name: str, known: list[str]) -> str:
    return f"has no parameter `{printable(name)}`{near(name, known)}"


def _mismatch(service: ServiceParameter, value: object) -> list[str]:
    if not service.types or isinstance(value, service.types):
        return []
    wanted = " or ".join(
        f"`{t.__name__}`" for t in service.types if t is not type(None)
    )
    return [f"needs {wanted} as `{service.name}`, not `{type(value).__name__}`"]


def _is_async(target: Callable[..., Any]) -> bool:
    return inspect.iscoroutinefunction(target) or inspect.iscoroutinefunction(
        getattr(target, "__call__", None)  # noqa: B004
    )


def normalise(result: object) -> dict[str, Any]:
    """Plain data: mappings stay, models are dumped, any other value becomes `value`."""
    data = _plain(result)
    return data if isinstance(data, dict) else {"value": data}


def _plain(value: object) -> Any:
    match value:
        case BaseModel():
            return value.model_dump(mode="json")
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return to_jsonable_python(value)
        case _:
            return value
