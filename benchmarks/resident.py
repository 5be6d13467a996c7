"""A tick of a resident runner that finds nothing, beside what its probe asks for."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.row import Row

CONFIGURATION = """\
services:
  helpdesk: {use: SqliteTicketSystem, path: helpdesk.db, seed: helpdesk.yml}
  classifier: {use: KeywordClassifier, labels: {Billing: [invoice], IT: [printer]}}
orchestrator:
  runners:
    - pipe_id: triage
      interval_seconds: 0.5
      pipe:
        steps:
          - id: fetch
            use: FetchTickets
            injects: {ticket_system: helpdesk}
            ticket_search_criteria: {queue: {name: Incoming}, limit: 1}
          - id: ticket
            use: Expression
            expression: >-
              {{ stop('no tickets') if not get_pipe_result('fetch', 'fetched_tickets')
              else get_pipe_result('fetch', 'fetched_tickets')[0] }}
          - id: classify
            use: Classify
            injects: {classification_service: classifier}
            text: "{{ get_pipe_result('ticket').subject }}"
          - id: update
            use: UpdateTicket
            injects: {ticket_system: helpdesk}
            ticket_id: "{{ get_pipe_result('ticket').id }}"
            updated_ticket: {queue: {name: "{{ get_pipe_result('classify', 'label') }}"}}
"""
SEED = "queues: {Incoming: new, Billing: invoices, IT: printers}\ntickets: []\n"

_MEASURE = """\
import asyncio, json, sys, time
from statistics import median
sys.path.insert(0, ".")
from generated import services
from generated.flows.triage import triage_tick
from otac.components import Named, TicketSearch
from otac.runtime import Window
async def main():
    search = TicketSearch(queue=Named(name="Incoming"), limit=1)
    window = Window(interval_seconds=0.001, window_seconds=3600)
    system = window.resources.services.get(services.helpdesk)
    requests, ticks = [], []
    async with window:
        async for tick in window:
            start = time.perf_counter()
            await tick.run(triage_tick)
            middle = time.perf_counter()
            await system.find(search)
            ticks.append(middle - start)
            requests.append(time.perf_counter() - middle)
            if window.ticks == 1000:
                break
    assert window.worked == 0
    print(json.dumps([1000 * median(ticks), 1000 * median(requests)]))
asyncio.run(main())
"""


def resident() -> list[Row]:
    """The medians of a thousand ticks and of as many requests, in turns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.yml").write_text(CONFIGURATION, encoding="utf-8")
        (folder / "helpdesk.yml").write_text(SEED, encoding="utf-8")
        otac = Path(sys.executable).with_name("otac")
        subprocess.run([otac, "build", "-q", "config.yml"], cwd=folder, check=True)
        done = subprocess.run(
            [sys.executable, "-c", _MEASURE],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PREFECT_HOME": str(folder / "home")},
        )
        tick, request = json.loads(done.stdout.splitlines()[-1])
    what = "an idle tick of two steps, beside its request"
    return [Row(what, tick - request, 2.0, f"the request: {request:.1f} ms", " ms")]
