"""Compiles the guide's configuration, deploys it on a Prefect server and lets it run.

Uses what a user would: the commands, and Prefect's API. Works in a temporary folder.
"""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from otac.components import SqliteTicketSystem
from otac.components.ticket_system import Ticket, TicketSearch

ROOT = Path(__file__).resolve().parents[1]
OTAC = Path(sys.executable).with_name("otac")
FINAL = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
PATIENCE_SECONDS = 300.0
BEGUN = time.monotonic()


def main() -> None:
    print("otac compiles a helpdesk's configuration to a Prefect project.")
    print(
        "Here is the guide's example, on a real Prefect server; it takes about a minute."
    )
    with tempfile.TemporaryDirectory(prefix="otac-demo-") as name:
        folder = Path(name)
        for file in ("config.yml", "helpdesk.yml"):
            shutil.copy(ROOT / file, folder)
        title("config.yml says what should run, and when")
        show(folder / "config.yml")
        build(folder)
        before = tickets(folder)
        with development(folder) as api:
            runs = run_each(api)
        show_tickets(before, tickets(folder))
    show_next_steps()
    if any(run["state"]["type"] != "COMPLETED" for run in runs):
        sys.exit("not every run completed")


def build(folder: Path) -> None:
    title("`otac build config.yml` checks it and writes a Prefect project")
    run = subprocess.run(
        [OTAC, "build", "config.yml", "--format", "concise"],
        cwd=folder,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    for line in run.stderr.splitlines():
        print(f"    {line}")
    if run.returncode != 0:
        sys.exit("the example does not build")
    title("Each runner is now a module: generated/flows/ticket_processor.py")
    show(folder / "generated" / "flows" / "ticket_processor.py")


@contextmanager
def development(folder: Path) -> Iterator["Api"]:
    """`otac dev` from the moment at which everything is deployed; ended afterwards."""
    title("`otac dev config.yml` starts a Prefect server and a worker, and deploys")
    dev = subprocess.Popen(
        [OTAC, "dev", "config.yml"],
        cwd=folder,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert dev.stderr is not None
    said = dev.stderr
    try:
        url = ""
        for line in said:
            print(f"    {line}".rstrip(), flush=True)
            if line.startswith("Prefect is at "):
                url = line.split()[-1]
            if line.startswith("Edit "):
                break
        else:
            sys.exit("it ended")
        # It goes on to tell which runs have ended; the API is asked for that below.
        threading.Thread(target=said.read, daemon=True).start()
        yield Api(f"{url}/api")
    finally:
        dev.terminate()
        dev.wait()


def run_each(api: "Api") -> list[dict[str, Any]]:
    """Let the worker run each deployment once; the final states, from the server."""
    title("The worker runs each deployment, now instead of in five or ten minutes")
    deployments = api.ask("/deployments/filter", {})
    runs = [
        api.ask(f"/deployments/{one['id']}/create_flow_run", {})
        for one in sorted(deployments, key=lambda one: str(one["name"]), reverse=True)
    ]
    names = {one["id"]: one["name"] for one in deployments}
    deadline = time.monotonic() + PATIENCE_SECONDS
    ended = []
    for run in runs:
        while run["state"]["type"] not in FINAL and time.monotonic() < deadline:
            time.sleep(0.5)
            run = api.ask(f"/flow_runs/{run['id']}")
        ended.append(run)
        state, seconds = run["state"], run["total_run_time"]
        name = names[run["deployment_id"]]
        message = f": {state['message']}" if state["message"] else ""
        print(f"    {name:20}{state['name']} after {seconds:.1f} s{message}")
    return ended


def tickets(folder: Path) -> dict[str, Ticket]:
    """Every open ticket by its id; the store is filled when it is first read."""
    store = SqliteTicketSystem(str(folder / "helpdesk.db"))
    return {one.id: one for one in asyncio.run(store.find(TicketSearch(limit=1000)))}


def show_tickets(before: dict[str, Ticket], after: dict[str, Ticket]) -> None:
    title("What that did to the tickets in helpdesk.db")
    print(f"    {'ticket':38}{'queue':28}priority")
    for number, was in sorted(before.items(), key=lambda item: int(item[0])):
        now = after[number]
        queue = change(was.queue.name, now.queue.name)
        priority = change(was.priority.name, now.priority.name)
        print(f"    {number:>3}  {shortened(was.subject, 31):33}{queue:28}{priority}")
    print(
        "\n    New tickets were routed, except where nothing was certain enough: 0.75 is asked for."
    )
    print(
        "    The certainty comes from the queues' descriptions in helpdesk.yml, compared with the"
    )
    print(
        "    words of a ticket, on a scale that was measured on real tickets. It is the"
    )
    print(
        "    probability of being right; `docs/decisions-on-tickets.md` shows how well it holds."
    )
    print("    Tickets that have been open for too long were raised.")
    title("Notes inside the tickets say why; two of them")
    noted = [
        one for one in after.values() if len(one.notes) > len(before[one.id].notes)
    ]
    for ticket in (noted[0], noted[-1]):
        print(f"    {ticket.id}  {ticket.subject}")
        for line in ticket.notes[-1].body.splitlines():
            print(f"       {line}".rstrip())


def show_next_steps() -> None:
    title(
        f"Done in {time.monotonic() - BEGUN:.0f} s; server and worker have ended. Next:"
    )
    print(
        "    .venv/bin/otac dev config.yml   the same, to stay: open the address it prints,\n"
        "                                    and edit config.yml meanwhile\n"
        "    docs/language.md                all that a configuration can say\n"
    )


def change(was: str | None, now: str | None) -> str:
    return str(now) if was == now else f"{was} -> {now}"


def shortened(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 3]}..."


def show(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        print(f"    {line}".rstrip())


def title(text: str) -> None:
    line = f"== {text}"
    if sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        line = f"\x1b[1m{line}\x1b[0m"
    print(f"\n{line}", flush=True)


class Api:
    """Prefect's REST API."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = build_opener(ProxyHandler({}))

    def ask(self, path: str, body: object = None) -> Any:
        """POST if there is a body, else GET."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = Request(self.url + path, data, headers)
        while True:
            try:
                with self.opener.open(request, timeout=60) as response:
                    return json.load(response)
            except HTTPError as problem:
                # SQLite lets one write at a time.
                if problem.code != 503:
                    raise
            time.sleep(0.5)


if __name__ == "__main__":
    # So that all is cleaned up, whoever ends this.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    main()
