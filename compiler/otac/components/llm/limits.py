"""How fast and how much a service may ask."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from otac.components.outcome import Unavailable


class Limits:
    """Counts requests and tokens of one service, which lives as long as a run."""

    def __init__(
        self, at_once: int, requests_per_minute: float | None, most_tokens: int | None
    ) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._pause = 0 if requests_per_minute is None else 60 / requests_per_minute
        self._most_tokens = most_tokens
        self._next = 0.0
        self.tokens = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A request's turn. Raises `Unavailable` once the tokens are used up."""
        async with self._places:
            self._check_budget()
            await self._wait()
            self._check_budget()
            yield

    def spend(self, tokens: int) -> None:
        """Count what a request has used."""
        self.tokens += tokens

    def _check_budget(self) -> None:
        if self._most_tokens is not None and self.tokens >= self._most_tokens:
            # Not the ticket's fault: the next run, with a budget of its own, takes it up.
            raise Unavailable(
                f"the {self._most_tokens} tokens that `tokens_per_run` allows are used up"
            )

    async def _wait(self) -> None:
        now = time.monotonic()
        due = max(now, self._next)
        self._next = due + self._pause
        if due > now:
            await asyncio.sleep(due - now)
