"""A queue of 60 tickets of a real Znuny is worked through.

`python -m benchmarks.drain_znuny` measures `ProcessTickets`, and a flow of small steps that
takes one ticket a run, as configurations for Open Ticket AI do. `--file CONFIG --runner ID`
puts a configuration in the place of the latter: its runner must take one ticket a run from the
queue `Incoming` and end as `Stopped` where there is none, and may read ZNUNY_URL, ZNUNY_USER
and ZNUNY_PASSWORD.

The peer does the same for one ticket after the other with plain HTTP, in the six requests the
original runtime makes, without any of the rest that a runtime does. OTAC_ZNUNY_URL says where
the Znuny is (`../shared/znuny/up` builds one).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.row import Row

TICKETS = 60
# So many are enough where each takes as long as the one before.
_SAMPLE = 15
# What the original runtime needs for 60 tickets on a machine with two cores.
_ORIGINAL_SECONDS = 124.0
_URL = "http://127.0.0.1:8088/otrs/nph-genericinterface.pl"
_QUEUES = """\
        Billing: invoices, payments, refunds, charges, reminders and bank details
        IT Support: computers, passwords, network, VPN, email, printers and software
        HR: vacation, sick leave, salary, payslips, contracts and training
"""
_CONFIGURATION = f"""\
services:
  otobo_znuny:
    use: OTOBOZnunyTicketSystem
    params:
      base_url: "{{{{ get_env('ZNUNY_URL') }}}}"
      username: "{{{{ get_env('ZNUNY_USER') }}}}"
      password: "{{{{ get_env('ZNUNY_PASSWORD') }}}}"
      queues:
{_QUEUES}
  classifier: {{use: EmbeddingClassifier}}
orchestrator:
  runners:
    - pipe_id: drain
      pipe: {{use: ProcessTickets, queue: Incoming}}
"""
_ONE_A_RUN = (
    _CONFIGURATION.partition("orchestrator:")[0]
    + f"""\
orchestrator:
  defaults: {{retries: 0}}
  runners:
    - pipe_id: one_a_run
      pipe:
        steps:
          - id: fetch
            use: FetchTickets
            ticket_search_criteria: {{queue: {{name: Incoming}}, limit: 1}}
          - id: none_left
            use: Expression
            expression: >-
              {{{{ stop('no tickets')
              if get_pipe_result('fetch', 'fetched_tickets') | length == 0 else 'some' }}}}
          - id: ticket
            use: Expression
            expression: "{{{{ get_pipe_result('fetch', 'fetched_tickets')[0] }}}}"
          - id: queue
            use: Classify
            text: "{{{{ get_pipe_result('ticket').subject }}}} {{{{ get_pipe_result('ticket').body }}}}"
            labels:
{_QUEUES.replace("        ", "              ")}
          - id: queue_decided
            use: Expression
            expression: >-
              {{{{ get_pipe_result('queue', 'label')
              if get_pipe_result('queue', 'confidence') >= 0.6 else 'Misc' }}}}
          - id: move
            use: UpdateTicket
            ticket_id: "{{{{ get_pipe_result('ticket').id }}}}"
            updated_ticket: {{queue: {{name: "{{{{ get_pipe_result('queue_decided') }}}}"}}}}
          - id: note_queue
            use: AddNote
            ticket_id: "{{{{ get_pipe_result('ticket').id }}}}"
            note: {{subject: Queue, body: "{{{{ get_pipe_result('queue_decided') }}}}"}}
          - id: priority
            use: Classify
            text: "{{{{ get_pipe_result('ticket').subject }}}} {{{{ get_pipe_result('ticket').body }}}}"
            labels:
              3 normal: a question, a request, please send me, I would like, how do I
              4 high: urgent, I cannot work, broken, blocked, deadline
          - id: priority_decided
            use: Expression
            expression: >-
              {{{{ get_pipe_result('priority', 'label')
              if get_pipe_result('priority', 'confidence') >= 0.6 else '3 normal' }}}}
          - id: raise
            use: UpdateTicket
            ticket_id: "{{{{ get_pipe_result('ticket').id }}}}"
            updated_ticket: {{priority: {{name: "{{{{ get_pipe_result('priority_decided') }}}}"}}}}
          - id: note_priority
            use: AddNote
            ticket_id: "{{{{ get_pipe_result('ticket').id }}}}"
            note: {{subject: Priority, body: "{{{{ get_pipe_result('priority_decided') }}}}"}}
