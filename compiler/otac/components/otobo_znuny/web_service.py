"""Calls to the Generic Interface: retries, and clear errors."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from copy import copy
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import SecretStr

from otac.clock_header import seconds_ahead
from otac.components.otobo_znuny.address import Address
from otac.components.otobo_znuny.connections import Connections
from otac.components.otobo_znuny.faults import (
    Fault,
    LoginRefused,
    ServiceError,
    read,
)
from otac.components.otobo_znuny.operations import Operation, OperationUrls
from otac.components.outcome import Misconfigured, Unavailable

_FIRST_WAIT = 0.5


class Unsettled(Unavailable):
    """Nobody knows whether the helpdesk has done what it was asked.

    `is_late`: it may still do it.
    """

    def __init__(self, message: str, *, is_late: bool = False) -> None:
        super().__init__(message)
        self.is_late = is_late


class WebService:
    """One web service, as one agent."""

    def __init__(
        self,
        address: Address,
        name: str,
        routes: OperationUrls,
        login: tuple[str, SecretStr],
        *,
        timeout_seconds: float,
        retries: int,
        max_connections: int,
    ) -> None:
        self.url = f"{address.url}/Webservice/{quote(name, safe='')}"
        self._routes = routes
        self._login = login
        self._timeout = timeout_seconds
        self._retries = retries
        # How far the helpdesk's clock was ahead of this machine's when it last answered.
        self.difference = 0.0
        self._connections = Connections(address.login, max_connections, timeout_seconds)

    async def call(
        self, operation: Operation, data: Mapping[str, Any], *, repeatable: bool = True
    ) -> dict[str, Any]:
        """The answer; `repeatable` tells that doing it twice is the same as once.

        Raises `Fail` if another attempt would end the same way, `ServiceError` if the
        helpdesk says what it does not like, `Unavailable` if the fault may pass, and
        `Unsettled` if it may already have been done and must not be done twice.
        """
        attempt = 0
        while True:
            # Nothing is raised inside of `except`: httpx's exceptions hold the request, and
            # that holds the password.
            answer = await self.ask(operation, data)
            if not isinstance(answer, Fault):
                return answer
            if answer.arrived and not repeatable:
                raise Unsettled(f"{answer}", is_late=answer.is_late)
            if attempt == self._retries:
                times = f" ({attempt + 1} attempts)" if attempt else ""
                raise Unavailable(f"{answer}{times}")
            await asyncio.sleep(max(_FIRST_WAIT * 2**attempt, answer.wait_seconds))
            attempt += 1

    async def close(self) -> None:
        """Closes the connections until the next call."""
        await self._connections.close()

    def impatient(self, seconds: float) -> "WebService":
        """The same with connections of its own; a request may take no longer than this."""
        other = copy(self)
        other._timeout = min(self._timeout, seconds)
        other._connections = self._connections.impatient(other._timeout)
        return other

    async def ask(
        self, operation: Operation, data: Mapping[str, Any]
    ) -> dict[str, Any] | Fault:
        """The answer to one attempt, or the fault that may pass; raises as `call`."""
        url = f"{self.url}/{self._routes.route(operation)}"
        user, password = self._login
        login = {"UserLogin": user, "Password": password.get_secret_value()}
        # ASCII, so that nothing on the way can misread it.
        content = json.dumps({**login, **data}).encode("ascii")
        failed: Exception
        try:
            response = await self._connections.post(url, content)
            self.difference = seconds_ahead(response.headers.get("date"))
            return read(response)
        except Fault as fault:
            return fault
        except ServiceError as error:
            if error.code != "AuthFail":
                raise
            failed = LoginRefused(
                f"the helpdesk does not let user `{user}` in: check `username` and"
                " `password`, and that this agent is valid"
            )
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            failed = self._explain(error)
        if isinstance(failed, Fault):
            return failed
        raise failed

    def _explain(self, error: Exception) -> Exception:
        match error:
            case httpx.ConnectError() if _is_about_trust(error):
                return Misconfigured(
                    f"the certificate of `{self.url}` is not trusted: name a file with"
                    " the authority's certificate in the variable SSL_CERT_FILE"
                )
            case httpx.ConnectError() | httpx.ConnectTimeout():
                return Fault(
                    f"cannot connect to `{self.url}`: is it running, and can it be"
                    " reached from here?",
                    arrived=False,
                )
            case httpx.UnsupportedProtocol() | httpx.InvalidURL():
                return Misconfigured("`base_url` is not an address")
            case TimeoutError() | httpx.TimeoutException():
                return Fault(
                    f"`{self.url}` has not answered in {self._timeout:g} s"
                    " (Znuny does not answer either where it has no web service of"
                    " this name)",
                    arrived=True,
                    is_late=True,
                )
        return Fault(f"`{self.url}` closed the connection", arrived=True, is_late=True)


def _is_about_trust(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False
