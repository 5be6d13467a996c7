import json
from typing import Any

import pytest
from ir import (
    Jinja,
    every,
    parameter,
    policy,
    project,
    runner,
    schedule,
    service,
    step,
)

from cases import CASES
from otac.emit import emit
from otac.emit.literal import defused, survives
from otac.lower.project import Concurrency, Project, Runner, Schedule, WorkPool
from otac.schedules import Cron, Interval, RRule
from otac.source.document import Json

SAY = step("say", "otac.components:Expression", {"expression": "hello"})


def deployed(of: Runner, log_level: str | None = None) -> dict[str, Any]:
    """The entry of the only runner, without the precision that only the writer needs."""
    (entry,) = emit(project(of, log_level=log_level)).deployments.deployments
    return entry


def version(of: Project) -> Json:
    return emit(of).deployments.deployments[0]["version"]


def test_a_whole_entry() -> None:
    entry = deployed(runner("say-hello", SAY, schedules=(every(300.0),)))
    version = entry.pop("version")
    assert isinstance(version, str)
    assert len(version) == 12
    assert entry == {
        "name": "say-hello",
        "description": "Runner `say-hello`: every 5 minutes.",
        "tags": ["open-ticket-ai", "say-hello"],
        "entrypoint": "generated/flows/say_hello.py:say_hello",
        "parameters": {},
        "enforce_parameter_schema": True,
        "schedules": [
            {
                "interval": 300,
                "anchor_date": "2025-01-01T00:00:00+00:00",
                "slug": "interval",
                "active": True,
            }
        ],
        "concurrency_limit": {"limit": 1, "collision_strategy": "CANCEL_NEW"},
        "work_pool": {"name": "default"},
    }


@pytest.mark.parametrize(
    ("given", "entry"),
    [
        (
            Schedule(Interval(12.5, "2026-01-01T00:00:00+00:00", None), "a", True, ()),
            {"interval": 12.5, "anchor_date": "2026-01-01T00:00:00+00:00"},
        ),
        (
            Schedule(Interval(60, "2026-01-01T00:00:00+00:00", "UTC"), "a", True, ()),
            {
                "interval": 60,
                "anchor_date": "2026-01-01T00:00:00+00:00",
                "timezone": "UTC",
            },
        ),
        (schedule(Cron("0 6 * * *", None, True), "a"), {"cron": "0 6 * * *"}),
        (
            schedule(Cron("0 6 1 * 1", "Asia/Tokyo", False), "a"),
            {"cron": "0 6 1 * 1", "timezone": "Asia/Tokyo", "day_or": False},
        ),
        (
            schedule(RRule("FREQ=DAILY", "UTC"), "a"),
            {"rrule": "FREQ=DAILY", "timezone": "UTC"},
        ),
    ],
)
def test_a_schedule(given: Schedule, entry: dict[str, Json]) -> None:
    (found,) = deployed(runner("r", SAY, schedules=(given,)))["schedules"]
    assert found == {**entry, "slug": "a", "active": True}


def test_a_schedule_with_parameters_that_is_off() -> None:
    off = every(60.0, active=False, parameters={"a": 1, "b": "{{ c }}"})
    (found,) = deployed(runner("r", SAY, schedules=(off,)))["schedules"]
    assert found == {
        "interval": 60,
        "anchor_date": "2025-01-01T00:00:00+00:00",
        "slug": "interval",
        "active": False,
        "parameters": {"a": 1},
    }


def test_where_runs_go() -> None:
    pool = WorkPool("docker", "slow", {"image": "{{ build.image }}"})
    entry = deployed(runner("r", SAY, work_pool=pool, concurrency=Concurrency(5, True)))
    assert entry["work_pool"] == {
        "name": "docker",
        "work_queue_name": "slow",
        "job_variables": {"image": "{{ build.image }}"},
    }
    assert entry["concurrency_limit"] == {"limit": 5, "collision_strategy": "ENQUEUE"}


@pytest.mark.parametrize(
    ("variables", "written"),
    [
        ({}, {"env": {"PREFECT_LOGGING_LEVEL": "DEBUG"}}),
        ({"env": {"A": "b"}}, {"env": {"PREFECT_LOGGING_LEVEL": "DEBUG", "A": "b"}}),
        (
            {"env": {"PREFECT_LOGGING_LEVEL": "ERROR"}},
            {"env": {"PREFECT_LOGGING_LEVEL": "ERROR"}},
        ),
        ({"env": "{{ $ENV }}"}, {"env": "{{ $ENV }}"}),
    ],
)
def test_the_log_level_is_in_the_environment(
    variables: dict[str, Json], written: dict[str, Json]
) -> None:
    pool = WorkPool("default", None, variables)
    entry = deployed(runner("r", SAY, work_pool=pool), log_level="DEBUG")
    assert entry["work_pool"] == {"name": "default", "job_variables": written}


