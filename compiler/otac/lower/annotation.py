"""What may be given for a parameter of a flow, by the type that the flow declares."""

from math import isfinite

from otac.source.document import Json

# In the words of a configuration.
KINDS = {
    "str": "text",
    "bool": "`true` or `false`",
    "int": "a whole number",
    "float": "a number",
    "list[Any]": "a list",
    "dict[str, Any]": "a mapping",
}


def fits(annotation: str, value: Json) -> bool:
    """Whether Prefect takes a value for a parameter of this type.

    It asks the JSON Schema of the flow, for which 1.0 is a whole number.
    """
    match annotation:
        case "str":
            return isinstance(value, str)
        case "bool":
            return isinstance(value, bool)
        case "int":
            is_whole = isinstance(value, float) and value.is_integer()
            return is_whole or (isinstance(value, int) and not isinstance(value, bool))
        case "float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "list[Any]":
            return isinstance(value, list)
        case "dict[str, Any]":
            return isinstance(value, dict)
        case _:
            return True


def is_json(value: Json) -> bool:
    """Whether Prefect can store it: JSON has no infinite number, and none that is not one,
    and Prefect's takes whole numbers of 64 bits."""
    match value:
        case bool():
            return True
        case int():
            return -(2**63) <= value < 2**64
        case float():
            return isfinite(value)
        case dict():
            return all(is_json(item) for item in value.values())
        case list():
            return all(is_json(item) for item in value)
        case _:
            return True
