"""What a component or service may be given: parameters to convert, services to pass on."""

import inspect
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic.errors import PydanticSchemaGenerationError

from otac.components.component import Component
from otac.components.open_ticket_ai import adaptable, dependencies
from otac.components.outcome import Fail


@dataclass(frozen=True, slots=True)
class TypedParameter:
    """A value that is converted to its declared type. `convert` is None for any value."""

    name: str
    required: bool
    convert: TypeAdapter[Any] | None


@dataclass(frozen=True, slots=True)
class ServiceParameter:
    """An object that is handed over as it is. `types` are what it may be an instance of."""

    name: str
    required: bool
    types: tuple[type, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """`title` names the callable in messages. `model` is set for a class with a model.

    `open` is true where names that are not listed are accepted too.
    """

    title: str
    parameters: tuple[TypedParameter, ...]
    services: tuple[ServiceParameter, ...]
    model: type[BaseModel] | None
    open: bool

    def names(self) -> list[str]:
        """Every name that may be given."""
        fields: list[str] = []
        for name, field in self.model.model_fields.items() if self.model else ():
            fields += [name] if field.alias is None else [field.alias, name]
        parameters = [parameter.name for parameter in self.parameters]
        return fields + parameters + [service.name for service in self.services]


@cache
def read_signature(target: Callable[..., Any]) -> Signature:
    """The signature of a function, a `Component` class or a service's class."""
    title = getattr(target, "__name__", type(target).__name__)
    if not isinstance(target, type):
        return _of_function(target, title)
    if issubclass(target, Component):
        return _of_component(target, title)
    if (adapted := adaptable(target)) is not None:
        return _of_adapted(adapted, title)
    return _of_function(target, title)


def _of_component(target: type[Component], title: str) -> Signature:
    hints = {
        name: hint
        for name, hint in _hints(target, title).items()
        if name not in ("params", "Params")
        and not name.startswith("_")
        and typing.get_origin(hint) is not ClassVar
    }
    services = tuple(
        ServiceParameter(name, not hasattr(target, name), _classes(hint))
        for name, hint in hints.items()
    )
    model, is_open = _model(target.Params)
    return Signature(title, (), services, model, is_open)


def _of_adapted(target: type[Any], title: str) -> Signature:
    services = tuple(
        ServiceParameter(service.name, service.required, ())
        for service in dependencies(target)
    )
    model, is_open = _model(target.ParamsModel)
    return Signature(title, (), services, model, is_open)


def _model(params: type[BaseModel]) -> tuple[type[BaseModel], bool]:
    """The model, made to convert as functions do, however its author configured it.

    The second tells whether it takes names that it does not list.
    """
    closed = params.model_config.get("extra") != "allow"
    config = ConfigDict(coerce_numbers_to_str=True)
    if closed:
        config["extra"] = "forbid"
    return type(params.__name__, (params,), {"model_config": config}), not closed


def _of_function(target: Callable[..., Any], title: str) -> Signature:
    hints = _hints(target, title)
    parameters: list[TypedParameter] = []
    services: list[ServiceParameter] = []
    takes_any = False
    for name, parameter in inspect.signature(target).parameters.items():
        match parameter.kind:
            case inspect.Parameter.VAR_POSITIONAL:
                continue
            case inspect.Parameter.VAR_KEYWORD:
                takes_any = True
                continue
            case inspect.Parameter.POSITIONAL_ONLY:
                raise Fail(f"`{title}` takes `{name}` by position only")
        required = parameter.default is inspect.Parameter.empty
        if name not in hints:
            parameters.append(TypedParameter(name, required, None))
            continue
        try:
            adapter = _adapter(hints[name])
        except PydanticSchemaGenerationError:
            # Not data, so it is a service: a protocol or a plain class.
            services.append(ServiceParameter(name, required, _classes(hints[name])))
        else:
            parameters.append(TypedParameter(name, required, adapter))
    return Signature(title, tuple(parameters), tuple(services), None, takes_any)


def _hints(target: Callable[..., Any], title: str) -> Mapping[str, Any]:
    function: Any = target
    if isinstance(target, type) and not issubclass(target, Component):
        function = target.__init__
    elif not isinstance(target, type) and not inspect.isroutine(target):
        function = type(target).__call__
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except NameError as error:
        raise Fail(
            f"`{title}` has an annotation that cannot be resolved: `{error.name}`"
            " is not importable at run time"
        ) from None
    hints.pop("return", None)
    return hints


def _adapter(hint: Any) -> TypeAdapter[Any]:
    config = ConfigDict(coerce_numbers_to_str=True)
    if _has_own_config(hint):
        return TypeAdapter(hint)
    return TypeAdapter(hint, config=config)


def _has_own_config(hint: Any) -> bool:
    """Models, dataclasses and typed dicts refuse a configuration from outside."""
    return isinstance(hint, type) and (
        issubclass(hint, BaseModel)
        or hasattr(hint, "__dataclass_fields__")
        or typing.is_typeddict(hint)
    )


def _classes(hint: Any) -> tuple[type, ...]:
    """The classes an instance can be checked against; empty if there are none."""
    if isinstance(hint, type):
        if getattr(hint, "_is_protocol", False) and not getattr(
            hint, "_is_runtime_protocol", False
        ):
            return ()
        return (hint,)
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        options = [_classes(option) for option in typing.get_args(hint)]
        return tuple(c for option in options for c in option) if all(options) else ()
    return ()
