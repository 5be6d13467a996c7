"""Tests and a configuration: what the tests name has to be there."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.report import Report
from otac.diagnostics.suggest import nearest
from otac.lower.project import Call, Project, Runner, Service, calls
from otac.source.document import Entry, Node, Scalar, Sequence
from otac.source.document import Mapping as MappingNode
from otac.testing.case import Case, Suite, Written
from otac.testing.queues import known_queues
from otac.testing.reading import equal_ids, read_helpdesk
from otac.testing.steps import StepAddress, Unknown, find_result, find_step
from otac.trial.plan import is_ours

_CLASSIFIER = "classifier"
_TICKET_SYSTEM = "ticket_system"
_KINDS = {
    _CLASSIFIER: "a classifier",
    _TICKET_SYSTEM: "a ticket system",
    "notifier": "a notifier",
}
_EXPECTATIONS = ("state", "tickets", "steps", "results")


def bind(
    suite: Suite,
    project: Project,
    folder: Path,
    *,
    filling: bool = False,
    variables: Mapping[str, str] | None = None,
) -> tuple[list[Case], list[Report]]:
    """The tests that can be run, and what is wrong with the others.

    `folder` is that of the configuration. Files of tickets are read. With `filling`, a
    test need not expect anything. Each sees `variables` beneath those of its `env`.
    """
    binder = _Binder(suite, project, folder, filling, variables or {})
    cases = [case for test in suite.tests if (case := binder.case(test)) is not None]
    return cases, [Report(suite.source, tuple(binder.found)), *binder.others.values()]


class _Binder:
    def __init__(
        self,
        suite: Suite,
        project: Project,
        folder: Path,
        filling: bool,
        variables: Mapping[str, str],
    ) -> None:
        self._filling = filling
        self._variables = variables
        self.found: list[Diagnostic] = []
        self.others: dict[Path, Report] = {}
        self._unread: dict[Path, Report] = {}
        self._suite = suite
        self._project = project
        self._runners = {runner.id: runner for runner in project.runners}
        self._services = {one.title: one for one in project.services}
        self._unused = {one.title for one in project.unused_services}
        self._queues = known_queues(project, folder)
        self._files: dict[Path, dict[str, Any] | None] = {}

    def case(self, test: Written) -> Case | None:
        before = len(self.found)
        runner = self._runners.get(test.runner.text)
        if runner is None:
            self._missing(test.runner, "runner", self._runners, "the configuration")
            return None
        self._parameters(test, runner)
        self._times(test)
        seed = self._seed(test, runner)
        task = {
            "runner": runner.id,
            "parameters": test.value("parameters") or {},
            "now": test.value("now"),
            "env": {**self._variables, **_variables_of(test)},
            "services": self._stand_ins(test),
            "real": self._real(test),
            "seed": seed,
            "failures": list(self._failures(test, runner)),
            **self._expectations(test, runner, seed),
        }
        if len(self.found) > before or seed is None or test.is_damaged:
            return None
        return Case(self._suite, test, runner, task, not _expects(test))

    def _report(
        self,
        code: str,
        message: str,
        at: Node | None,
        label: str = "",
        *,
        help: str | None = None,
        suggestion: str | None = None,
    ) -> None:
        span = None if at is None else at.span
        self.found.append(
            error(code, message, span, label, help=help, suggestion=suggestion)
        )

    def _missing(self, at: Scalar, what: str, known: Iterable[str], where: str) -> None:
        """Something is named that is not there."""
        names = list(known)
        similar = nearest(at.text, names)
        listed = ", ".join(f"`{name}`" for name in names[:10]) or "none"
        self._report(
            "OTC663",
            f"there is no {what} `{at.text}`",
            at,
            f"{where} has no such {what}",
            help=f"did you mean `{similar}`?" if similar else f"it has {listed}",
            suggestion=similar,
        )

    def _parameters(self, test: Written, runner: Runner) -> None:
        known = [parameter.name for parameter in runner.parameters]
        for entry in _entries(test.node.get("parameters")):
            if entry.key.text not in known:
                self._missing(entry.key, "parameter", known, f"runner `{runner.id}`")

    def _times(self, test: Written) -> None:
        if isinstance(now := test.node.get("now"), Scalar):
            self._time(now)
        tickets = test.node.get("tickets")
        if not isinstance(tickets, Sequence):
            return
        for ticket in tickets.items:
            if not isinstance(ticket, MappingNode):
                continue
            created, age = ticket.get("created"), ticket.get("age")
            if isinstance(created, Scalar):
                self._time(created)
                if age is not None:
                    self._report(
                        "OTC668",
                        "a ticket has `age` or `created`, not both",
                        age,
                        help="leave one of them out",
                    )

    def _time(self, written: Scalar) -> None:
        try:
            datetime.fromisoformat(written.text)
        except ValueError:
            self._report(
                "OTC668",
                f"`{written.text}` is not a time",
                written,
                help="write `2026-03-02T09:00:00Z`",
            )

    # --- services --------------------------------------------------------------------

    def _service(self, key: Scalar) -> Service | None:
        """The one with this id, or the only one of this kind."""
        if key.text in self._services:
            return self._services[key.text]
        of_kind = [one for one in self._services.values() if one.kind == key.text]
        if len(of_kind) == 1:
            return of_kind[0]
        if key.text in self._unused:
            self._report(
                "OTC666",
                f"no step uses service `{key.text}`",
                key,
                "nothing would be different",
                help="leave it out",
            )
            return None
        self._missing(key, "service", self._services, "the configuration")
        return None

    def _stand_ins(self, test: Written) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for entry in _entries(test.node.get("services")):
            service = self._service(entry.key)
            if service is None:
                continue
            answers = isinstance(entry.value, MappingNode)
            if service.kind == _TICKET_SYSTEM or (
                answers and service.kind == "notifier"
            ):
                self._report(
                    "OTC666",
                    f"service `{service.title}` is {_KINDS[service.kind]}, for which"
                    " this does not stand",
                    entry.key,
                    help="leave it out: a test has its own helpdesk, and tells nobody",
                )
            elif not answers and service.kind == _CLASSIFIER:
                self._report(
                    "OTC666",
                    f"service `{service.title}` is a classifier, which is not silent",
                    entry.value,
                    help="write `{otherwise: {label: null}}`",
                )
            elif service.title in found:
                self._report(
                    "OTC664", f"service `{service.title}` is replaced twice", entry.key
                )
            component = service.component
            found[service.title] = (
                entry.value.plain()
                if answers
                else {"silent": f"{component.module}:{component.name}"}
            )
        return found

    def _real(self, test: Written) -> list[str]:
        node = test.node.get("real")
        items = node.items if isinstance(node, Sequence) else []
        found = [self._service(one) for one in items if isinstance(one, Scalar)]
        return [one.title for one in found if one is not None]

    # --- the helpdesk ----------------------------------------------------------------

    def _seed(self, test: Written, runner: Runner) -> dict[str, Any] | None:
        """What the helpdesk starts with; None if it cannot be told."""
        written = test.node.get("tickets")
        if isinstance(written, Scalar):
            data = self._file(written)
            if data is None:
                return None
        else:
            self.found += equal_ids(written)
            data = {} if written is None else {"tickets": written.plain()}
        tickets = data.get("tickets") or []
        queues = test.value("queues")
        if isinstance(queues, list):
            queues = dict.fromkeys(cast(list[str], queues), "")
        if queues is None:
            queues = data.get("queues") or {}
        return {
            "queues": queues,
            # Seeds are read where components may be imported.
            "more_queues": {} if queues else self._queues.as_data(runner, test),
            "priorities": data.get("priorities"),
            "tickets": tickets,
        }

    def _file(self, written: Scalar) -> dict[str, Any] | None:
        path = self._suite.path.parent / written.text
        if path not in self._files:
            shown = (Path(self._suite.source.name).parent / written.text).as_posix()
            data, report = read_helpdesk(path, shown)
            self._files[path] = None if report.fails else data
            if report.fails and not report.source.name:
                self._unread[path] = report
            elif report.diagnostics:
                self.others[path] = report
        if path in self._unread:
            # What has no place of its own is told wherever the file is named.
            for one in self._unread[path].diagnostics:
                self._report(one.code, one.message, written, help=one.help)
        return self._files[path]

    def _failures(self, test: Written, runner: Runner) -> Iterable[dict[str, Any]]:
        node = test.node.get("failures")
        for item in node.items if isinstance(node, Sequence) else []:
            assert isinstance(item, MappingNode)
            data = item.plain()
            service, step = item.get("service"), item.get("step")
            if isinstance(service, Scalar):
                found = self._service(service)
                if found is not None:
                    yield {**data, "service": found.title}
            elif isinstance(step, Scalar):
                address = self._step(step, runner)
                if address is None:
                    continue
                if not isinstance(address.step.action, Call):
                    self._report(
                        "OTC663",
                        f"step `{step.text}` is a list of steps and has no attempts",
                        step,
                        help="name one of the steps inside of it",
                    )
                    continue
                yield {**data, "step": address.step.path}

    # --- what is expected ------------------------------------------------------------

    def _expectations(
        self, test: Written, runner: Runner, seed: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """What the process is to tell, after a look at whether it can be told."""
        expect = test.expect
        given = {name: expect.get(name) for name in _EXPECTATIONS}
        if not _expects(test) and not test.is_damaged and not self._filling:
            self._report(
                "OTC662",
                f"test `{test.name}` expects nothing",
                expect,
                "so it could not fail",
                help="say what is to be so: `state: Completed`, `tickets`, `steps`"
                " or `results`; `otac test --update` fills it in",
            )
        for entry in _entries(given["steps"]):
            address = self._step(entry.key, runner)
            if address is not None:
                self._sane(entry, address)
        results: list[tuple[str, ...]] = []
        for entry in _entries(given["results"]):
            found = self._address(entry.key, find_result(entry.key.text, runner.steps))
            if found is not None:
                results.append(found.step.path)
        tickets = [entry.key for entry in _entries(given["tickets"])]
        self._tickets(test, tickets, runner, seed)
        return {
            "wanted_tickets": [key.text for key in tickets],
            "wanted_results": results,
        }

    def _sane(self, entry: Entry, address: StepAddress) -> None:
        """An expectation that no run could meet."""
        node = entry.value
        attempts = node.get("attempts") if isinstance(node, MappingNode) else None
        if isinstance(node, MappingNode) and not node.entries:
            self._report(
                "OTC662", f"nothing is expected of step `{entry.key.text}`", node
            )
        if isinstance(attempts, Scalar) and not isinstance(address.step.action, Call):
            self._report(
                "OTC663",
                f"step `{entry.key.text}` is a list of steps and has no attempts",
                attempts,
                help="name one of the steps inside of it",
            )

    def _step(self, key: Scalar, runner: Runner) -> StepAddress | None:
        return self._address(key, find_step(key.text, runner.steps))

    def _address(self, key: Scalar, found: StepAddress | Unknown) -> StepAddress | None:
        if isinstance(found, StepAddress):
            return found
        meant = f"did you mean `{found.similar}`?" if found.similar else None
        self._report(
            "OTC663",
            found.reason,
            key,
            "the runner has no such step",
            help=meant,
            suggestion=found.similar,
        )
        return None

    def _tickets(
        self,
        test: Written,
        keys: list[Scalar],
        runner: Runner,
        seed: Mapping[str, Any] | None,
    ) -> None:
        if seed is None or test.is_damaged or _may_create(runner):
            return
        ids = ticket_ids(seed["tickets"])
        for key in keys:
            if key.text not in ids:
                self._missing(key, "ticket", ids, "the helpdesk of this test")


def _expects(test: Written) -> bool:
    return any(_says_something(test.expect.get(name)) for name in _EXPECTATIONS)


def _says_something(node: Node | None) -> bool:
    match node:
        case MappingNode(entries=entries):
            return bool(entries)
        case Scalar(value=value):
            return value is not None
        case _:
            return False


def _entries(node: Node | None) -> Iterable[Entry]:
    return tuple(node) if isinstance(node, MappingNode) else ()


def _variables_of(test: Written) -> dict[str, str]:
    written = cast(dict[str, Any], test.value("env") or {})
    return {key: _as_variable(value) for key, value in written.items()}


def _as_variable(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def ticket_ids(tickets: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of tickets, those among them that the helpdesk gives."""
    ids: list[str] = []
    highest = 0
    for ticket in tickets:
        written = str(ticket.get("id") or "")
        number = int(written) if written.isdecimal() else highest + 1
        highest = max(highest, number)
        ids.append(str(number))
    return ids


def _may_create(runner: Runner) -> bool:
    return any(
        call.component.name == "CreateTicket" or not is_ours(call)
        for _, call in calls(runner.steps)
    )
