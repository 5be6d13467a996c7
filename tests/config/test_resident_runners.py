"""Which runners are resident, and what their probes are."""

from pathlib import Path

import pytest
from config_policies import lowered

from otac.lower.project import Concurrency, Resident, Runner
from otac.schedules import Interval

_ACME = """\
from otac.components import Stop


def stops_now_and_then(): ...


def may_stop(x):
    if x:
        raise Stop("enough")


def decorate(function):
    return function


@decorate
def decorated():
    raise Stop("enough")


class Quiet:
    async def run(self):
        raise Stop
"""


def runner(keys: str, steps: str, folder: Path = Path("no folder")) -> Runner:
    found = lowered(
        f"""
        services:
          helpdesk: {{use: SqliteTicketSystem, path: a.db}}
          classifier: {{use: KeywordClassifier, labels: {{a: [b]}}}}
        orchestrator:
          runners:
            - {{pipe_id: a, pipe: {{steps: [{steps}]}}, {keys}}}
        """,
        folder,
    )
    assert [d for d in found.diagnostics if d.code not in ("OTC368", "OTC318")] == []
    (one,) = found.project.runners
    return one


def probe(steps: str, folder: Path = Path("no folder")) -> set[str]:
    """The paths of its steps, with a runner that ticks every second."""
    resident = runner("interval_seconds: 1", steps, folder).resident
    assert resident is not None
    return {".".join(path) for path in resident.probe}


def expression(id: str, text: str = "1") -> str:
    return f'{{id: {id}, use: Expression, expression: "{text}"}}'


FETCH = "{id: fetch, use: FetchTickets, ticket_search_criteria: {}}"
STOP = expression("check", "{{ stop('none') if 1 > 0 else 2 }}")
WORK = expression("work")


@pytest.mark.parametrize(
    ("keys", "interval"),
    [
        ("interval_seconds: 9.9", 9.9),
        ("interval_seconds: 100ms", 0.1),
        ("interval_seconds: 10, mode: resident", 10),
        ("interval_seconds: 1h, mode: resident", 3600),
        ("schedules: [{interval_seconds: 1}]", 1),
    ],
)
def test_resident_runners(keys: str, interval: float) -> None:
    found = runner(keys, STOP)
    window = max(300.0, interval)
    assert found.resident == Resident(interval, window, frozenset({("check",)}))
    (schedule,) = found.schedules
    assert isinstance(schedule.when, Interval)
    assert schedule.when.seconds == window
    assert found.concurrency == Concurrency(10, enqueue=False)


@pytest.mark.parametrize(
    "keys",
    [
        "interval_seconds: 10",
        "interval_seconds: 0",
        "cron: '@daily'",
        "after: []",
        "interval_seconds: 1, mode: scheduled",
    ],
)
def test_other_runners(keys: str) -> None:
    assert runner(keys, STOP).resident is None


def test_the_probe_ends_at_the_first_step_that_can_stop() -> None:
    assert probe(f"{FETCH}, {STOP}, {WORK}") == {"fetch", "check"}
    assert probe(f"{STOP}, {FETCH}, {STOP.replace('check', 'again')}") == {"check"}


def test_without_such_a_step_there_is_none() -> None:
    assert probe(f"{FETCH}, {WORK}") == set()
    # The word alone is no call.
    assert probe(expression("x", "{{ 'stop' }}")) == set()


def test_conditions_and_loops_can_stop() -> None:
    condition = '{id: a, use: Expression, expression: 1, if: "{{ stop() }}"}'
    loop = '{id: a, use: Expression, expression: 1, for_each: "{{ stop() }}"}'
    for step in (condition, loop):
        assert probe(f"{FETCH}, {step}, {WORK}") == {"fetch", "a"}


def test_values_deep_inside_of_parameters_can_stop() -> None:
    step = '{id: a, use: Expression, expression: {b: [1, "{{ stop() }}"]}}'
    assert probe(f"{step}, {WORK}") == {"a"}


def test_it_ends_inside_of_a_composite() -> None:
    group = f"{{id: group, steps: [{FETCH}, {STOP}, {WORK}]}}"
    assert probe(f"{group}, {WORK}") == {"group", "group.fetch", "group.check"}


def test_parameters_of_a_composite_stop_in_its_first_step() -> None:
    group = f'{{id: group, x: "{{{{ stop() }}}}", steps: [{WORK}, {STOP}]}}'
    assert probe(group) == {"group", "group.work"}


def test_a_composite_whose_condition_stops_is_left_there() -> None:
    group = f'{{id: group, if: "{{{{ stop() }}}}", steps: [{STOP}]}}'
    assert probe(group) == {"group"}


def test_components_that_can_stop() -> None:
    process = "{id: process, use: ProcessTickets, queue: a}"
    assert probe(f"{process}, {WORK}") == {"process"}
    silent = "{id: process, use: ProcessTickets, queue: a, stop_when_empty: false}"
    assert probe(f"{silent}, {WORK}") == set()
    assert probe("{id: check, use: CheckEscalations}") == set()


def test_the_source_of_own_components_tells(tmp_path: Path) -> None:
    (tmp_path / "acme.py").write_text(_ACME, encoding="utf-8")

    def found(name: str) -> set[str]:
        return probe(f"{{id: own, use: 'acme:{name}'}}, {WORK}", tmp_path)

    assert found("stops_now_and_then") == set()
    assert probe("{id: own, use: 'acme:may_stop', x: 1}", tmp_path) == {"own"}
    assert found("decorated") == {"own"}
    assert found("Quiet") == {"own"}
