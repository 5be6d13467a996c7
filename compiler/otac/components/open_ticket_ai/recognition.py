"""Tells components of Open Ticket AI by their shape, whichever package their bases are from."""

import inspect
import typing
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel

# What every component is given, whether or not it asks for it.
GIVEN = frozenset({"config", "logger_factory", "pipe_context", "pipe_factory"})


class Dependency(NamedTuple):
    """A service that a constructor asks for. `hint` is None where it says nothing."""

    name: str
    required: bool
    hint: Any


def is_adaptable(target: object) -> bool:
    """Whether it is a class with a `ParamsModel`, as every pipe and service there has."""
    model = getattr(target, "ParamsModel", None)
    return (
        isinstance(target, type)
        and isinstance(model, type)
        and issubclass(model, BaseModel)
    )


def is_pipe(target: type) -> bool:
    """Whether an adaptable class is a step, and no service."""
    return callable(getattr(target, "_process", None))


def is_ticket_system(target: object) -> bool:
    """Whether a class or an object finds tickets in the way of Open Ticket AI."""
    return callable(getattr(target, "find_tickets", None))


def is_classifier(target: object) -> bool:
    """Whether an adaptable class, or an object of one, classifies texts."""
    return callable(getattr(target, "classify", None)) or callable(
        getattr(target, "aclassify", None)
    )


def dependencies(target: type) -> list[Dependency]:
    """The services of a constructor, those that its bases ask for among them."""
    found: dict[str, Dependency] = {}
    for owner, parameter in _parameters(target):
        if parameter.name not in GIVEN and parameter.name not in found:
            required = parameter.default is inspect.Parameter.empty
            hint = hints(owner).get(parameter.name)
            found[parameter.name] = Dependency(parameter.name, required, hint)
    return list(found.values())


def accepted(target: type, names: typing.AbstractSet[str]) -> set[str]:
    """Which of the names its constructor takes."""
    own = inspect.signature(target).parameters.values()
    if any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in own):
        return set(names)
    return {parameter.name for parameter in own} & names


def hints(function: object) -> dict[str, Any]:
    """The annotations of a function; empty where they cannot be resolved."""
    try:
        return typing.get_type_hints(function)
    except Exception:  # noqa: BLE001
        # Names under TYPE_CHECKING, syntax of later Pythons, ...
        return {}


def model_of(function: object, name: str, default: type[BaseModel]) -> type[BaseModel]:
    """The model that a method declares for a parameter: its own package's, if it has one."""
    hint = hints(function).get(name)
    options = [hint, *typing.get_args(hint)]
    for option in options:
        if isinstance(option, type) and issubclass(option, BaseModel):
            return option
    return default


def _parameters(target: type) -> Iterator[tuple[object, inspect.Parameter]]:
    """Those of `__init__`, and of the bases' as long as one hands on what it is given."""
    for owner in target.__mro__:
        constructor = owner.__dict__.get("__init__")
        if constructor is None or owner is object:
            continue
        passes_on = False
        for parameter in list(inspect.signature(constructor).parameters.values())[1:]:
            if parameter.kind is inspect.Parameter.VAR_KEYWORD:
                passes_on = True
            elif parameter.kind is not inspect.Parameter.VAR_POSITIONAL:
                yield constructor, parameter
        if not passes_on:
            return
