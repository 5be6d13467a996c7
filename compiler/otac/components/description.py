"""What a component takes and returns, as JSON Schema."""

import inspect
import json
import typing
from collections.abc import Callable, Mapping
from typing import Any

import typing_extensions
from pydantic import BaseModel, TypeAdapter
from pydantic.errors import PydanticUserError

from otac.components.classifier import Classifier
from otac.components.component import Component
from otac.components.notifier import Notifier
from otac.components.open_ticket_ai import adaptable, dependencies
from otac.components.open_ticket_ai.recognition import (
    is_classifier,
    is_pipe,
    is_ticket_system,
)
from otac.components.signature import ServiceParameter, read_signature
from otac.components.ticket_system import TicketSystem

_KINDS: Mapping[str, type] = {
    "ticket_system": TicketSystem,
    "classifier": Classifier,
    "notifier": Notifier,
}
# How pipes of Open Ticket AI call what they need, where their annotations do not tell.
_NAMES = {"ticket_system": "ticket_system", "classification_service": "classifier"}
UNKNOWN = "unknown"
PIPE = "pipe"


def describe(target: Callable[..., Any]) -> dict[str, Any]:
    """An entry of the catalogue. Where a schema cannot be made, there is None.

    Raises `Fail` for a signature that no component can have.
    """
    return {
        "kind": kind(target),
        "description": _first_paragraph(target),
        "parameters": _parameters(target),
        "services": _services(target),
        "results": _results(target),
        "network": False,
    }


def kind(target: Callable[..., Any]) -> str:
    """`pipe`, the kind of a service, or `unknown`."""
    if not isinstance(target, type):
        return UNKNOWN
    if issubclass(target, Component):
        return PIPE
    if adaptable(target) is not None:
        return PIPE if is_pipe(target) else _kind_there(target)
    return _kind(target)


def _parameters(target: Callable[..., Any]) -> dict[str, Any] | None:
    try:
        model = read_signature(target).model
        if model is None:
            return tidy(_signature_schema(target))
        schema = model.model_json_schema()
    except PydanticUserError:
        # A type that JSON has nothing for, such as a function.
        return None
    schema.pop("description", None)
    return tidy(schema)


def _signature_schema(target: Callable[..., Any]) -> dict[str, Any]:
    signature = read_signature(target)
    defaults = inspect.signature(target).parameters
    properties: dict[str, Any] = {}
    definitions: dict[str, Any] = {}
    required: list[str] = []
    for parameter in signature.parameters:
        schema = {} if parameter.convert is None else parameter.convert.json_schema()
        definitions |= schema.pop("$defs", {})
        if parameter.required:
            required.append(parameter.name)
        elif _is_json(default := defaults[parameter.name].default):
            schema["default"] = default
        properties[parameter.name] = schema
    return {
        **({"$defs": definitions} if definitions else {}),
        "additionalProperties": signature.open,
        "properties": properties,
        **({"required": required} if required else {}),
        "type": "object",
    }


def _services(target: Callable[..., Any]) -> dict[str, Any]:
    found = adaptable(target)
    if found is None:
        return {
            service.name: {
                "kind": _slot(service),
                **_protocol(service),
                "required": service.required,
            }
            for service in read_signature(target).services
        }
    return {
        service.name: {
            "kind": _slot_there(service.name, service.hint),
            "required": service.required,
        }
        for service in dependencies(found)
    }


def _results(target: Callable[..., Any]) -> dict[str, Any] | None:
    """What a run returns after it was made plain data; None where it is not declared."""
    hint = getattr(target, "Result", None)
    if hint is None and kind(target) in (PIPE, UNKNOWN) and adaptable(target) is None:
        hint = _returned(target)
    if hint is None or hint is Any or hint is type(None):
        return None
    try:
        schema = TypeAdapter(hint).json_schema(mode="serialization")
    except PydanticUserError:
        return None
    schema.pop("description", None)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        _close(schema)
    if schema.get("type") == "object" or "$ref" in schema:
        return tidy(schema) if "properties" in schema else None
    definitions = schema.pop("$defs", None)
    whole = {"properties": {"value": schema}, "required": ["value"], "type": "object"}
    return tidy(whole | ({"$defs": definitions} if definitions else {}))


def _close(schema: dict[str, Any]) -> None:
    """A run finds the fields of a model in its result, and nothing else."""
    for described in (schema, *schema.get("$defs", {}).values()):
        if "properties" in described:
            described.setdefault("additionalProperties", False)


def _returned(target: Callable[..., Any]) -> Any:
    function: Any = target
    if isinstance(target, type):
        if not issubclass(target, Component):
            return None
        function = target.run
    try:
        return typing.get_type_hints(function, include_extras=True).get("return")
    except NameError:
        return None


def _kind(member: type) -> str:
    for name, protocol in _KINDS.items():
        if issubclass(member, protocol):
            return name
    return UNKNOWN


def _kind_there(member: type) -> str:
    if is_ticket_system(member):
        return "ticket_system"
    return "classifier" if is_classifier(member) else UNKNOWN


def _slot(service: ServiceParameter) -> str:
    kinds = {_kind(accepted) for accepted in service.types} - {UNKNOWN}
    return kinds.pop() if len(kinds) == 1 else UNKNOWN


def _protocol(service: ServiceParameter) -> dict[str, Any]:
    """What the one protocol that it takes is called and asks for, if it is one of ours."""
    protocols = [each for each in service.types if _kind(each) != UNKNOWN]
    if len(protocols) != 1 or not typing_extensions.is_protocol(protocols[0]):
        return {}
    methods = sorted(typing_extensions.get_protocol_members(protocols[0]))
    return {"protocol": protocols[0].__name__, "methods": methods}


def _slot_there(name: str, hint: Any) -> str:
    for option in (hint, *typing.get_args(hint)):
        if isinstance(option, type) and (found := _kind_there(option)) != UNKNOWN:
            return found
    return _NAMES.get(name, UNKNOWN)


def _first_paragraph(member: Callable[..., Any]) -> str:
    # Not that of a base class: it would say what the base is for.
    text = member.__doc__ if isinstance(member, type) else inspect.getdoc(member)
    return " ".join(inspect.cleandoc(text or "").split("\n\n")[0].split())


def _is_json(value: object) -> bool:
    if isinstance(value, BaseModel):
        return False
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def tidy(schema: dict[str, Any]) -> dict[str, Any]:
    """Pydantic's schema without what says nothing."""
    tidied: dict[str, Any] = _tidy(schema)
    return tidied


def _tidy(schema: Any) -> Any:
    """A title is the name once more, and a null that only stands for "left out" is one more
    type rather than one more branch.
    """
    if isinstance(schema, list):
        return [_tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    tidied = {
        key: (
            {name: _tidy(value) for name, value in item.items()}
            if key in ("properties", "$defs")
            else item
            if key in ("default", "enum", "const", "examples")
            else _tidy(item)
        )
        for key, item in sorted(schema.items())
        if (key != "title" or not isinstance(item, str))
        and (key, item) != ("default", None)
    }
    if (tidied.get("type"), tidied.get("format")) == ("string", "duration"):
        # A number of seconds is one as well.
        tidied["type"] = ["string", "number"]
    match tidied.get("anyOf"):
        case [{"type": kind, **rest}, {"type": "null"}]:
            del tidied["anyOf"]
            kinds = kind if isinstance(kind, list) else [kind]
            tidied |= {"type": [*kinds, "null"], **rest}
    return tidied
