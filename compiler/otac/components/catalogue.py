"""Describes the built-in components for the compiler, which imports none of them.

`python -m otac.components.catalogue` writes `schemas/components.json`.
"""

import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from otac import components
from otac.components.classifier import Classifier
from otac.components.component import Component
from otac.components.notifier import Notifier
from otac.components.signature import ServiceParameter, read_signature
from otac.components.ticket_system import TicketSystem

_KINDS: Mapping[str, type] = {
    "ticket_system": TicketSystem,
    "classifier": Classifier,
    "notifier": Notifier,
}
_FILE = Path(__file__).parents[3] / "schemas" / "components.json"


def catalogue() -> dict[str, Any]:
    """Every built-in component by name: what it is for, takes and returns."""
    described: dict[str, Any] = {}
    for name in sorted(components.__all__):
        member = getattr(components, name)
        if not isinstance(member, type) or member is Component:
            continue
        if issubclass(member, Component):
            described[name] = _entry(member, "pipe", _model_schema(member))
        elif (kind := _kind(member)) and not getattr(member, "_is_protocol", False):
            described[name] = _entry(member, kind, _constructor_schema(member))
    return described


def render() -> str:
    """The text of the file."""
    return json.dumps(catalogue(), indent=2, ensure_ascii=False) + "\n"


def _entry(member: type, kind: str, parameters: dict[str, Any]) -> dict[str, Any]:
    result = getattr(member, "Result", None)
    return {
        "kind": kind,
        "module": components.__name__,
        "description": _first_paragraph(member),
        "parameters": _tidy(parameters),
        "services": {
            service.name: {"kind": _service_kind(service), "required": service.required}
            for service in read_signature(member).services
        },
        "results": {} if result is None else _result_schema(result),
        "network": False,
        "stops": "raise Stop(" in inspect.getsource(member),
    }


def _model_schema(member: type[Component]) -> dict[str, Any]:
    schema = member.Params.model_json_schema()
    schema.pop("description", None)
    return schema


def _result_schema(result: type[BaseModel]) -> dict[str, Any]:
    """What a run finds in the result: the fields of the model and nothing else."""
    schema: dict[str, Any] = _tidy(result.model_json_schema(mode="serialization"))
    for described in (schema, *schema.get("$defs", {}).values()):
        if "properties" in described:
            described.setdefault("additionalProperties", False)
    return schema


def _constructor_schema(member: type) -> dict[str, Any]:
    defaults = inspect.signature(member).parameters
    properties: dict[str, Any] = {}
    definitions: dict[str, Any] = {}
    required: list[str] = []
    for parameter in read_signature(member).parameters:
        schema = {} if parameter.convert is None else parameter.convert.json_schema()
        definitions |= schema.pop("$defs", {})
        if parameter.required:
            required.append(parameter.name)
        else:
            schema["default"] = defaults[parameter.name].default
        properties[parameter.name] = schema
    return {
        **({"$defs": definitions} if definitions else {}),
        "additionalProperties": False,
        "properties": properties,
        **({"required": required} if required else {}),
        "type": "object",
    }


def _kind(member: type) -> str | None:
    for kind, protocol in _KINDS.items():
        if issubclass(member, protocol):
            return kind
    return None


def _service_kind(service: ServiceParameter) -> str:
    (kind,) = {_kind(accepted) for accepted in service.types} - {None}
    assert kind is not None
    return kind


def _first_paragraph(member: type) -> str:
    return " ".join((inspect.getdoc(member) or "").split("\n\n")[0].split())


def _tidy(schema: Any) -> Any:
    """Pydantic's schema without what says nothing.

    A title is the name once more, and a null that only stands for "left out" is one more
    type rather than one more branch.
    """
    if isinstance(schema, list):
        return [_tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {
        key: (
            {name: _tidy(value) for name, value in item.items()}
            if key in ("properties", "$defs")
            else _tidy(item)
        )
        for key, item in sorted(schema.items())
        if key != "title" and (key, item) != ("default", None)
    }
    match tidy.get("anyOf"):
        case [{"type": kind, **rest}, {"type": "null"}]:
            del tidy["anyOf"]
            kinds = kind if isinstance(kind, list) else [kind]
            tidy |= {"type": [*kinds, "null"], **rest}
    return tidy


if __name__ == "__main__":
    _FILE.write_text(render(), encoding="utf-8", newline="\n")
