"""Claims in PostgreSQL on a bad day: a clear word, and nothing lost or done twice."""

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from otac.components import Fail, OTOBOZnunyTicketSystem, Unavailable, construct
from otac.components.claims import Claims, PostgresClaims, postgres
from otac.components.inspection import Asked, Problem
from stores import Postgres

IDS = ["7", "8"]
NAME = "otac claims"


@pytest.fixture
def server(postgres: Postgres) -> Iterator[Postgres]:
    postgres.sql("DROP SCHEMA IF EXISTS otac CASCADE")
    yield postgres
    postgres.freeze(NAME, thaw=True)


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A little, for faults that do not pass."""
    monkeypatch.setattr(postgres, "_PATIENCE_SECONDS", 1.0)


def claim(address: str, owner: str = "one") -> str | None:
    async def main() -> str | None:
        claims = Claims(PostgresClaims(address), "a")
        try:
            return await claims.claim("p", IDS, owner=owner, lease_seconds=60)
        finally:
            await claims.close()

    return asyncio.run(main())


def refusal(address: str) -> str:
    with pytest.raises(Fail) as caught:
        claim(address)
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    return str(caught.value)


def plain(server: Postgres) -> str:
    return server.url.replace("+asyncpg", "")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://u:geheim-9@h/d", "`claims` is not the address of a PostgreSQL"),
        ("claims.db", "`claims` is not the address of a PostgreSQL"),
        ("postgresql://u:geheim-9/x@h/d", "write `/` as %2F"),
        ("postgresql://u:geheim-9@h:port/d", "cannot be used"),
        ("postgresql://u:geheim-9@h/d?sslmode=perhaps", "cannot be used"),
    ],
)
def test_an_address_that_is_none(address: str, words: str) -> None:
    said = refusal(address)
    assert words in said
    assert "geheim-9" not in said


def test_what_lasts_is_said_at_once(server: Postgres, tmp_path: Path) -> None:
    claim(server.url)
    address = plain(server)
    said = refusal(f"{address}_of_elsewhere")
    assert 'database "prefect_of_elsewhere" does not exist' in said
    assert "no TLS" in refusal(f"{address}?sslmode=require")
    said = refusal(address.replace("prefect@", "nobody:geheim-9@"))
    assert "nobody" in said
    assert "geheim-9" not in said
    server.sql("UPDATE otac.format SET version = 2")
    assert "have format 2, and this otac knows format 1" in refusal(address)
    server.sql("DROP SCHEMA otac CASCADE")
    server.sql("DROP ROLE IF EXISTS reader")
    server.sql("CREATE ROLE reader LOGIN")
    assert "permission denied" in refusal(address.replace("prefect@", "reader@"))
    # Where somebody has made the schema for it, it needs no more.
    server.sql("CREATE SCHEMA otac AUTHORIZATION reader")
    assert claim(address.replace("prefect@", "reader@")) == "7"
    server.sql("DROP SCHEMA otac CASCADE")


def test_a_wrong_password(server: Postgres) -> None:
    server.sql("DROP ROLE IF EXISTS locked")
    server.sql("CREATE ROLE locked LOGIN PASSWORD 'right'")
    with server.asks_for_passwords():
        address = plain(server).replace("prefect@", "locked:geheim-9@")
        said = refusal(address)
        assert 'password authentication failed for user "locked"' in said
        assert "geheim-9" not in said


@pytest.mark.usefixtures("patience")
def test_none_there() -> None:
    with pytest.raises(Unavailable, match="cannot connect to the claims database"):
        claim("postgresql://u:geheim-9@127.0.0.1:1/d")


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    assert 'pip install "otac[postgres]"' in refusal("postgresql://h/d")


def test_a_full_disk_is_waited_for(
    server: Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    claim(server.url)
    server.sql(
        "CREATE FUNCTION otac.no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'could not extend file: No space left on device'"
        " USING ERRCODE = 'disk_full'; END $$"
    )
    server.sql(
        "CREATE TRIGGER no_room BEFORE INSERT ON otac.claims EXECUTE FUNCTION otac.no_room()"
    )

    def empty() -> None:
        # Once it was said; the claim is waited for anyway.
        end = time.monotonic() + 30
        while "No space left" not in caplog.text and time.monotonic() < end:
            time.sleep(0.1)
        server.sql("DROP TRIGGER no_room ON otac.claims")

    thread = threading.Thread(target=empty)
    thread.start()
    with caplog.at_level(logging.WARNING):
        assert claim(server.url, "other") == "8"
    thread.join()
    assert caplog.text.count("No space left on device; trying again") == 1


def test_the_database_is_away_for_ten_seconds(server: Postgres) -> None:
    async def main() -> None:
        claims = Claims(PostgresClaims(server.url), "a")
        first = await claims.claim("p", IDS, owner="one", lease_seconds=60)
        assert first == "7"
        await asyncio.to_thread(server.crash)

        async def back() -> None:
            await asyncio.sleep(10)
            await asyncio.to_thread(server.start)

        coming = asyncio.create_task(back())
        await claims.finish("p", "7", owner="one")
        await coming
        again = [
            await claims.claim("p", IDS, owner="two", lease_seconds=60) for _ in IDS
        ]
        assert again == ["8", None]
        await claims.close()

    asyncio.run(main())


@pytest.mark.usefixtures("patience")
def test_a_run_that_ends_without_the_database_says_so_and_ends(
    server: Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        claims = Claims(PostgresClaims(server.url), "a")
        await claims.claim("p", IDS, owner="one", lease_seconds=60)
        await asyncio.to_thread(server.end)
        try:
            await claims.release("p", owner="one")
        finally:
            await asyncio.to_thread(server.start)
        await claims.close()

    asyncio.run(main())
    assert "claims end by themselves, and not at once" in caplog.text


def test_a_frozen_connection_is_given_up(
    server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_ANSWER_SECONDS", 1.0)

    async def main() -> None:
        claims = Claims(PostgresClaims(server.url), "a")
        await claims.claim("p", IDS, owner="one", lease_seconds=60)
        assert await asyncio.to_thread(server.freeze, NAME)
        await claims.finish("p", "7", owner="one")
        assert await claims.claim("p", IDS, owner="two", lease_seconds=60) == "8"
        await claims.close()

    asyncio.run(main())


def test_a_cancelled_question_leaves_a_connection_that_works(server: Postgres) -> None:
    async def main() -> None:
        claims = Claims(PostgresClaims(server.url), "a")
        await claims.claim("p", IDS, owner="one", lease_seconds=60)
        assert await asyncio.to_thread(server.freeze, NAME)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await claims.finish("p", "7", owner="one")
        await asyncio.to_thread(lambda: server.freeze(NAME, thaw=True))
        await claims.finish("p", "7", owner="one")
        await claims.close()

    asyncio.run(main())


def test_online_it_is_asked(server: Postgres) -> None:
    def problems(address: str) -> list[Problem]:
        async def main() -> list[Problem]:
            return [one async for one in PostgresClaims(address).inspect()]

        return asyncio.run(main())

    assert problems(server.url) == []
    # Nothing is made.
    assert server.sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'otac'") == "0"
    (found,) = problems(f"{server.url}_of_elsewhere")
    assert (found.kind, found.parameter) == ("unusable", "claims")
    (found,) = problems("postgresql://127.0.0.1:1/d")
    assert found.kind == "unreachable"
    server.sql("DROP ROLE IF EXISTS looker")
    server.sql("CREATE ROLE looker LOGIN")
    (found,) = problems(server.url.replace("prefect@", "looker@"))
    assert (found.kind, found.help) == (
        "right",
        "`CREATE SCHEMA otac AUTHORIZATION <user>`",
    )


def test_a_ticket_system_asks_it_too(server: Postgres) -> None:
    system = construct(
        OTOBOZnunyTicketSystem,
        {
            "base_url": "http://127.0.0.1:1/otobo/nph-genericinterface.pl",
            "password": "x",
            "claims": f"{server.url}_of_elsewhere",
        },
    )

    async def main() -> list[Problem]:
        return [one async for one in system.inspect(Asked(seconds=5))]

    assert "claims" in [one.parameter for one in asyncio.run(main())]
