"""What Prefect makes of a flow's signature, from the IR.

Prefect imports the module, builds a pydantic model of the signature and asks that for its
JSON Schema. The types of a generated flow's parameters are few, so the result is known.
"""

from collections.abc import Sequence

from otac.lower.project import Parameter
from otac.source.document import Json

_TYPES: dict[str, dict[str, Json]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "list[Any]": {"type": "array", "items": {}},
    "dict[str, Any]": {"type": "object", "additionalProperties": True},
    "Any": {},
}


def parameter_schema(parameters: Sequence[Parameter]) -> dict[str, Json]:
    """The deployment's `parameter_openapi_schema`."""
    properties: dict[str, Json] = {
        parameter.name: {
            "default": parameter.default,
            "position": position,
            "title": parameter.name,
            **_TYPES[parameter.annotation],
        }
        for position, parameter in enumerate(parameters)
    }
    return {"title": "Parameters", "type": "object", "properties": properties}
