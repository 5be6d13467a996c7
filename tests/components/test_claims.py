"""Claims and setbacks: the same rules in a file and in PostgreSQL."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from otac.components import Fail
from otac.components.claims import Claims, PostgresClaims
from otac.components.setbacks import Setback
from otac.components.sqlite.claim_file import claim_file
from stores import Postgres

T = TypeVar("T")
IDS = ["7", "8"]
HOUR = 3600

# Claims of a ticket system by its name, in one database; another machine makes its own.
Open = Callable[[str], Claims]


@pytest.fixture(params=["file", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    if request.param == "file":
        path = str(tmp_path / "not" / "there" / "claims.db")
        return lambda system: claim_file(path, system)
    postgres: Postgres = request.getfixturevalue("postgres")
    postgres.sql("DROP SCHEMA IF EXISTS otac CASCADE")
    return lambda system: Claims(PostgresClaims(postgres.url), system)


def run(claims: Claims, work: Coroutine[Any, Any, T]) -> T:
    async def main() -> T:
        try:
            return await work
        finally:
            await claims.close()

    return asyncio.run(main())


def claim(
    claims: Claims, owner: str, seconds: float = 60, purpose: str = "p"
) -> str | None:
    return run(claims, claims.claim(purpose, IDS, owner=owner, lease_seconds=seconds))


def finish(claims: Claims, ticket: str, owner: str) -> None:
    run(claims, claims.finish("p", ticket, owner=owner))


def release(claims: Claims, owner: str) -> None:
    run(claims, claims.release("p", owner=owner))


def set_back(claims: Claims, ticket: str, name: str, after: int = 2) -> Setback:
    return run(claims, claims.set_back("p", ticket, run=name, after=after))


class TestStores:
    def test_runs_share_it(self, store: Open) -> None:
        one, other = store("a"), store("a")
        assert claim(one, "one") == "7"
        assert claim(other, "other") == "8"
        assert claim(other, "other") is None
        release(one, "one")
        assert claim(other, "other") == "7"
        finish(other, "7", "other")
        release(other, "other")
        assert claim(store("a"), "third") == "8"
        assert claim(store("a"), "third") is None

    def test_ticket_systems_and_purposes_do_not_meet(self, store: Open) -> None:
        one, other = store("a"), store("b")
        assert claim(one, "one") == "7"
        assert claim(other, "other") == "7"
        assert claim(one, "one", purpose="q") == "7"

    def test_the_lease_of_a_killed_run_ends(self, store: Open) -> None:
        claims = store("a")
        assert claim(claims, "killed", seconds=0) == "7"
        # The one that was claimed less often comes first.
        assert claim(claims, "next") == "8"
        assert claim(claims, "next") == "7"
        # Whoever lost it cannot finish it, nor give it back.
        finish(claims, "7", "killed")
        release(claims, "killed")
        assert claim(claims, "third") is None
        release(claims, "next")
        assert [claim(claims, "third") for _ in IDS] == ["8", "7"]

    def test_a_lease_begins_anew_while_it_has_not_ended(self, store: Open) -> None:
        claims = store("a")

        def renew(owner: str, ticket: str = "7") -> bool:
            return run(claims, claims.renew("p", ticket, owner=owner, lease_seconds=60))

        claim(claims, "killed", seconds=0)
        assert not renew("killed")
        assert [claim(claims, "one"), claim(claims, "one")] == ["8", "7"]
        assert renew("one")
        assert not renew("killed")
        finish(claims, "7", "one")
        assert not renew("one")

    def test_eight_that_ask_at_once_get_eight(self, store: Open) -> None:
        ids = [str(number) for number in range(1, 9)]

        async def ask(owner: str) -> str | None:
            claims = store("a")
            try:
                return await claims.claim("p", ids, owner=owner, lease_seconds=60)
            finally:
                await claims.close()

        async def main() -> list[str | None]:
            return await asyncio.gather(*map(ask, "abcdefghi"))

        got = asyncio.run(main())
        assert sorted(one for one in got if one is not None) == ids
        assert got.count(None) == 1

    def test_setbacks(self, store: Open) -> None:
        one, other = store("a"), store("b")
        assert run(one, one.setbacks("p")) == {}
        assert set_back(one, "7", "r1") == set_back(one, "7", "r1") == Setback(1, 0)
        second = set_back(one, "7", "r2")
        assert second.runs == 2
        assert 0.9 * HOUR < second.seconds <= HOUR
        # Told once more by the same run: it does not begin anew.
        assert set_back(one, "7", "r2").seconds < second.seconds
        assert set_back(one, "7", "r3").seconds > 1.9 * HOUR
        (kept,) = run(one, one.setbacks("p")).values()
        assert kept.runs == 3
        assert run(other, other.setbacks("p")) == run(one, one.setbacks("q")) == {}
        run(one, one.recovered("p", ["7", "8"]))
        assert run(one, one.setbacks("p")) == {}

    def test_what_is_no_ticket(self, store: Open) -> None:
        with pytest.raises(Fail, match="there is no ticket `seven`"):
            finish(store("a"), "seven", "one")


def test_whoever_only_looks_leaves_no_file(tmp_path: Path) -> None:
    claims = claim_file(str(tmp_path / "claims.db"), "a")
    assert run(claims, claims.setbacks("p")) == {}
    assert list(tmp_path.iterdir()) == []


def test_claims_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    claims = claim_file(None, "a")

    async def main() -> list[str | None]:
        return [
            await claims.claim("p", IDS, owner="one", lease_seconds=60)
            for _ in range(3)
        ]

    assert run(claims, main()) == ["7", "8", None]
    assert claim(claim_file(None, "a"), "two") == "7"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_none_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "helpdesk.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (a)")
    connection.close()
    with pytest.raises(Fail, match="is the database of another program"):
        claim(claim_file(str(path), "a"), "one")
    with pytest.raises(Fail, match=r"the claims file `.*` cannot be used: unable to"):
        claim(claim_file(str(tmp_path), "a"), "one")
    (tmp_path / "file").write_text("")
    with pytest.raises(Fail, match=r"the claims file `.*` cannot be made"):
        claim(claim_file(str(tmp_path / "file" / "claims.db"), "a"), "one")
