"""Claims in PostgreSQL, for workers on any number of machines.

Each statement is a transaction by itself, so a worker that is killed or frozen holds no lock.
Each may be repeated, so a lost connection means one more attempt, and no more.
"""

import asyncio
import logging
import random
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from importlib import import_module
from time import monotonic
from typing import Any, TypeAlias, TypeVar

from otac.address import UNESCAPED, is_torn, without_login
from otac.components.claims.rules import ClaimDialect, ClaimRule
from otac.components.inspection import Problem
from otac.components.outcome import Fail, Misconfigured, Unavailable
from otac.extras import install

T = TypeVar("T")
# It has no types.
_Connection: TypeAlias = Any

_logger = logging.getLogger("otac.components")

CLAIMS_SCHEMA: dict[str, Any] = {
    "pattern": r"^\s*postgres(?:ql)?(?:\+asyncpg)?://\S+\s*$",
    "x-expected": "an address that starts with `postgresql://`",
}

# A statement takes a millisecond; a connection that is silent for longer is given up.
_ANSWER_SECONDS = 5.0
# A database that is restarted, or fails over to another machine, is back by then.
_PATIENCE_SECONDS = 45.0
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0

_FORMAT = 1
_DIALECT = ClaimDialect(
    schema="otac.",
    now="extract(epoch FROM clock_timestamp())::float8",
    wanted="(SELECT value::bigint AS value, key"
    " FROM json_array_elements_text(?1::json) WITH ORDINALITY AS each (value, key))",
    returning_owner="RETURNING owner",
)
# Only the one who makes the tables waits for this: "otcl" in ASCII.
_LOCK = "SELECT pg_advisory_xact_lock(1869898604)"
_TABLES = f"""
CREATE TABLE otac.claims (
    purpose text NOT NULL,
    ticket_id bigint NOT NULL,
    owner text NOT NULL,
    leased_until float8 NOT NULL,
    attempts integer NOT NULL,
    finished integer NOT NULL,
    PRIMARY KEY (purpose, ticket_id)
);
CREATE INDEX claims_held ON otac.claims (purpose, owner) WHERE finished = 0;
CREATE TABLE otac.setbacks (
    purpose text NOT NULL,
    ticket_id bigint NOT NULL,
    runs integer NOT NULL,
    last_run text NOT NULL,
    left_out_until float8 NOT NULL,
    PRIMARY KEY (purpose, ticket_id)
);
CREATE TABLE otac.format (version integer NOT NULL);
INSERT INTO otac.format VALUES ({_FORMAT});
"""
# Asked of tables: a function such as `to_regclass` may answer as before the wait.
_HAS_SCHEMA = "SELECT count(*) FROM pg_namespace WHERE nspname = 'otac'"
_HAS_TABLES = (
    "SELECT count(*) FROM pg_tables WHERE schemaname = 'otac' AND tablename = 'format'"
)
# What a further attempt does not mend: the login, the name of the database, a right, and
# statements that this schema does not take.
_LASTING = ("28", "3D", "42", "0A")


@dataclass(slots=True)
class _HeldConnection:
    """The connection of one event loop; it cannot be used in another one."""

    loop: asyncio.AbstractEventLoop
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    connection: _Connection | None = None


