"""`otac check --online`: what the world says of a configuration."""

import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import PIPE
from tempfile import TemporaryDirectory
from typing import Any

from otac.check.outside_names import OutsideName
from otac.cli.configuration import Configuration
from otac.cli.interruption import interruptible
from otac.cli.unset import unset_variables
from otac.clock_header import clock_words
from otac.diagnostics.diagnostic import Diagnostic, Severity, error, warning
from otac.diagnostics.frame import visible
from otac.diagnostics.report import Report
from otac.diagnostics.suggest import nearest
from otac.local.home import missing_prefect
from otac.lower.project import Project, Service
from otac.online.request import OnlineRequest, ServiceQuestion
from otac.pipeline import Compiled, World
from otac.source.document import Span

_OURS = "otac.components"
# For all the answers of a service; a machine may be slow to start a process.
_SECONDS = 20.0
_ALL_SECONDS = 120.0
_PREFECT_SECONDS = 10.0
# As the process knows it, which sees a kind in each name.
_NEW = "queue of new tickets"
# A model, a queue or a priority that looks misspelt.
_GUESSES = ("OTC392", "OTC393")
_CODES: Mapping[str, str] = {
    "unreachable": "OTC580",
    "login": "OTC581",
    "operation": "OTC582",
    "clock": "OTC583",
    "unasked": "OTC584",
    "missing": "OTC680",
    "right": "OTC681",
    "model": "OTC682",
    "unmade": "OTC683",
    "unusable": "OTC683",
}


def ask_world(
    configuration: Configuration, compiled: Compiled, *, download: bool
) -> Report:
    """What the compiler found, and what is wrong out there, each thing at its place.

    What looked misspelt and is asked for is no longer a guess. Changes nothing.
    """
    found = _ask(configuration, compiled, download)
    asked = {one.span for one in found if one.code == _CODES["missing"]}
    known = (
        one
        for one in compiled.report.diagnostics
        if one.code not in _GUESSES or one.span not in asked
    )
    return Report(compiled.report.source, (*known, *found))


def _ask(
    configuration: Configuration, compiled: Compiled, download: bool
) -> tuple[Diagnostic, ...]:
    """Everything that is wrong out there.

    Services and Prefect are asked side by side.
    """
    assert compiled.project is not None
    assert compiled.world is not None
    if (absent := missing_prefect()) is not None:
        return (absent,)
    unset = unset_variables(compiled.world.variables)
    cannot = {
        one.service
        for one in compiled.world.variables
        if one.name not in os.environ and one.service is not None
    }
    prefect = _Prefect(compiled.project)
    asked = [one for one in compiled.project.services if one.title not in cannot]
    found: list[Diagnostic] = []
    if asked:
        with interruptible(), TemporaryDirectory(prefix="otac-") as scratch:
            asking = _Asking(asked, compiled.world)
            asking.ask(configuration, compiled, Path(scratch), download)
            found += asking.diagnostics()
    return (*unset, *found, *prefect.diagnostics())


@dataclass(frozen=True, slots=True)
class _Said:
    service: str
    problem: Mapping[str, Any]


