"""Claims in a file of their own."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from otac.components import Fail
from otac.components.sqlite.claim_file import ClaimFile

IDS = ["7", "8"]


def claim(claims: ClaimFile, owner: str, seconds: float = 60) -> str | None:
    return asyncio.run(claims.claim("p", IDS, owner, seconds))


def test_runs_share_the_file(tmp_path: Path) -> None:
    path = str(tmp_path / "not" / "there" / "claims.db")
    one, other = ClaimFile(path, "a"), ClaimFile(path, "a")
    assert claim(one, "one") == "7"
    assert claim(other, "other") == "8"
    assert claim(other, "other") is None
    asyncio.run(one.release("p", "one"))
    assert claim(other, "other") == "7"
    asyncio.run(other.finish("p", "7", "other"))
    asyncio.run(other.release("p", "other"))
    assert claim(ClaimFile(path, "a"), "third") == "8"
    assert claim(ClaimFile(path, "a"), "third") is None


def test_ticket_systems_and_purposes_do_not_meet(tmp_path: Path) -> None:
    path = str(tmp_path / "claims.db")
    one, other = ClaimFile(path, "a"), ClaimFile(path, "b")
    assert claim(one, "one") == "7"
    assert claim(other, "other") == "7"
    assert asyncio.run(one.claim("q", IDS, "one", 60)) == "7"


def test_the_lease_of_a_killed_run_ends(tmp_path: Path) -> None:
    claims = ClaimFile(str(tmp_path / "claims.db"), "a")
    assert claim(claims, "killed", seconds=0) == "7"
    # The one that was claimed less often comes first.
    assert claim(claims, "next") == "8"
    assert claim(claims, "next") == "7"


def test_claims_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    claims = ClaimFile(None, "a")
    assert [claim(claims, "one") for _ in range(3)] == ["7", "8", None]
    assert claim(ClaimFile(None, "a"), "two") == "7"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_none_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "helpdesk.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (a)")
    connection.close()
    with pytest.raises(Fail, match="is the database of another program"):
        claim(ClaimFile(str(path), "a"), "one")
    with pytest.raises(Fail, match=r"the claims file `.*` cannot be used: unable to"):
        claim(ClaimFile(str(tmp_path), "a"), "one")
    (tmp_path / "file").write_text("")
    with pytest.raises(Fail, match=r"the claims file `.*` cannot be made"):
        claim(ClaimFile(str(tmp_path / "file" / "claims.db"), "a"), "one")
