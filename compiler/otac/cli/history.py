"""Tickets to learn from, out of the ticket system of a configuration."""

import argparse
import hashlib
import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from otac.check.mentions import argument, keys_of, text_at
from otac.cli.configuration import Configuration
from otac.cli.interruption import interruptible
from otac.cli.progress import Progress
from otac.cli.terminal import Printing, say
from otac.cli.training_tickets import Tickets
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.frame import visible
from otac.diagnostics.suggest import nearest
from otac.emit.project_files import constructor_names
from otac.history.request import HistoryRequest
from otac.learning.examples import Example
from otac.local.home import Home, prepare_home
from otac.local.process import Process
from otac.local.scratch import write
from otac.lower.project import Project, calls
from otac.pipeline import Compiled

# What is kept of an interrupted reading is too old by then.
_KEPT_SECONDS = 86400.0
_ROUTER = "ProcessTickets"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The ticket system's service, the queues to learn, and those where tickets arrive."""

    service: str
    queues: tuple[str, ...]
    intake: frozenset[str]


def read_history(
    configuration: Configuration,
    compiled: Compiled,
    arguments: argparse.Namespace,
    since: datetime | None,
    progress: Progress,
) -> Tickets | str:
    """The closed tickets of the queues in question, or what is wrong with the usage.

    Pages that were read are kept until all are there: after an interruption, the next
    call goes on from them.
    """
    assert compiled.project is not None
    assert compiled.output is not None
    wanted = _wanted(compiled.project, arguments.runner)
    if isinstance(wanted, str):
        return wanted
    home = prepare_home(configuration.folder)
    if isinstance(home, Diagnostic):
        return Tickets((), "", {}, (home,))
    store = _store(home, configuration, wanted, (arguments.newest, arguments.since))
    with TemporaryDirectory(prefix="otac-") as folder:
        write(compiled.output, Path(folder), configuration.title)
        request = HistoryRequest(
            generated=folder,
            user=str(configuration.folder.resolve()),
            constructor=constructor_names(compiled.project.services)[wanted.service],
            queues=wanted.queues,
            since=None if since is None else since.isoformat(),
            newest=arguments.newest,
            store=str(store),
            known=tuple(entry["id"] for entry in _entries(store)),
        )
        asked = Path(folder) / "request.json"
        asked.write_text(request.encode(), encoding="utf-8")
        try:
            answer = _ask(asked, configuration, progress)
        except KeyboardInterrupt:
            progress.end()
            _say_kept(store, Printing.of(arguments))
            raise
    if isinstance(answer, str):
        kept = _kept(store)
        more = f"; {kept} tickets that were read are kept for it" if kept else ""
        problem = error(
            "OTC571",
            f"the tickets of `{wanted.service}` cannot be read: {answer}",
            help=f"run the same command again when this is mended{more}",
        )
        return Tickets((), "", {}, (problem,))
    entries = {entry["id"]: entry for entry in _entries(store)}
    found = [entries[one] for one in answer if one in entries]
    store.unlink(missing_ok=True)
    return _tickets(found, wanted, include_own=arguments.include_own)


def _say_kept(store: Path, printing: Printing) -> None:
    if kept := _kept(store):
        say(
            f"interrupted: {kept} tickets that were read are kept; the same command goes"
            " on",
            printing,
        )


def _ask(
    request: Path, configuration: Configuration, progress: Progress
) -> list[str] | str:
    """The ids, newest first, or why there are none."""
    ids: list[str] | None = None
    said = "the process that reads them ended"
    with (
        interruptible(),
        Process(
            "otac.history",
            str(request),
            environment=os.environ,
            folder=configuration.folder.resolve(),
            stdout=subprocess.PIPE,
        ) as process,
    ):
        for line in process.output:
            answer = json.loads(line)
            if "total" in answer:
                progress.count("reading tickets", answer["done"], answer["total"])
            ids = answer.get("ids", ids)
            said = answer.get("error", said)
        process.wait()
    return said if ids is None else ids


def _tickets(
    entries: list[dict[str, Any]], wanted: _Wanted, *, include_own: bool
) -> Tickets:
    """What was read, without what is no agent's judgement."""
    examples: list[Example] = []
    own = arrived = 0
    for entry in entries:
        labels = {"queue": entry["queue"], "priority": entry["priority"]}
        if labels["queue"] in wanted.intake:
            # Nobody has moved it, and nothing moves there.
            labels["queue"] = ""
            arrived += 1
        for what in entry["own"] if not include_own else ():
            own += what == "queue"
            labels[what] = ""
        examples.append(
            Example(
                entry["id"],
                entry["subject"],
                entry["body"],
                labels["queue"],
                labels["priority"],
                datetime.fromisoformat(entry["created"]),
            )
        )
    left_out = {
        "closed in the queue where tickets arrive": arrived,
        "moved by otac and corrected by nobody": own,
    }
    return Tickets(
        tuple(examples),
        f"closed tickets of `{wanted.service}`",
        {reason: count for reason, count in left_out.items() if count},
    )


def _wanted(project: Project, runner: str | None) -> _Wanted | str:
    """Which tickets: those that the runner could have moved."""
    runners = [one for one in project.runners if runner in (None, one.id)]
    if not runners:
        ids = [one.id for one in project.runners]
        near = nearest(runner or "", ids)
        hint = f"did you mean `{near}`?" if near else f"it has {_listed(ids)}"
        return f"there is no runner `{visible(runner or '')}`; {hint}"
    systems = [one.title for one in project.services if one.kind == "ticket_system"]
    routers = [
        (call, one)
        for one in runners
        for _, call in calls(one.steps)
        if call.component.name == _ROUTER
    ]
    used = {
        injection.service
        for one in runners
        for _, call in calls(one.steps)
        for injection in call.injections
        if injection.service in systems
    }
    services = sorted(used) or systems
    if len(services) != 1:
        return (
            f"there are several ticket systems: {_listed(services)}; name a runner with"
            " `--runner`"
            if services
            else "there is no ticket system to learn from; name a file with `--tickets`"
        )
    queues: set[str] = set()
    intake: set[str] = set()
    everything = False
    for call, one in routers:
        given = argument(call.arguments, "queues", one)
        named = set(keys_of(given))
        # A map's patterns are labels and not queues; without a list, it may be any.
        everything |= not named or bool(argument(call.arguments, "queue_map", one))
        queues |= named
        intake |= {
            it.text for it in text_at(argument(call.arguments, "queue", one), one)
        }
    return _Wanted(
        services[0],
        () if everything or not routers else tuple(sorted(queues)),
        frozenset(intake),
    )


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{visible(name)}`" for name in names)


def _store(
    home: Home, configuration: Configuration, wanted: _Wanted, asked: tuple[object, ...]
) -> Path:
    """Where pages are kept: another file for each question."""
    folder = home.path.parent / "history"
    folder.mkdir(mode=0o700, exist_ok=True)
    question = repr((configuration.digest, wanted.service, wanted.queues, *asked))
    name = hashlib.sha256(question.encode()).hexdigest()[:16]
    store = folder / f"{name}.jsonl"
    # Other questions', too, that nobody came back to.
    for kept in folder.glob("*.jsonl"):
        if time.time() - kept.stat().st_mtime > _KEPT_SECONDS:
            kept.unlink(missing_ok=True)
    # Customers' tickets: for nobody else on this machine.
    store.touch(mode=0o600)
    return store


def _kept(store: Path) -> int:
    return sum(1 for _ in _entries(store))


def _entries(store: Path) -> Iterator[dict[str, Any]]:
    """The tickets that were read; a line may have been cut off."""
    with store.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            yield entry
