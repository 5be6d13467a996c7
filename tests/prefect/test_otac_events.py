"""Runners that others start and notifications, deployed by `otac deploy`: they fire."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fleet_project import Fleet
from server_process import Server, until
from webhook import Webhook

pytestmark = pytest.mark.slow

_HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def webhook() -> Iterator[Webhook]:
    webhook = Webhook()
    yield webhook
    webhook.close()


@pytest.fixture(scope="module")
def events(
    server: Server, webhook: Webhook, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fleet]:
    """The project in the folder `events`, deployed, and a worker."""
    folder = tmp_path_factory.mktemp("events")
    shutil.copy(_HERE / "events" / "config.yml", folder)
    shutil.copy(_HERE / "project" / "acme.py", folder)
    secret = f"http://{webhook.address}/failed"
    code = (
        "from prefect.blocks.system import Secret\n"
        f"Secret(value={secret!r}).save('events-hook', _sync=True, overwrite=True)\n"
    )
    server.run(folder, "python", "-c", code)
    fleet = Fleet(server, folder)
    fleet.build()
    addresses = {
        "EVENTS_LATE": f"json://{webhook.address}/late",
        "EVENTS_VERY_LATE": f"http://{webhook.address}/very-late?key=s3cret",
    }
    command = ("deploy", "config.yml", "--yes", "--create-pools")
    done = fleet.otac(*command, **addresses)
    assert done.status == 0, done.err
    assert "s3cret" not in done.err
    again = fleet.otac("plan", "config.yml", **addresses)
    assert again.status == 0, again.out
    worker = server.start(
        server.home, "prefect", "worker", "start", "--pool", "events", "--limit", "2"
    )
    try:
        yield fleet
    finally:
        worker.kill()


def _completed(server: Server, runner: str) -> list[dict[str, Any]]:
    return [one for one in server.flow_runs(runner) if one["state_type"] == "COMPLETED"]


def test_notifications_reach_people(
    server: Server, events: Fleet, webhook: Webhook
) -> None:
    server.run_now("events_late")
    server.ended(server.run_now("events_broken"))
    (failed,) = until("the webhook", lambda: webhook.got("/failed") or None)
    assert failed["subject"] == "events_broken: Failed"
    assert "step `print` failed: ValueError: out of paper" in failed["message"]

    (late,) = until("the late one", lambda: webhook.got("/late") or None)
    assert late["title"] == "events_late: Late"
    assert "of events_late is Late" in late["message"]

    path = "/very-late?key=s3cret"
    (very_late,) = until("the very late one", lambda: webhook.got(path) or None)
    assert very_late == {
        "subject": "A run is late",
        "message": "Nobody works {{ on it }}.",
    }
    # Nobody else's run is late or failed, and nobody is told twice.
    assert [len(webhook.got(one)) for one in ("/failed", "/late", path)] == [1, 1, 1]


def test_a_runner_starts_after_one_other_and_after_two(
    server: Server, events: Fleet
) -> None:
    first = server.ended(server.run_now("events_first"))
    assert first["state_type"] == "COMPLETED"
    (after,) = until("B", lambda: _completed(server, "events_after") or None)
    assert after["start_time"] > first["end_time"]
    # One of two is not enough.
    assert server.flow_runs("events_after_both") == []

    second = server.ended(server.run_now("events_second"))
    (both,) = until("C", lambda: _completed(server, "events_after_both") or None)
    assert both["start_time"] > second["end_time"]
    # Each must complete anew before it starts again.
    server.ended(server.run_now("events_second"))
    server.ended(server.run_now("events_first"))
    until("C again", lambda: len(_completed(server, "events_after_both")) > 1 or None)
    assert len(server.flow_runs("events_after_both")) == 2
    assert len(server.flow_runs("events_after")) == 2


def test_the_address_is_stored_where_it_is_hidden(
    server: Server, events: Fleet, webhook: Webhook
) -> None:
    """Prefect's API shows it to nobody who does not ask for secrets; nor does its file."""
    blocks = {
        one["name"]: one
        for one in server.post("block_documents/filter")
        if str(one["name"]).startswith("events-on-")
    }
    assert set(blocks) == {"events-on-failure", "events-on-late", "events-on-very-late"}
    assert webhook.address not in str(blocks)
    database = (server.home / "prefect.db").read_bytes()
    assert b"key=s3cret" not in database
    log = (server.home / "prefect-server.log").read_text("utf-8")
    assert "s3cret" not in log


def test_an_address_that_is_not_known_is_told(events: Fleet) -> None:
    done = events.otac("plan", "config.yml")
    assert done.status == 3
    assert "error[OTC540]" in done.err
    assert "the environment variable `EVENTS_LATE` is not set" in done.err
