import pytest
from ir import ANCHOR, every, project, runner, schedule, step

from otac.emit import emit
from otac.lower.project import Schedule
from otac.schedules import Cron, Interval, RRule

SAY = step("say", "otac.components:Expression", {"expression": 1})


def module(*schedules: Schedule, after: tuple[str, ...] = ()) -> str:
    output = emit(project(runner("r", SAY, schedules=schedules, after=after)))
    return output.artifacts[-1].text


def docstring(*schedules: Schedule, after: tuple[str, ...] = ()) -> str:
    return module(*schedules, after=after).split("\n")[1].strip('"')


def serve(*schedules: Schedule) -> str:
    return module(*schedules).split('if __name__ == "__main__":\n    ')[1][:-1]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (10, "every 10 seconds"),
        (60, "every minute"),
        (90, "every 90 seconds"),
        (300, "every 5 minutes"),
        (3600, "every hour"),
        (5400, "every 90 minutes"),
        (86400, "every day"),
        (1209600, "every 14 days"),
        (12.5, "every 12.5 seconds"),
    ],
)
def test_an_interval_in_words(seconds: float, words: str) -> None:
    assert docstring(every(seconds)) == f"Runner `r`: {words}."


def test_other_beginnings_in_words() -> None:
    cron = schedule(Cron("0 6 * * *", "Asia/Tokyo", True), "cron", active=False)
    rule = schedule(RRule("FREQ=DAILY", None), "rrule")
    assert docstring() == "Runner `r`: started by hand."
    assert docstring(after=("a", "b")) == "Runner `r`: after `a` and `b`."
    assert docstring(cron) == "Runner `r`: on cron `0 6 * * *` (Asia/Tokyo, inactive)."
    assert docstring(rule, every(60)) == (
        "Runner `r`: on rrule `FREQ=DAILY` (UTC), every minute."
    )


@pytest.mark.parametrize(
    ("given", "arguments"),
    [
        (every(300.0), "interval=300"),
        (every(12.5), "interval=12.5"),
        (schedule(Cron("0 6 * * *", None, True), "c"), 'cron="0 6 * * *"'),
        (schedule(RRule("FREQ=DAILY", None), "r"), 'rrule="FREQ=DAILY"'),
        (every(300.0, active=False), "schedule=Interval(300, active=False)"),
        (
            every(300.0, parameters={"a": 1}),
            'schedule=Interval(300, parameters={"a": 1})',
        ),
        (
            schedule(Interval(60, ANCHOR, "Asia/Tokyo"), "i"),
            'schedule=Interval(60, timezone="Asia/Tokyo")',
        ),
        (
            schedule(Cron("0 6 1 * 1", "UTC", False), "c"),
            'schedule=Cron("0 6 1 * 1", timezone="UTC", day_or=False)',
        ),
        (
            schedule(RRule("FREQ=DAILY", "UTC"), "r"),
            'schedule=RRule("FREQ=DAILY", timezone="UTC")',
        ),
    ],
)
def test_how_a_flow_is_served(given: Schedule, arguments: str) -> None:
    assert serve(given) == f'r.serve(name="r", {arguments})'


def test_a_flow_without_a_schedule_is_served_all_the_same() -> None:
    assert serve() == 'r.serve(name="r")'


def test_several_schedules_are_objects() -> None:
    assert serve(every(60), schedule(Cron("0 6 * * *", None, True), "c")) == (
        'r.serve(name="r", schedules=[Interval(60), Cron("0 6 * * *")])'
    )
