"""The block that an automation sends a notification through.

Prefect's server sends these itself, so that it must have the address. It keeps the data of
blocks encrypted and hides what the block's schema calls secret; an address is always that.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from otac.deploy.api import Api
from otac.emit.automations import block_reference
from otac.expressions.environment import ExpressionError, compile_value
from otac.expressions.failure import Absent
from otac.lower.project import Argument, ListValue, Literal, Notification, Template
from otac.source.document import Json

# Prefect's Slack block hands its address to Apprise, which knows mail servers and many
# other services by theirs; there is no block for Apprise as such.
_APPRISE = "slack-webhook"
_TYPES = {
    "slack": "slack-webhook",
    "teams": "ms-teams-webhook",
    "webhook": "custom-webhook",
    "email": _APPRISE,
    "apprise": _APPRISE,
}
_REQUIRED = object()


class Unsent(Exception):
    """A notification cannot be sent; the message names no address."""


@dataclass(frozen=True, slots=True)
class NotificationBlock:
    """A block that otac makes. What it holds is never shown."""

    type: str
    name: str
    data: Mapping[str, Json] = field(repr=False)


def declared_block(
    owner: str, notification: Notification, api: Api
) -> NotificationBlock | UUID | str:
    """The block to be made, or the id or `type/name` of one that must be there.

    Raises Unsent where the address cannot be found out here.
    """
    settings = {setting.name: setting for setting in notification.settings}
    if "block" in settings:
        return block_reference(notification)
    names = _names(api)
    address = _text(settings, "smtp" if "smtp" in settings else "url", names)
    match notification.channel:
        case "webhook":
            data: dict[str, Json] = {
                "name": notification.id,
                # `url` would be shown to everybody who sees the block.
                "url": "{{ address }}",
                "secrets": {"address": address},
                "json_data": {"subject": "{{ subject }}", "message": "{{ body }}"},
            }
        case "email":
            data = {"url": _addressed(address, settings, names)}
        case _:
            data = {"url": address}
    name = re.sub(r"[^a-z0-9]+", "-", f"{owner}-{notification.id}".lower()).strip("-")
    return NotificationBlock(_TYPES[notification.channel], name, data)


def _addressed(
    server: str, settings: Mapping[str, Argument], names: Mapping[str, Any]
) -> str:
    """The address of a mail server for Apprise, with those who get the mail."""
    to = _value(settings["to"].value, names) if "to" in settings else None
    if not to:
        return server
    people = ",".join(str(one) for one in to) if isinstance(to, list) else str(to)
    return f"{server}{'&' if '?' in server else '?'}{urlencode({'to': people})}"


def _text(settings: Mapping[str, Argument], name: str, names: Mapping[str, Any]) -> str:
    value = _value(settings[name].value, names)
    if not isinstance(value, str) or not value:
        raise Unsent(f"its `{name}` is not text")
    return value


def _value(value: object, names: Mapping[str, Any]) -> Any:
    match value:
        case Literal(data=data):
            return data
        case Template(text=text):
            try:
                return compile_value(text)(names)
            except ExpressionError as problem:
                raise Unsent(str(problem)) from None
        case ListValue(items=items):
            return [_value(item, names) for item in items]
        case _:
            raise Unsent("a setting is neither a value nor an expression")


def _names(api: Api) -> dict[str, Any]:
    """What such an expression can use; the same as in a run."""

    def get_env(name: str, default: Any = _REQUIRED) -> Any:
        value = os.environ.get(name, default)
        if value is _REQUIRED:
            raise ExpressionError(f"the environment variable `{name}` is not set")
        return value

    def secret(name: str) -> Any:
        found = api.find(
            f"/block_types/slug/secret/block_documents/name/{name}?include_secrets=true"
        )
        if found is None:
            raise ExpressionError(f"there is no Secret block `{name}`")
        return _value_in(found, "data", f"Secret block `{name}`")

    def variable(name: str) -> Any:
        found = api.find(f"/variables/name/{name}")
        if found is None:
            raise ExpressionError(f"there is no Prefect Variable `{name}`")
        return _value_in({"it": found}, "it", f"Prefect Variable `{name}`")

    return {
        "env": _Environment(),
        "get_env": get_env,
        "secret": secret,
        "variable": variable,
    }


def _value_in(found: Any, key: str, what: str) -> Any:
    inside = found.get(key) if isinstance(found, dict) else None
    if not isinstance(inside, dict) or "value" not in inside:
        raise ExpressionError(f"the server says something else about {what}")
    return inside["value"]


class _Environment:
    """`env.NAME`; what is not set may have a default, as in a run."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> Any:
        unset = Absent(f"the environment variable `{name}` is not set")
        return os.environ.get(name, unset)


def find_block(api: Api, type: str, name: str) -> dict[str, Any] | None:
    """The block on the server, with what it hides."""
    found: dict[str, Any] | None = api.find(
        f"/block_types/slug/{type}/block_documents/name/{name}?include_secrets=true"
    )
    return found


def holds(found: Mapping[str, Any], block: NotificationBlock) -> bool:
    """Whether a block on the server has what it should."""
    return all(found["data"].get(key) == value for key, value in block.data.items())


def save_block(
    api: Api, block: NotificationBlock, found: Mapping[str, Any] | None
) -> str:
    """Make or change the block; returns its id."""
    if found is not None:
        data = {"data": dict(block.data), "merge_existing_data": True}
        api.patch(f"/block_documents/{found['id']}", data)
        return str(found["id"])
    kind = api.get(f"/block_types/slug/{block.type}")
    of_kind = {"block_schemas": {"block_type_id": {"any_": [kind["id"]]}}}
    schemas = api.post("/block_schemas/filter", {**of_kind, "limit": 1})
    body = {
        "name": block.name,
        "data": dict(block.data),
        "block_type_id": kind["id"],
        "block_schema_id": schemas[0]["id"],
    }
    return str(api.post("/block_documents/", body)["id"])
