"""`otac check --online` asks a real Znuny."""

import subprocess
from pathlib import Path

import httpx
import pytest
from znuny_system import PASSWORD, USER, Znuny

from command import Finished, otac

pytestmark = pytest.mark.znuny

CONFIG = """\
services:
  desk:
    use: OTOBOZnunyTicketSystem
    params:
      base_url: "{{ env.DESK }}"
      password: "{{ env.DESK_PASSWORD }}"
      webservice_name: "{{ get_env('DESK_SERVICE', default='OpenTicketAI') }}"
  words: {use: KeywordClassifier, params: {labels: {Billing: [invoice]}}}
orchestrator:
  runners:
    - pipe_id: route
      pipe: {use: ProcessTickets, queue: Incomming, queues: {Billing: "", HR: ""}}
    - pipe_id: close
      pipe:
        use: UpdateTicket
        ticket_id: "1"
        updated_ticket: {state: {name: closed sucessful}, priority: {name: urgent}}
"""
SOUND = (
    CONFIG.replace("Incomming", "Incoming")
    .replace("sucessful", "successful")
    .replace("urgent", "4 high")
)


def check(znuny: Znuny, folder: Path, config: str, **environment: str) -> Finished:
    (folder / "config.yml").write_text(config, encoding="utf-8")
    command = ("check", "config.yml", "--online")
    given = {"DESK": znuny.url, "DESK_PASSWORD": PASSWORD, **environment}
    return otac(*command, cwd=folder, timeout=300, **given)


def newest(znuny: Znuny) -> str:
    """The tickets that there are, and when each was last changed."""
    answer = httpx.post(
        f"{znuny.url}/Webservice/OpenTicketAI/ticket-search",
        json={"UserLogin": USER, "Password": PASSWORD, "Limit": 1000},
        timeout=60,
    )
    ids = answer.json().get("TicketID") or ["0"]
    found = httpx.post(
        f"{znuny.url}/Webservice/OpenTicketAI/ticket-get",
        json={"UserLogin": USER, "Password": PASSWORD, "TicketID": ids},
        timeout=60,
    )
    tickets = found.json().get("Ticket") or []
    return "\n".join(f"{one['TicketID']} {one['Changed']}" for one in tickets)


def test_names_are_asked_for_and_nothing_is_made(znuny: Znuny, tmp_path: Path) -> None:
    before = newest(znuny)
    done = check(znuny, tmp_path, CONFIG)
    assert done.status == 1, done.err
    for name, meant in (
        ("queue `Incomming`", "Incoming"),
        ("state `closed sucessful`", "closed successful"),
    ):
        _, told, after = done.err.partition(f"the helpdesk has no {name}")
        assert told, done.err
        # In the same finding, if it could know of that name.
        found = after.partition("\n\n")[0]
        assert meant == "Incoming" or f"did you mean `{meant}`?" in found
    assert "the helpdesk has no priority `urgent`" in done.err
    assert "`HR`" not in done.err
    assert newest(znuny) == before
    done = check(znuny, tmp_path, SOUND)
    assert done.status == 0, done.err


def test_the_nearest_queue_is_one_that_was_seen(znuny: Znuny, tmp_path: Path) -> None:
    made = httpx.post(
        f"{znuny.url}/Webservice/OpenTicketAI/ticket-create",
        json={
            "UserLogin": USER,
            "Password": PASSWORD,
            "Ticket": {
                "Title": "a",
                "Queue": "Incoming",
                "State": "new",
                "Priority": "3 normal",
                "CustomerUser": "c1",
            },
            "Article": {
                "Subject": "a",
                "Body": "a",
                "ContentType": "text/plain; charset=utf8",
            },
        },
        timeout=60,
    )
    assert "TicketID" in made.json(), made.text
    done = check(znuny, tmp_path, CONFIG)
    assert "did you mean `Incoming`?" in done.err


def test_what_is_wrong_with_the_way_there(znuny: Znuny, tmp_path: Path) -> None:
    wrong = check(znuny, tmp_path, SOUND, DESK_PASSWORD="wr0ng-pa55word")
    assert "error[OTC581]" in wrong.err
    assert "config.yml:6:17" in wrong.err
    assert "wr0ng" not in wrong.err
    missing = check(znuny, tmp_path, SOUND, DESK_SERVICE="nothere")
    assert "error[OTC580]" in missing.err
    assert "config.yml:7:24" in missing.err
    assert "look at `webservice_name`" in missing.err
    assert (wrong.status, missing.status) == (3, 3)


def test_a_right_that_the_agent_lacks(znuny: Znuny, tmp_path: Path) -> None:
    if znuny.root is None:
        pytest.skip("the console of this Znuny is not known")
    console = ["perl", "/usr/share/otrs/bin/otrs.Console.pl"]
    for command in (
        ["Admin::Group::Add", "--name", "others"],
        ["Admin::Queue::Add", "--name", "Locked", "--group", "others"],
    ):
        subprocess.run(
            ["chroot", "--userspec=otrs:www-data", znuny.root, *console, *command],
            check=True,
            capture_output=True,
        )
    done = check(znuny, tmp_path, SOUND.replace("HR", "Locked"))
    told = f"warning[OTC681]: service `desk`: agent `{USER}` may not create tickets in"
    assert f"{told} queue `Locked`" in done.err, done.err
