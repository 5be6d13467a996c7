"""What the catalogue says of a parameter that takes a service."""

from typing import Any

import typing_extensions


def slot(kind: str, protocol: type, *, required: bool = True) -> dict[str, Any]:
    """The entry of a slot that takes one of our protocols."""
    methods = sorted(typing_extensions.get_protocol_members(protocol))
    name = {"protocol": protocol.__name__, "methods": methods}
    return {"kind": kind, **name, "required": required}