class _Asking:
    """The services that are asked, and what they say."""

    def __init__(self, services: list[Service], world: World) -> None:
        self._services = {one.title: one for one in services}
        self._world = world
        self._said: list[_Said] = []
        self._waiting = set(self._services)
        self._late = False

    def ask(
        self,
        configuration: Configuration,
        compiled: Compiled,
        scratch: Path,
        download: bool,
    ) -> None:
        """Start the process and listen until it has said everything, or its time is up."""
        from otac.emit.project_files import constructor_names
        from otac.local.process import Process
        from otac.local.scratch import write

        assert compiled.output is not None
        assert compiled.project is not None
        write(compiled.output, scratch, configuration.title)
        names = constructor_names(compiled.project.services)
        folder = configuration.folder.resolve()
        request = OnlineRequest(
            str(scratch),
            str(folder),
            tuple(
                ServiceQuestion(
                    one.title,
                    names[one.title],
                    self._names(one.title),
                    reports=one.component.module != _OURS,
                )
                for one in self._services.values()
            ),
            _SECONDS,
            download,
        )
        task = scratch / "request.json"
        task.write_text(request.encode(), encoding="utf-8")
        with Process(
            "otac.online",
            str(task),
            environment=os.environ,
            folder=folder,
            stdout=PIPE,
        ) as process:
            timer = threading.Timer(_ALL_SECONDS, self._end, (process,))
            timer.daemon = True
            timer.start()
            # Ended in the middle, it closes what is read here.
            with suppress(ValueError, OSError):
                for line in process.output:
                    answer = json.loads(line)
                    if "problem" in answer:
                        said = _Said(answer["service"], answer["problem"])
                        self._said.append(said)
                    else:
                        self._waiting.discard(answer["service"])
            timer.cancel()

    def _end(self, process: Any) -> None:
        self._late = True
        process.end(0.5)

    def _names(self, title: str) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for one in self._world.names:
            if one.service == title:
                found.setdefault(_kind(one), {}).setdefault(one.name)
        return {what: tuple(names) for what, names in found.items()}

    def diagnostics(self) -> Iterator[Diagnostic]:
        """What was said, and of whom nothing was heard to the end."""
        for one in self._said:
            yield from self._told(self._services[one.service], one.problem)
        for title, service in self._services.items():
            if title in self._waiting:
                reason = (
                    f"it has not answered within {_ALL_SECONDS:g} s"
                    if self._late
                    else "the process that asks it has ended"
                )
                yield from self._told(
                    service, {"kind": "unreachable", "message": reason}
                )

    def _told(
        self, service: Service, problem: Mapping[str, Any]
    ) -> Iterator[Diagnostic]:
        kind = problem["kind"]
        severity = Severity.ERROR
        if kind == "unasked":
            severity = Severity.NOTE
        elif not problem.get("certain", True):
            severity = Severity.WARNING
        advice, suggestion = problem.get("help"), None
        if problem.get("name"):
            suggestion = nearest(problem["name"], problem.get("known") or ())
            if suggestion is not None:
                advice = f"did you mean `{suggestion}`?"
        told = Diagnostic(
            _CODES[kind],
            severity,
            f"service `{service.title}`: {visible(problem['message'])}",
            self._parameter(service, problem.get("parameter")),
            _LABELS.get(kind, ""),
            advice and visible(advice),
            suggestion,
        )
        places = [
            one.span
            for one in self._world.names
            if one.service == service.title
            and _kind(one) == problem.get("what")
            and one.name == problem.get("name")
        ]
        if not places:
            yield told
        for place in dict.fromkeys(places):
            yield replace(told, span=place)

    def _parameter(self, service: Service, name: str | None) -> Span:
        for one in service.arguments:
            if one.name == name:
                return one.value.origin
        return service.origin


_LABELS: Mapping[str, str] = {
    "missing": "asked just now",
    "right": "asked just now",
    "login": "refused just now",
}


def _kind(name: OutsideName) -> str:
    return _NEW if name.what == "queue" and name.may_be_new else name.what


class _Prefect:
    """The server that `otac deploy` would write to, asked in a thread of its own."""

    def __init__(self, project: Project) -> None:
        self._found: tuple[Diagnostic, ...] | None = None
        # It dies with the process: a server that never answers keeps nobody.
        self._thread = threading.Thread(target=self._ask, args=(project,), daemon=True)
        self._thread.start()

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with it; that it has not answered, where it takes too long."""
        self._thread.join(3 * _PREFECT_SECONDS)
        if self._found is not None:
            return self._found
        return (
            error(
                "OTC531",
                "the Prefect server has not answered in time",
                help="look at PREFECT_API_URL, and that the server is well",
            ),
        )

    def _ask(self, project: Project) -> None:
        from otac.deploy.api import Api, ApiError, understood
        from otac.deploy.failure import failure
        from otac.deploy.server_version import read_version
        from otac.deploy.settings import find_settings

        settings = find_settings(Path.cwd())
        if isinstance(settings, Diagnostic):
            # `otac run` and `dev` need none.
            self._found = (replace(settings, severity=Severity.WARNING),)
            return
        settings = replace(
            settings, timeout_seconds=min(settings.timeout_seconds, _PREFECT_SECONDS)
        )
        try:
            with Api(settings) as api, understood():
                version = read_version(api)
                if isinstance(version, Diagnostic):
                    self._found = (version,)
                    return
                found = tuple(_pools(api, project))
                self._found = (*found, *_clock(api.seconds_ahead))
        except ApiError as problem:
            self._found = (failure(problem, settings.url),)


def _pools(api: Any, project: Project) -> Iterator[Diagnostic]:
    from otac.deploy.fields import DEFAULT_QUEUE
    from otac.deploy.pools import (
        PoolUse,
        missing_pool,
        paused,
        read_pools,
        unattended,
        without_worker,
    )

    uses = [
        PoolUse(
            one.id,
            one.work_pool.name,
            one.work_pool.queue or DEFAULT_QUEUE,
            one.origin,
        )
        for one in project.runners
    ]
    names = dict.fromkeys(one.pool for one in uses)
    found = read_pools(api, names)
    for name in names:
        if name not in found.pools:
            yield missing_pool(name, uses, ", or deploy with `--create-pools`")
    yield from paused(uses, found.paused)
    yield from unattended(uses, without_worker(api, found))


def _clock(seconds: float) -> Iterator[Diagnostic]:
    if (words := clock_words(seconds, "the Prefect server")) is not None:
        yield warning(
            "OTC583",
            words,
            help="schedules are counted from both: set both clocks by one time server",
        )