def test_what_prefect_would_replace_is_kept_from_it() -> None:
    entry = deployed(
        runner(
            "r",
            SAY,
            description="Answers {{ $USER }} and {{{ x }}}",
            tags=("{{ prefect.blocks.secret.x }}", "{{", "plain"),
            parameters=(
                parameter("plain", "str", "{ x }"),
                parameter("braces", "str", "{{ x }}"),
                parameter("deep", "list[Any]", [{"a": "{{$HOME}}"}]),
                parameter("block", "dict[str, Any]", {"$ref": "x"}),
                parameter("kind", "dict[str, Any]", {"a": {"__prefect_kind": "json"}}),
            ),
        )
    )
    assert entry["description"] == "Answers { { $USER }} and { { { x }}}"
    assert entry["tags"] == ["{ { prefect.blocks.secret.x }}", "{ {", "plain"]
    assert entry["parameters"] == {"plain": "{ x }"}


@pytest.mark.parametrize("case", [name for name in CASES if name != "every option"])
def test_nothing_of_the_users_looks_like_a_placeholder(case: str) -> None:
    for entry in emit(CASES[case]).deployments.deployments:
        assert "{{" not in json.dumps(entry)


def test_a_runner_that_starts_after_another() -> None:
    (trigger,) = deployed(runner("b", SAY, after=("a",)))["triggers"]
    assert trigger == {
        "name": "b after a",
        "type": "event",
        "posture": "Reactive",
        "match": {"prefect.resource.id": "prefect.flow-run.*"},
        "match_related": {
            "prefect.resource.role": "deployment",
            "prefect.resource.name": "a",
        },
        "expect": ["prefect.flow-run.Completed", "prefect.flow-run.Stopped"],
        "threshold": 1,
    }


def test_a_runner_that_starts_after_two_others_waits_for_both() -> None:
    (trigger,) = deployed(runner("c", SAY, after=("a", "b")))["triggers"]
    assert trigger["name"] == "c after a, b"
    assert trigger["type"] == "compound"
    assert trigger["require"] == "all"
    names = [t["match_related"]["prefect.resource.name"] for t in trigger["triggers"]]
    assert names == ["a", "b"]


def test_the_users_triggers_are_passed_on() -> None:
    own: dict[str, Json] = {"expect": ["x"], "parameters": {"a": "{{ event.id }}"}}
    entry = deployed(runner("b", SAY, after=("a",), triggers=(own,)))
    assert entry["triggers"][1] == own


def test_the_version_changes_with_what_a_run_does() -> None:
    def given(
        retries: int = 2, limit: int = 1, path: str = "a.db", note: str = ""
    ) -> Project:
        steps = (
            step("x", "acme:X", injects={"store": "store"}, policy=policy(retries)),
        )
        return project(
            runner("a", *steps, concurrency=Concurrency(limit, False)),
            runner("b", SAY, description=note),
            services=(service("store", "acme:Store", {"path": path}),),
        )

    same = version(given())
    assert version(given(note="another runner")) == same
    assert version(given(retries=3)) != same
    assert version(given(limit=2)) != same
    assert version(given(path="b.db")) != same


def test_the_version_does_not_change_with_services_that_a_run_does_not_use() -> None:
    def given(path: str) -> Project:
        return project(
            runner("a", SAY), services=(service("s", "acme:S", {"path": path}),)
        )

    assert version(given("a.db")) == version(given("b.db"))


def test_the_top_of_the_file() -> None:
    assert emit(project(runner("a", SAY))).deployments.keys == {
        "name": "open-ticket-ai",
        "build": [{"otac.runtime.project_directory": {"id": "project"}}],
        "pull": [
            {
                "prefect.deployments.steps.set_working_directory": {
                    "directory": "{{ project.directory }}"
                }
            }
        ],
    }


def test_the_users_pull_steps_take_the_place_of_ours() -> None:
    own: dict[str, Json] = {"prefect.deployments.steps.git_clone": {"repository": "x"}}
    keys = emit(project(runner("a", SAY), pull=(own,))).deployments.keys
    assert keys == {"name": "open-ticket-ai", "pull": [own]}


def test_there_is_no_services_module_without_services() -> None:
    paths = [a.path for a in emit(project(runner("a", SAY))).artifacts]
    assert paths == [
        "generated/__init__.py",
        "generated/flows/__init__.py",
        "generated/flows/a.py",
    ]


def test_a_template_makes_the_module_import_it() -> None:
    plain = emit(project(runner("a", SAY))).artifacts[-1].text
    say = step("say", "otac.components:Expression", {"expression": [Jinja("{{ 1 }}")]})
    rendered = emit(project(runner("a", say))).artifacts[-1].text
    assert "from otac.runtime import Run\n" in plain
    assert "from otac.runtime import Run, Template\n" in rendered


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("a", True),
        (1, True),
        (None, True),
        ("{{", False),
        ({"a": ["{{ b }}"]}, False),
        ({"$ref": {}}, False),
        ({"{{ a }}": 1}, True),
        (1.5, True),
        ([float("inf")], False),
        ("größe", True),
        ("\ud800", False),
    ],
)
def test_what_survives_prefect(value: Json, safe: bool) -> None:
    assert survives(value) is safe


def test_defused_text_has_no_double_braces() -> None:
    assert defused("{{{{ a }}}} {b} \ud800ß") == "{ { { { a }}}} {b} ?ß"