"""
)

_MEASURE = """\
import asyncio, json, os, sys, time
from importlib import import_module
from prefect.testing.utilities import prefect_test_harness
from benchmarks.znuny_queue import ZnunyQueue
folder, module, function, count = sys.argv[1:]
os.chdir(folder)
sys.path.insert(0, folder)
flow = getattr(import_module(module), function)
queue = ZnunyQueue()
async def main():
    await queue.fill(0)
    await flow(return_state=True)
    await queue.fill(int(count))
    runs, start = 0, time.perf_counter()
    while True:
        state = await flow(return_state=True)
        if state.name == "Stopped":
            break
        assert state.is_completed(), state.message
        runs += 1
    seconds = time.perf_counter() - start
    print(json.dumps([seconds, runs, await queue.handled()]))
with prefect_test_harness(server_startup_timeout=120):
    asyncio.run(main())
"""


def drain_znuny(file: Path | None = None, runner: str = "one_a_run") -> list[Row]:
    """Seconds and ratios; the peer is measured between the two."""
    with tempfile.TemporaryDirectory() as name:
        drained = _measure(Path(name) / "drain", _CONFIGURATION, "drain", TICKETS)
        peer = _run(["-m", "benchmarks.znuny_queue", str(_SAMPLE)])
        text = _ONE_A_RUN if file is None else file.read_text(encoding="utf-8")
        single = _measure(Path(name) / "single", text, runner, _SAMPLE)
    peer, single = (seconds / _SAMPLE * TICKETS for seconds in (peer, single))
    what = f"draining {TICKETS} tickets of a Znuny"
    original = "a tenth of the original runtime"
    plain = "the same requests, one after the other"
    return [
        Row(
            f"{what}, `ProcessTickets`", drained, _ORIGINAL_SECONDS / 10, original, " s"
        ),
        Row(f"{what}, `ProcessTickets`", drained / peer, 0.3, plain),
        Row(
            f"{what}, one a run",
            single,
            _ORIGINAL_SECONDS,
            "the original runtime",
            " s",
        ),
        Row(f"{what}, one a run", single / peer, 2.0, plain),
    ]


def _measure(folder: Path, text: str, runner: str, count: int) -> float:
    """Seconds for a queue of so many tickets, until a run finds nothing more."""
    folder.mkdir()
    (folder / "config.yml").write_text(text, encoding="utf-8")
    otac = Path(sys.executable).with_name("otac")
    subprocess.run([otac, "build", "-q", "config.yml"], cwd=folder, check=True)
    (module,) = (folder / "generated" / "flows").glob(f"{runner.replace('-', '_')}.py")
    name = module.stem
    return _run(
        ["-c", _MEASURE, str(folder), f"generated.flows.{name}", name, f"{count}"]
    )


def _run(arguments: list[str]) -> float:
    """The seconds that a process of its own measures."""
    home = tempfile.mkdtemp()
    try:
        done = subprocess.run(
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            env={
                "ZNUNY_URL": os.environ.get("OTAC_ZNUNY_URL", _URL),
                "ZNUNY_USER": "open_ticket_ai",
                "ZNUNY_PASSWORD": "otaipw",
                **os.environ,
                "PREFECT_HOME": home,
                "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
                "DO_NOT_TRACK": "1",
                "PREFECT_LOGGING_LEVEL": "ERROR",
            },
        )
    finally:
        shutil.rmtree(home, ignore_errors=True)
    seconds, runs, handled = json.loads(done.stdout.splitlines()[-1])
    sys.stderr.write(f"{handled} tickets in {runs} runs: {seconds:.1f} s\n")
    return float(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drain_znuny")
    parser.add_argument("--file", type=Path, help="a configuration, one ticket a run")
    parser.add_argument("--runner", default="one_a_run", help="its runner")
    arguments = parser.parse_args()
    for row in drain_znuny(arguments.file, arguments.runner):
        print(
            f"| {row.what} | {row.value:.3f}{row.unit} | {row.limit:g}{row.unit} | {row.peer} |"
        )


if __name__ == "__main__":
    main()
