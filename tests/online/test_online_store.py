"""`otac check --online` on a store of tickets, and on components of one's own."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from online_check import Check, lines

from command import otac

CONFIG = """\
services:
  store: {use: SqliteTicketSystem, params: {path: "{{ env.STORE }}"}}
  words: {use: KeywordClassifier, params: {labels: {Billing: [invoice]}}}
orchestrator:
  runners:
    - pipe_id: route
      pipe: {use: ProcessTickets, queue: Incomming}
    - pipe_id: close
      pipe:
        use: UpdateTicket
        ticket_id: "1"
        updated_ticket: {state: {name: closed sucessful}, priority: {name: urgent}}
    - pipe_id: make
      pipe: {use: CreateTicket, new_ticket: {subject: a, queue: {name: Brand new}}}
"""
STORE = {"STORE": "helpdesk.db"}
SEED = 'queues: {Incoming: "", Billing: ""}\n'
SOUND = (
    CONFIG.replace("Incomming", "Incoming")
    .replace("sucessful", "successful")
    .replace("urgent", "4 high")
)
WHO = "service `store`: the store `helpdesk.db` has no"
FOUND = [
    f"config.yml:7:42: OTC680 {WHO} queue `Incomming`",
    f"config.yml:12:40: OTC680 {WHO} state `closed sucessful`",
    f"config.yml:12:76: OTC680 {WHO} priority `urgent`",
]


def test_names_are_those_of_the_seed_and_no_store_is_made(
    check: Check, tmp_path: Path
) -> None:
    (tmp_path / "helpdesk.yml").write_text(SEED, encoding="utf-8")
    done = check(CONFIG, **STORE)
    assert (done.status, lines(done)) == (1, FOUND)
    assert not (tmp_path / "helpdesk.db").exists()
    done = check(SOUND, **STORE)
    assert (done.status, lines(done)) == (0, ["config.yml is fine"])


def test_names_are_those_of_a_store_that_is_there(check: Check, tmp_path: Path) -> None:
    (tmp_path / "helpdesk.yml").write_text(SEED, encoding="utf-8")
    (tmp_path / "config.yml").write_text(SOUND, encoding="utf-8")
    route = otac("run", "config.yml", "route", cwd=tmp_path, timeout=500, **STORE)
    assert route.status == 0, route.err
    with closing(sqlite3.connect(tmp_path / "helpdesk.db")) as connection:
        connection.execute("INSERT INTO queues (name, description) VALUES ('HR', '')")
        connection.commit()
        before = list(connection.iterdump())
    done = check(
        CONFIG.replace("Incomming", "HR").replace("sucessful", "successful"),
        STORE="helpdesk.db",
    )
    assert lines(done) == [FOUND[2].replace(":76:", ":77:")]
    with closing(sqlite3.connect(tmp_path / "helpdesk.db")) as connection:
        assert list(connection.iterdump()) == before


def test_the_nearest_name_is_offered(check: Check, tmp_path: Path) -> None:
    (tmp_path / "helpdesk.yml").write_text(SEED, encoding="utf-8")
    done = check(CONFIG, "--format", "full", **STORE)
    assert "did you mean `Incoming`?" in done.err
    assert "did you mean `closed successful`?" in done.err


def test_a_file_of_variables_counts_for_more_than_the_environment(
    check: Check, tmp_path: Path
) -> None:
    done = check(SOUND)
    unset = "config.yml:2:59: OTC387 environment variable `STORE` is not set"
    assert (done.status, lines(done)) == (1, [unset])
    (tmp_path / "test.env").write_text("STORE='test.db'\n", encoding="utf-8")
    done = check(SOUND, "--env-file", "test.env", STORE="production.db")
    assert "the store `test.db` has no queue `Incoming`" in done.err
    assert "production" not in done.err


def test_what_is_no_store(check: Check, tmp_path: Path) -> None:
    (tmp_path / "helpdesk.db").write_bytes(b"not a store" * 100)
    done = check(SOUND, **STORE)
    (line,) = lines(done)
    assert line.startswith("config.yml:2:3: OTC683 service `store`: the ticket store")
    assert done.status == 1
    assert (tmp_path / "helpdesk.db").read_bytes() == b"not a store" * 100
    done = check(SOUND, STORE="no/helpdesk.db")
    assert (
        "OTC681 service `store`: the store `no/helpdesk.db` cannot be made" in done.err
    )


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everything"
)
def test_a_store_that_cannot_be_written(check: Check, tmp_path: Path) -> None:
    (tmp_path / "helpdesk.yml").write_text(SEED, encoding="utf-8")
    check(SOUND, **STORE)
    sqlite3.connect(tmp_path / "helpdesk.db").close()
    (tmp_path / "helpdesk.db").chmod(0o400)
    assert "cannot be written" in check(SOUND, **STORE).err


OWN = """\
from otac.components import Asked, Problem
import asyncio, time


class Pager:
    def __init__(self, token: str) -> None:
        self._token = token

    async def inspect(self, asked: Asked):
        yield Problem(kind="right", message=f"{self._token} may not page", name="night",
                      what="shift", known=("nights",), certain=False)
        raise ConnectionError(f"lost {self._token}")


class Mute:
    def __init__(self) -> None: ...


class Hanging:
    def __init__(self) -> None:
        time.sleep(3600)


async def page(shift: str, pager: Pager, mute: Mute) -> dict[str, bool]:
    return {}


async def hang(hanging: Hanging) -> dict[str, bool]:
    return {}
"""
OF_ONES_OWN = """\
services:
  pager: {use: acme:Pager, params: {token: "{{ env.PAGER_TOKEN }}"}}
  mute: {use: acme:Mute}
  slow: {use: acme:Hanging}
orchestrator:
  runners:
    - pipe_id: page
      pipe:
        steps:
          - {id: page, use: acme:page, shift: day, injects: {pager: pager, mute: mute}}
          - {id: hang, use: acme:hang, injects: {hanging: slow}}
"""


def test_components_of_ones_own(check: Check, tmp_path: Path) -> None:
    (tmp_path / "acme.py").write_text(OWN, encoding="utf-8")
    done = check(OF_ONES_OWN, PAGER_TOKEN="s3cret-of-the-pager")
    found = {line.partition(": ")[2] for line in lines(done)}
    assert "OTC681 warning: service `pager`: *** may not page" in found, done.err
    assert "OTC580 service `pager`: ConnectionError: lost ***" in found
    assert "OTC584 note: service `mute`: `Mute` cannot be asked" in found
    # What it does keeps nobody else waiting, and not the command.
    late = "OTC580 service `slow`: it has not answered within 20 s"
    assert late in found
    assert done.status == 3
    assert "s3cret" not in done.err


def test_download_alone_is_wrong(tmp_path: Path) -> None:
    done = otac("check", "config.yml", "--download", cwd=tmp_path)
    assert done.status == 2
