"""The HTTP connections to the helpdesk: few, kept open, given back at the end."""

import asyncio
from dataclasses import dataclass

import httpx

# Below the five seconds after which Apache closes an idle connection: a request that meets
# the closing would be lost without a trace.
_IDLE_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class _Pool:
    """What one event loop uses; none of it may cross over to another."""

    loop: asyncio.AbstractEventLoop
    client: httpx.AsyncClient
    # Waiting for a connection must not count as a slow server.
    free: asyncio.Semaphore


class Connections:
    """A bounded pool, opened when first used."""

    def __init__(
        self, login: tuple[str, str] | None, limit: int, timeout_seconds: float
    ) -> None:
        self._login = login
        self._limit = limit
        self._timeout = timeout_seconds
        self._pool: _Pool | None = None

    async def post(self, url: str, content: bytes) -> httpx.Response:
        """The answer, whatever its status. Raises httpx's errors and TimeoutError."""
        pool = self._open()
        async with pool.free, asyncio.timeout(self._timeout):
            return await pool.client.post(
                url, content=content, headers={"Content-Type": "application/json"}
            )

    def impatient(self, seconds: float) -> "Connections":
        """Others to the same place, whose requests may take so long."""
        return Connections(self._login, self._limit, seconds)

    async def close(self) -> None:
        """Closes them until the next request."""
        pool, self._pool = self._pool, None
        if pool is not None and pool.loop is asyncio.get_running_loop():
            await pool.client.aclose()

    def _open(self) -> _Pool:
        loop = asyncio.get_running_loop()
        if self._pool is None or self._pool.loop is not loop:
            client = httpx.AsyncClient(
                auth=self._login,
                # The one above covers all of a request; this one tells a server that does
                # not even accept the connection from one that is slow.
                timeout=httpx.Timeout(None, connect=self._timeout * 0.9),
                limits=httpx.Limits(
                    max_connections=self._limit,
                    max_keepalive_connections=self._limit,
                    keepalive_expiry=_IDLE_SECONDS,
                ),
            )
            self._pool = _Pool(loop, client, asyncio.Semaphore(self._limit))
        return self._pool
