"""What can be wrong with an answer of the helpdesk, and what to do about it."""

from typing import Any

import httpx

from otac.address import without_login
from otac.components.outcome import Misconfigured
from otac.components.refusal import printable

_TRANSIENT = frozenset({408, 425, 500, 502, 503, 504})
# The server says that it has not looked at the request.
_UNREAD = frozenset({425, 429})
# A proxy has given up, and what is behind it may not have.
_OF_A_PROXY = frozenset({408, 502, 504})
_LONGEST_WAIT = 30.0
# The Generic Interface answers 500 for these; another attempt would end the same way.
_NO_OPERATION = "Error while determine Operation"
_LASTING = {
    _NO_OPERATION: (
        "has no such operation: check `webservice_name` and `operation_urls`"
    ),
    "Error while decoding request content": (
        "cannot read the request: it may hold half a character (a lone surrogate)"
    ),
}


_SCRIPT = "/nph-genericinterface.pl"


class LoginRefused(Misconfigured):
    """The helpdesk does not let the agent in."""


class NoOperation(Misconfigured):
    """The web service does not have the operation under this route."""


class Fault(Exception):
    """A fault that may pass. `arrived`: the helpdesk may have done what it was asked, or,
    where nothing says that it is done, may still do it (`is_late`)."""

    def __init__(
        self,
        reason: str,
        *,
        arrived: bool,
        is_late: bool = False,
        wait_seconds: float = 0.0,
    ) -> None:
        super().__init__(reason)
        self.arrived = arrived
        self.is_late = is_late
        self.wait_seconds = wait_seconds


class ServiceError(Exception):
    """An `Error` in the answer: the code without the operation, e.g. `AccessDenied`."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def read(response: httpx.Response) -> dict[str, Any]:
    """What the helpdesk answered; raises `Misconfigured`, `Fault` or `ServiceError`."""
    where = f"`{_shown(response.request.url)}`"
    status = response.status_code
    if response.is_redirect:
        target = _shown(response.headers.get("location", ""))
        raise Misconfigured(
            f"{where} redirects to `{target}`: set `base_url` to where it leads"
        )
    if status == 429 or status in _TRANSIENT:
        for sign, meaning in _LASTING.items():
            if sign in response.text:
                kind = NoOperation if sign == _NO_OPERATION else Misconfigured
                raise kind(f"{where} {meaning}")
        raise Fault(
            f"{where} answers {status}",
            arrived=status not in _UNREAD,
            is_late=status in _OF_A_PROXY,
            wait_seconds=_wait(response),
        )
    if status >= 300:
        raise Misconfigured(f"{where} answers {status}: {_advice(status)}")
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        if "html" in response.headers.get("content-type", ""):
            if f"{_SCRIPT}/" in response.request.url.path:
                # Nothing but an outage puts one there: maintenance, a proxy's own page.
                raise Fault(f"{where} answers with a web page", arrived=True)
            raise Misconfigured(
                f"{where} is a web page and no web service: `base_url` should end in"
                f" `{_SCRIPT}`"
            )
        raise Fault(f"{where} answers with broken JSON", arrived=True)
    if "Error" in answer:
        raise _service_error(answer["Error"])
    return answer


def _service_error(error: object) -> ServiceError:
    fields = error if isinstance(error, dict) else {}
    code = str(fields.get("ErrorCode", "")).rpartition(".")[2]
    # "TicketUpdate: Ticket->Queue parameter is invalid!"
    text = str(fields.get("ErrorMessage", "")).partition(": ")
    said = printable((text[2] or text[0]).rstrip("!. "), 200)
    return ServiceError(code, said or code or "an error without a text")


def _advice(status: int) -> str:
    if status in (401, 407):
        return "something before the helpdesk wants a login"
    if status == 403:
        return "the web server does not let us in"
    if status in (404, 405):
        return (
            "check `base_url`, which should end in `/nph-genericinterface.pl`,"
            " and `webservice_name`"
        )
    if status == 413:
        return "the text is longer than the web server accepts"
    return "the web server refuses the request"


def _wait(response: httpx.Response) -> float:
    """What `Retry-After` asks for, in seconds."""
    text = response.headers.get("retry-after", "")
    return min(float(text), _LONGEST_WAIT) if text.isdigit() else 0.0


def _shown(url: object) -> str:
    return printable(without_login(str(url)), 200)
