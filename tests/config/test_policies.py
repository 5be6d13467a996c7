"""Policies with every default applied, and backoffs written out."""

import pytest
from config_policies import lowered, policy

from otac.lower.project import Composite, Policy


def test_built_in_values() -> None:
    assert policy() == Policy(
        retries=2,
        retry_delays=30.0,
        retry_jitter_factor=None,
        timeout_seconds=None,
        on_error="stop",
    )


def test_the_nearest_level_wins_key_by_key() -> None:
    found = policy(
        step="retries: 1",
        runner="retries: 5, timeout_seconds: 10, on_error: continue",
        defaults="retries: 9, timeout_seconds: 20, retry_delay_seconds: 7",
    )
    assert found == Policy(1, 7.0, None, 10.0, "continue")


def test_a_nearer_level_switches_off() -> None:
    found = policy(
        step="retries: 0, timeout_seconds: null, retry_jitter_factor: 0, on_error: stop",
        defaults="timeout_seconds: 20, retry_jitter_factor: 0.5, on_error: continue",
    )
    assert found == Policy(0, 30.0, None, None, "stop")


@pytest.mark.parametrize(
    ("step", "delays"),
    [
        ("retry_delay_seconds: 10", 10.0),
        ("retry_delay_seconds: 0", 0.0),
        ("retry_delay_seconds: 1.5m", 90.0),
        ("retry_delay_seconds: [10, 1m]", (10.0, 60.0)),
        ("retry_delay_seconds: [10]", (10.0,)),
        # The built-in delay of 30 s is where a backoff starts.
        ("retry_backoff_factor: 2", (30.0, 60.0)),
        ("retry_backoff_factor: 1", 30.0),
        ("retry_max_delay_seconds: 8", 8.0),
        (
            "retries: 5, retry_delay_seconds: 1, retry_backoff_factor: 2",
            (1, 2, 4, 8, 16),
        ),
        (
            (
                "retries: 5, retry_delay_seconds: 10, retry_backoff_factor: 3, "
                "retry_max_delay_seconds: 100"
            ),
            (10, 30, 90, 100, 100),
        ),
        (
            "retries: 4, retry_delay_seconds: 0.1, retry_backoff_factor: 3",
            (0.1, 0.3, 0.9, 2.7),
        ),
        (
            (
                "retries: 3, retry_delay_seconds: 60, retry_backoff_factor: 2, "
                "retry_max_delay_seconds: 30"
            ),
            (30, 30, 30),
        ),
        ("retries: 3, retry_delay_seconds: 0, retry_backoff_factor: 2", (0, 0, 0)),
    ],
)
def test_delays(step: str, delays: float | tuple[float, ...]) -> None:
    assert policy(step).retry_delays == delays


def test_a_backoff_is_no_longer_than_prefect_takes() -> None:
    step = "retries: 60, retry_delay_seconds: 1, retry_backoff_factor: 1000"
    delays = policy(step).retry_delays
    assert isinstance(delays, tuple)
    assert len(delays) == 50
    assert delays[:3] == (1, 1000, 1_000_000)
    assert delays[-1] == 31_536_000  # a year


@pytest.mark.parametrize(
    ("step", "code", "message"),
    [
        (
            "retry_delay_seconds: [1, 2], retry_backoff_factor: 2",
            "OTC354",
            "`retry_backoff_factor` does not go with a list of delays",
        ),
        (
            "retry_delay_seconds: [1, 2, 3]",
            "OTC355",
            "3 delays are listed for 2 retries",
        ),
    ],
)
def test_contradictions(step: str, code: str, message: str) -> None:
    found = lowered(
        f"""
        orchestrator:
          runners:
            - {{pipe_id: a, pipe: {{use: Expression, expression: 1, {step}}}}}
        """
    )
    assert [(one.code, one.message) for one in found.diagnostics] == [(code, message)]


def test_a_list_replaces_the_backoff_of_a_level_further_out() -> None:
    found = policy("retry_delay_seconds: [1, 2]", defaults="retry_backoff_factor: 2")
    assert found.retry_delays == (1.0, 2.0)


def test_a_backoff_replaces_a_list_of_a_level_further_out() -> None:
    found = policy("retry_backoff_factor: 3", defaults="retry_delay_seconds: [1, 2]")
    assert found.retry_delays == (30.0, 90.0)


def test_fewer_retries_than_the_delays_of_a_level_further_out() -> None:
    defaults = "retries: 3, retry_delay_seconds: [1, 2, 3]"
    assert policy("retries: 1", defaults=defaults).retry_delays == (1.0,)


def test_steps_of_composites_inherit_from_them() -> None:
    found = lowered(
        """
        orchestrator:
          defaults: {retries: 7, tags: [outermost]}
          runners:
            - pipe_id: a
              tags: [runner]
              pipe:
                timeout_seconds: 5
                tags: [pipe]
                steps:
                  - id: group
                    retries: 4
                    tags: [group, pipe]
                    steps:
                      - {id: one, use: Expression, expression: 1, tags: [own]}
        """
    )
    assert found.diagnostics == ()
    runner = found.project.runners[0]
    group = runner.steps[0]
    assert isinstance(group.action, Composite)
    (step,) = group.action.steps
    assert step.policy == Policy(4, 30.0, None, 5.0, "stop")
    assert runner.tags == ("open-ticket-ai", "a", "outermost", "runner")
    assert step.tags == ("pipe", "group", "own")
