"""How long tests, corrections and questions to the world take.

Of tests and corrections, the CPU time of all processes counts: on two idle cores that is more
than the wall time, and on a machine with other work it stays the same. Of questions, the wall
time: four helpdesks give one byte of their answers every tenth of a second, without an end.
"""

import socket
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.process import OTAC, cost
from benchmarks.row import Row

_CONFIG = """\
services:
  desk: {use: SqliteTicketSystem, params: {path: helpdesk.db}}
  words: {use: KeywordClassifier, params: {labels: {Billing: [invoice]}, word_precision: 0.8}}
orchestrator:
  runners:
    - pipe_id: steps
      pipe:
        steps:
          - id: fetch
            use: FetchTickets
            ticket_search_criteria: {queue: {name: Incoming}, limit: 1000}
          - id: each
            for_each: "{{ get_pipe_result('fetch', 'fetched_tickets') }}"
            max_concurrency: 4
            steps:
              - {id: label, use: Classify, text: "{{ item.subject }}"}
              - id: move
                if: "{{ get_pipe_result('label', 'label') is not none }}"
                use: UpdateTicket
                ticket_id: "{{ item.id }}"
                updated_ticket: {queue: {name: "{{ get_pipe_result('label', 'label') }}"}}
    - pipe_id: route
      pipe: {use: ProcessTickets, queue: Incoming, queues: {Billing: ""}, priorities: {}}
"""
_TEST = """\
  - name: number {n}
    runner: {runner}
    tickets:
      - {{id: 1, queue: Incoming, subject: an invoice, age: 3h}}
      - {{id: 2, queue: Incoming, subject: hm}}
    expect: {{state: Completed, tickets: {{1: {{queue: Billing}}, 2: {{queue: Incoming}}}}}}
"""
_THOUSAND = """\
tests:
  - name: a thousand
    runner: steps
    tickets: tickets.csv
    expect: {state: Completed, tickets: {1: {queue: Billing}, 1000: {queue: Incoming}}}
"""
_HEAD = """\
services: {desk: {use: SqliteTicketSystem, params: {path: helpdesk.db}}}
orchestrator:
  runners:
"""
# Runners, and how many findings each has: what is seen at once, what hides all that follows it,
# and what is behind another mistake.
_WRONG = {
    "misspelt keys": ("{pipe_id: rN, tagz: [a], pipe: {use: CheckEscalations}}", 1),
    "missing commas": ("{pipe_id: rN, pipe: {use: CheckEscalations retries: 2}}", 1),
    "one behind the other": (
        "{pipe_id: rN, pipe: {use: CheckEscalatoins, tagz: [a]}}",
        2,
    ),
}
_FINDINGS = 200
_DESKS = 4


def assurance() -> list[Row]:
    """`otac test`, `check --fix` and `check --online`."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            *_testing(Path(folder) / "tests"),
            *_fixing(Path(folder)),
            _asking(Path(folder)),
        ]


def _testing(folder: Path) -> list[Row]:
    (folder / "tests").mkdir(parents=True)
    (folder / "config.yml").write_text(_CONFIG, "utf-8")
    runners = ("steps", "route")
    tests = [_TEST.format(n=n, runner=runners[n % 2]) for n in range(200)]
    tickets = ["id,queue,subject,body"]
    for n in range(1, 1001):
        subject = "an invoice" if n % 2 else "hm"
        tickets.append(f"{n},Incoming,{subject},{'some words ' * 50}")
    (folder / "tests" / "tickets.csv").write_text("\n".join(tickets), "utf-8")
    rows: list[Row] = []
    for what, text, limit in (
        ("200 tests", "tests:\n" + "".join(tests), 5.0),
        ("a thousand tickets in one test", _THOUSAND, 10.0),
    ):
        (folder / "tests" / "some.yml").write_text(text, "utf-8")
        cpu = cost([OTAC, "test"], folder).cpu
        rows.append(Row(f"`otac test`: {what}, CPU", cpu, limit, "", " s"))
    return rows


def _fixing(folder: Path) -> list[Row]:
    rows: list[Row] = []
    for what, (runner, findings) in _WRONG.items():
        runners = range(_FINDINGS // findings)
        lines = (f"    - {runner.replace('N', str(n))}\n" for n in runners)
        (folder / "config.yml").write_text(_HEAD + "".join(lines), "utf-8")
        cpu = cost([OTAC, "check", "config.yml", "--fix"], folder).cpu
        name = f"`otac check --fix`, {_FINDINGS} findings: {what}, CPU"
        rows.append(Row(name, cpu, 2.0, "", " s"))
    return rows


def _asking(folder: Path) -> Row:
    services, runners = "", ""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_accept, args=(server,), daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/nph-genericinterface.pl"
        for n in range(_DESKS):
            services += f"  d{n}: {{use: OTOBOZnunyTicketSystem, base_url: '{url}', password: '{{{{ env.HOME }}}}'}}\n"
            runners += f"    - {{pipe_id: r{n}, pipe: {{use: FetchTickets, ticket_search_criteria: {{}}, injects: {{ticket_system: d{n}}}}}}}\n"
        config = f"services:\n{services}orchestrator:\n  runners:\n{runners}"
        (folder / "config.yml").write_text(config, "utf-8")
        command = [OTAC, "check", "config.yml", "--online"]
        wall = cost(command, folder, status=3).wall
    what = (
        f"`otac check --online` of {_DESKS} helpdesks that never come to an end, wall"
    )
    return Row(what, wall, 30.0, "20 s for each, side by side", " s")


def _accept(server: socket.socket) -> None:
    with suppress(OSError):
        while True:
            connection, _ = server.accept()
            threading.Thread(target=_drip, args=(connection,), daemon=True).start()


def _drip(connection: socket.socket) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    with connection, suppress(OSError):
        connection.sendall(head + b"Content-Length: 100000\r\n\r\n")
        while True:
            connection.sendall(b" ")
            time.sleep(0.1)


def main() -> None:
    """Prints these rows alone: `python -m benchmarks.assurance`."""
    for row in assurance():
        print(f"| {row.what} | {row.value:.2f} s | {row.limit:g} s |")


if __name__ == "__main__":
    main()