class PostgresClaims:
    """The schema `otac` of a database; it is made when it is first needed."""

    def __init__(self, address: str) -> None:
        """`Misconfigured` for what cannot be one; connects to nothing yet."""
        scheme, mark, rest = address.strip().partition("://")
        # Prefect's way to write it does as well.
        if not mark or scheme not in (
            "postgresql",
            "postgres",
            "postgresql+asyncpg",
        ):
            raise Misconfigured(
                "`claims` is not the address of a PostgreSQL, such as"
                " `postgresql://user:password@host:5432/database`"
            )
        self._address = f"postgresql://{rest}"
        self.shown = without_login(self._address)
        if is_torn(self._address):
            raise Misconfigured(f"the address under `claims` is torn: {UNESCAPED}")
        self._held: _HeldConnection | None = None

    async def read(self, make: Callable[[], ClaimRule[T]]) -> T:
        return await self.write(make)

    async def write(self, make: Callable[[], ClaimRule[T]]) -> T:
        """Tries again until it works or patience ends: `Unavailable`, or `Fail`."""
        held = self._here()
        end = monotonic() + _PATIENCE_SECONDS
        pause = _FIRST_PAUSE
        while True:
            try:
                # In order, one at a time: a connection carries one statement.
                async with held.lock:
                    return await self._once(held, make())
            except Unavailable as error:
                if monotonic() + pause > end:
                    raise
                if pause == _FIRST_PAUSE:
                    _logger.warning("%s; trying again", error)
            # Not all at once when it is back.
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def close(self) -> None:
        held, self._held = self._held, None
        if held is None or held.connection is None:
            return
        if held.loop is not asyncio.get_running_loop() or held.connection.is_closed():
            return
        try:
            await held.connection.close(timeout=1.0)
        except (OSError, TimeoutError):
            held.connection.terminate()

    async def inspect(self) -> AsyncIterator[Problem]:
        """Whether it can be used; makes and changes nothing."""
        try:
            connection = await self._connect()
            try:
                async with asyncio.timeout(_ANSWER_SECONDS):
                    if not await self._is_ready(connection):
                        may = await connection.fetchval(
                            "SELECT has_database_privilege(current_database(),'CREATE')"
                            " OR coalesce(has_schema_privilege("
                            "to_regnamespace('otac'), 'CREATE'), false)"
                        )
                        if not may:
                            yield Problem(
                                kind="right",
                                message=f"the claims in `{self.shown}` cannot be made:"
                                " this user may create no schema there",
                                help="`CREATE SCHEMA otac AUTHORIZATION <user>`",
                                parameter="claims",
                            )
            finally:
                connection.terminate()
        except Exception as error:  # noqa: BLE001  each is told as what it is
            clear = error
            if not isinstance(error, Fail | Unavailable):
                clear = self._clear(error)
            yield Problem(
                kind="unusable" if isinstance(clear, Fail) else "unreachable",
                message=str(clear),
                parameter="claims",
            )

    def _here(self) -> _HeldConnection:
        loop = asyncio.get_running_loop()
        if self._held is None or self._held.loop is not loop:
            self._held = _HeldConnection(loop)
        return self._held

    async def _once(self, held: _HeldConnection, rule: ClaimRule[T]) -> T:
        try:
            if held.connection is None or held.connection.is_closed():
                held.connection = await self._connect()
                async with asyncio.timeout(_ANSWER_SECONDS):
                    await self._prepare(held.connection)
            async with asyncio.timeout(_ANSWER_SECONDS):
                return await _play(held.connection, rule)
        except BaseException as error:
            # Also where this is cancelled: nobody knows what it is still waiting for.
            if held.connection is not None:
                held.connection.terminate()
                held.connection = None
            if isinstance(error, Fail) or not isinstance(error, Exception):
                raise
            raise self._clear(error) from None

    async def _connect(self) -> _Connection:
        try:
            asyncpg = _asyncpg()
        except ImportError:
            raise Misconfigured(
                f"claims in PostgreSQL need a package: {install('postgres')}"
            ) from None
        try:
            return await asyncpg.connect(
                self._address,
                timeout=_ANSWER_SECONDS,
                server_settings={
                    "application_name": "otac claims",
                    # Where this end is gone or frozen, the other one lets go by itself.
                    "statement_timeout": "10s",
                    "idle_in_transaction_session_timeout": "10s",
                },
            )
        except Exception as error:  # noqa: BLE001  asyncpg's, the network's, TLS's
            raise self._clear(error) from None

    async def _is_ready(self, connection: _Connection) -> bool:
        """Whether the tables are there; `Fail` for those of another otac."""
        if not await connection.fetchval(_HAS_TABLES):
            return False
        version = await connection.fetchval("SELECT version FROM otac.format")
        if version != _FORMAT:
            raise Fail(
                f"the claims in `{self.shown}` have format {version}, and this otac"
                f" knows format {_FORMAT}: let all workers have the same otac"
            )
        return True

    async def _prepare(self, connection: _Connection) -> None:
        if await self._is_ready(connection):
            return
        async with connection.transaction():
            await connection.execute(_LOCK)
            # Another worker may have been first.
            if await self._is_ready(connection):
                return
            if not await connection.fetchval(_HAS_SCHEMA):
                await connection.execute("CREATE SCHEMA otac")
            await connection.execute(_TABLES)

    def _clear(self, error: Exception) -> Fail | Unavailable:
        """What it means; none of asyncpg's own exceptions is shown, nor a login."""
        asyncpg = _asyncpg()
        where = f"the claims database `{self.shown}`"
        match error:
            case Fail() | Unavailable():
                return error
            case TimeoutError():
                return Unavailable(f"{where} has not answered in {_ANSWER_SECONDS:g} s")
            case asyncpg.PostgresError():
                said = str(error.args[0]) if error.args else type(error).__name__
                lasting = (error.sqlstate or "").startswith(_LASTING)
                text = f"{where} says: {said}"
                return Misconfigured(text) if lasting else Unavailable(text)
            case ssl.SSLError():
                return Misconfigured(
                    f"{where}: no TLS ({getattr(error, 'verify_message', error)})"
                )
            case ConnectionError() if "SSL" in str(error):
                return Misconfigured(
                    f"{where} has no TLS, and `sslmode` of its address wants it"
                )
            # One kind of it is about the address, and a ValueError as well.
            case asyncpg.InterfaceError() | OSError() if not isinstance(
                error, ValueError
            ):
                reason = getattr(error, "strerror", None) or type(error).__name__
                return Unavailable(f"cannot connect to {where}: {reason}")
            case _:
                # It quotes the address, and a password with it.
                return Misconfigured(
                    f"the address of {where} cannot be used ({type(error).__name__})"
                )


def _asyncpg() -> Any:
    # Not before it is needed: it takes 0.1 s, and not everybody has it.
    return import_module("asyncpg")


async def _play(connection: _Connection, rule: ClaimRule[T]) -> T:
    try:
        statement, values = next(rule)
        while True:
            text = statement.format_map(_DIALECT._asdict()).replace("?", "$")
            rows = await connection.fetch(text, *values)
            statement, values = rule.send([tuple(row) for row in rows])
    except StopIteration as end:
        result: T = end.value
        return result
