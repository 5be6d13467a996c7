"""Prefect's REST API over one connection."""

import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx

from otac.clock_header import seconds_ahead
from otac.deploy.exchange import Unfit, exchange
from otac.deploy.settings import Settings

_PAGE = 200
_ATTEMPTS = 8
# SQLite lets one write at a time and answers 503 to the other; a proxy or Prefect Cloud
# asks for patience with the rest.
PASSING = frozenset((408, 429, 502, 503))
_FIRST_WAIT_SECONDS = 0.25
_LONGEST_WAIT_SECONDS = 5.0
_LONGEST_DETAIL = 300
_CONFLICT = 409
# What follows is the repr of a validation error, with the value that it refused.
_QUOTING = re.compile(r"Error (creating|updating) deployment: ")


# An endless list is a fault of the server's; nobody has as many deployments.
_MOST_THINGS = 100_000
_STRANGE = "the answer is not what Prefect's API gives"


class ApiError(Exception):
    """The server did not answer, or refused.

    `status` is the HTTP status, None where there was no answer. The message says what the
    server says, and never what it was told.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


@contextmanager
def understood() -> Iterator[None]:
    """For work on what a server has answered, which can be anything.

    What is missing in it, or of another kind, is the server's fault and said so; with
    OTAC_TRACEBACK it is raised as it is, since it may be ours.
    """
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as odd:
        if os.environ.get("OTAC_TRACEBACK"):
            raise
        raise ApiError(
            f"{_STRANGE} ({type(odd).__name__}: {odd})"[:_LONGEST_DETAIL]
        ) from odd


class Api:
    """The API that `settings` name. Entering it opens the connection."""

    def __init__(self, settings: Settings, attempts: int = _ATTEMPTS) -> None:
        """`attempts` are made of a request to a server that is busy or restarts."""
        self.url = settings.url
        self._attempts = attempts
        # How far the server's clock was ahead of this machine's in its last answer.
        self.seconds_ahead = 0.0
        self._seconds = settings.timeout_seconds
        try:
            self._client = httpx.Client(
                base_url=settings.url,
                headers=dict(settings.headers),
                timeout=settings.timeout_seconds,
                verify=_verification(settings),
                http2=settings.http2 and _has_http2(),
                trust_env=settings.proxies,
            )
        except (httpx.InvalidURL, ValueError):
            # What they say quotes the address, or that of a proxy.
            raise ApiError(
                "the address, or that of a proxy in the environment, cannot be used"
            ) from None
        self._csrf = False

    def __enter__(self) -> Self:
        self._client.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.__exit__(kind, error, traceback)

    def get(self, path: str) -> Any:
        """What lies at a path, e.g. `/admin/version`."""
        return self._send("GET", path)

    def find(self, path: str) -> Any:
        """What lies at a path, or None if nothing does."""
        try:
            return self.get(path)
        except ApiError as problem:
            if problem.status == 404:
                return None
            raise

    def post(self, path: str, body: object, *, again: bool = True) -> Any:
        """Send a body. Without `again`, it is not repeated where the answer got lost."""
        return self._send("POST", path, body, again=again)

    def put(self, path: str, body: object) -> None:
        self._send("PUT", path, body)

    def patch(self, path: str, body: object) -> None:
        self._send("PATCH", path, body)

    def delete(self, path: str) -> None:
        """Delete one thing; somebody else may have been quicker."""
        try:
            self._send("DELETE", path)
        except ApiError as problem:
            if problem.status != 404:
                raise

    def every(
        self, kind: str, filters: Mapping[str, Any], *, key: str = "name"
    ) -> Iterator[dict[str, Any]]:
        """Everything of a kind that the filters let through, page after page.

        Each has a text behind `key`.
        """
        place = f"POST /{kind}/filter"
        for offset in range(0, _MOST_THINGS, _PAGE):
            window = {"limit": _PAGE, "offset": offset}
            page = self.post(f"/{kind}/filter", {**filters, **window})
            if not isinstance(page, list) or not all(
                isinstance(one, dict) and isinstance(one.get(key), str) for one in page
            ):
                raise ApiError(f"{place}: {_STRANGE}")
            yield from page
            if len(page) < _PAGE:
                return
        raise ApiError(f"{place}: there are more than {_MOST_THINGS:,} of them")

    def _send(
        self, method: str, path: str, body: object = None, *, again: bool = True
    ) -> Any:
        place = f"{method} {path}"
        for attempt in range(1, self._attempts + 1):
            try:
                answer = exchange(
                    self._client,
                    method,
                    path,
                    body,
                    self._token_headers(method),
                    self._seconds,
                )
            except httpx.ConnectError as problem:
                # Nothing was sent. A server that restarts comes back, a wrong address
                # does not.
                if attempt >= min(self._attempts, 3):
                    raise ApiError(_reason(problem)) from None
            except Unfit as problem:
                raise ApiError(f"{place}: {problem}") from None
            except (httpx.HTTPError, httpx.InvalidURL) as problem:
                lasting = attempt >= min(self._attempts, 3)
                if not again or lasting or not isinstance(problem, _LOST):
                    raise ApiError(f"{place}: {_reason(problem)}") from None
            else:
                self.seconds_ahead = seconds_ahead(answer.headers.get("date"))
                if answer.is_success:
                    return _content(place, answer)
                if self._wants_token(answer):
                    self._csrf = True
                    continue
                if answer.status_code not in PASSING or attempt == self._attempts:
                    raise ApiError(f"{place}: {_detail(answer)}", answer.status_code)
            time.sleep(min(_FIRST_WAIT_SECONDS * 2**attempt, _LONGEST_WAIT_SECONDS) / 2)
        raise AssertionError("the last attempt returns or raises")

    def _wants_token(self, answer: httpx.Response) -> bool:
        return (
            not self._csrf
            and answer.status_code == 403
            and "csrf" in answer.text[:_LONGEST_DETAIL].lower()
        )

    def _token_headers(self, method: str) -> dict[str, str]:
        """The token of a server that protects itself from forged requests."""
        if not self._csrf or method == "GET":
            return {}
        if "Prefect-Csrf-Token" not in self._client.headers:
            client = str(uuid4())
            token = self.get(f"/csrf-token?client={client}")["token"]
            self._client.headers["Prefect-Csrf-Client"] = client
            self._client.headers["Prefect-Csrf-Token"] = token
        return {}


# The request may have arrived, and the answer did not.
_LOST = (httpx.TimeoutException, httpx.ReadError, httpx.RemoteProtocolError)


def _content(place: str, answer: httpx.Response) -> Any:
    if not answer.content:
        return None
    try:
        return answer.json()
    except (ValueError, RecursionError):
        raise ApiError(
            f"{place}: the answer is no JSON, so this is no Prefect API"
        ) from None


def _detail(answer: httpx.Response) -> str:
    """The status, and what the server says about it.

    Where it finds fault with a body it quotes the body: of that, only the places are told.
    """
    said: object = None
    try:
        said = answer.json()
    except (ValueError, RecursionError):
        said = answer.reason_phrase
    if isinstance(said, dict):
        said = said.get("exception_detail") or said.get("detail") or ""
    if isinstance(said, list):
        said = "; ".join(
            f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}"
            for one in said
            if isinstance(one, dict)
            and isinstance(one.get("loc"), list)
            and isinstance(one.get("msg"), str)
        )
    text = " ".join(str(said).split())[:_LONGEST_DETAIL]
    if answer.status_code == _CONFLICT and (error := _QUOTING.match(text)):
        text = f"{error[0]}a value does not fit its schema"
    return f"HTTP {answer.status_code}{f': {text}' if text else ''}"


def _reason(problem: Exception) -> str:
    if isinstance(problem, httpx.TimeoutException):
        return "there was no answer in time"
    text = " ".join(str(problem).split()) or type(problem).__name__
    return text[:_LONGEST_DETAIL]


def _verification(settings: Settings) -> Any:
    if not settings.verify:
        return False
    if settings.certificates is None:
        return True
    import ssl

    try:
        return ssl.create_default_context(cafile=settings.certificates)
    except OSError:
        raise ApiError("the file of PREFECT_API_SSL_CERT_FILE cannot be read") from None


def _has_http2() -> bool:
    from importlib.util import find_spec

    return find_spec("h2") is not None
