"""Ways to reach people: HTTP, Apprise and Prefect's notification blocks."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

_TIMEOUT_SECONDS = 10
_BLOCK_TYPES = {
    "slack": "slack-webhook",
    "teams": "ms-teams-webhook",
    "email": "sendgrid-email",
    "webhook": "custom-webhook",
}


class NotSent(Exception):
    """The message never holds the address."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is sent; `facts` are the run's ids and names, for those who read JSON."""

    subject: str
    text: str
    facts: Mapping[str, str]


def send(channel: str, settings: Mapping[str, Any], notice: Notice) -> None:
    """Sends the notice; raises NotSent, or whatever a client raises."""
    if (block := settings.get("block")) is not None:
        _send_by_block(channel, block, notice)
        return
    match channel:
        case "slack":
            _post(_setting(channel, settings, "url"), _slack(notice))
        case "teams":
            _post(_setting(channel, settings, "url"), _teams(notice))
        case "webhook":
            body = {"subject": notice.subject, "message": notice.text, **notice.facts}
            _post(_setting(channel, settings, "url"), body)
        case "email":
            server = _setting(channel, settings, "smtp")
            _send_by_apprise(_addressed(server, settings.get("to")), notice)
        case "apprise":
            _send_by_apprise(_setting(channel, settings, "url"), notice)
        case _:
            raise NotSent(f"there is no channel `{channel}`")


def _setting(channel: str, settings: Mapping[str, Any], name: str) -> str:
    value = settings.get(name)
    if not isinstance(value, str) or not value:
        raise NotSent(f"`{channel}` needs `{name}`")
    return value


def _slack(notice: Notice) -> dict[str, Any]:
    text = f"*{notice.subject}*\n{notice.text}"
    # The three characters that Slack's own markup uses.
    for character, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(character, escaped)
    return {"text": text}


def _teams(notice: Notice) -> dict[str, Any]:
    blocks = [
        {"type": "TextBlock", "text": notice.subject, "weight": "Bolder", "wrap": True},
        {"type": "TextBlock", "text": notice.text, "wrap": True},
    ]
    card = {"type": "AdaptiveCard", "version": "1.4", "body": blocks}
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


class _NoRedirect(HTTPRedirectHandler):
    """urllib would ask the other address for a page, without the message, and call it sent."""

    def redirect_request(
        self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: Any
    ) -> None:
        return None


def _post(url: str, body: Mapping[str, Any]) -> None:
    # Not httpx: it logs each address, and the address of a webhook is its credential.
    if not _is_http(url):
        raise NotSent("the address is not an HTTP one")
    headers = {"Content-Type": "application/json", "User-Agent": "otac"}
    request = Request(url, json.dumps(body).encode(), headers)
    try:
        with build_opener(_NoRedirect).open(request, timeout=_TIMEOUT_SECONDS):
            pass
    except HTTPError as error:
        error.close()
        raise NotSent(f"the server answered HTTP {error.code}") from None
    except URLError as error:
        raise NotSent(f"no answer ({type(error.reason).__name__})") from None
    except (HTTPException, OSError, ValueError) as error:
        # What they say may quote the address, as that of a port that is no number.
        raise NotSent(f"no answer ({type(error).__name__})") from None


def _is_http(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


def _addressed(server: str, to: str | list[str] | None) -> str:
    if not to:
        return server
    addresses = to if isinstance(to, str) else ",".join(to)
    return f"{server}{'&' if '?' in server else '?'}{urlencode({'to': addresses})}"


def _send_by_apprise(url: str, notice: Notice) -> None:
    from apprise import Apprise

    log = logging.getLogger("apprise")
    was_disabled = log.disabled
    log.disabled = True  # it names addresses
    try:
        client = Apprise()
        if not client.add(url):
            raise NotSent("the address is not one that Apprise knows")
        if not client.notify(title=notice.subject, body=notice.text):
            raise NotSent("Apprise could not deliver it")
    finally:
        log.disabled = was_disabled


def _send_by_block(channel: str, name: str, notice: Notice) -> None:
    from prefect.blocks.core import Block

    slug = name if "/" in name else f"{_BLOCK_TYPES.get(channel, channel)}/{name}"
    block: Any = Block.load(slug, _sync=True)  # type: ignore[call-arg]
    block.notify(notice.text, notice.subject, _sync=True)
