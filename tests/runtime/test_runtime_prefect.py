"""Retries, states, names and stored results, as a real Prefect API reports them."""

import asyncio
import base64
import json
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect import Task, flow, get_client, task
from prefect.blocks.system import Secret
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import State, TaskRun
from prefect.settings import get_current_settings
from prefect.variables import Variable
from pydantic import SecretStr
from stand_ins import Inbox

from otac.runtime import Fail, Run, Stop, Template, notify
from otac.runtime.observer import StepEnd, observer
from otac.runtime.record import Success

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_api")]

TICKET = "My printer burns since Tuesday"


def ended(play: Callable[..., Any]) -> State[Any]:
    """The final state of a run of the flow."""
    state: State[Any] = asyncio.run(play(return_state=True))
    return state


def task_runs(state: State[Any], count: int) -> dict[str, TaskRun]:
    """The task runs of a flow run by name; Prefect records them a little later."""
    flow_run = state.state_details.flow_run_id
    assert isinstance(flow_run, UUID)

    async def read() -> list[TaskRun]:
        async with get_client() as client:
            chosen = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run]))
            return await client.read_task_runs(flow_run_filter=chosen)

    deadline = time.monotonic() + 60
    while True:
        runs = asyncio.run(read())
        final = [run for run in runs if run.state and run.state.is_final()]
        if len(final) >= count or time.monotonic() > deadline:
            assert len(runs) == len(final) == count
            return {run.name: run for run in final}
        time.sleep(0.2)


def names(runs: dict[str, TaskRun]) -> dict[str, str | None]:
    return {name: run.state_name for name, run in runs.items()}


def nothing() -> dict[str, Any]:
    return {}


def given(x: str) -> dict[str, str]:
    return {"x": x}


def calling(
    function: Callable[..., Any], name: str, **options: Any
) -> Task[[Run], Any]:
    """A task that calls a component without arguments."""

    async def step(run: Run) -> Any:
        return await run.call(function)

    made: Task[[Run], Any] = task(name=name, **options)(step)
    return made


def test_a_step_that_fails_twice_has_three_attempts() -> None:
    attempts: list[int] = []

    def flaky() -> dict[str, Any]:
        attempts.append(len(attempts) + 1)
        if len(attempts) < 3:
            raise ValueError("boom")
        return {"attempts": list(attempts)}

    step = calling(flaky, name="flaky", retries=2, retry_delay_seconds=0)

    @flow(name="recovers")
    async def recovers() -> Any:
        async with Run("recovers") as run:
            await run.step("flaky", step)
        return run.outcome()

    ends: list[StepEnd] = []
    token = observer.set(ends.append)
    state = ended(recovers)
    observer.reset(token)
    assert [end.record for end in ends] == [
        Success({"attempts": [1, 2, 3]}, attempts=3)
    ]
    assert state.name == "Completed"
    assert asyncio.run(recovers()) == {"flaky": {"attempts": [1, 2, 3, 4]}}
    runs = task_runs(state, 1)
    assert names(runs) == {"flaky": "Completed"}
    assert runs["flaky"].run_count == 3


def test_a_step_that_keeps_failing_is_named_by_the_flow() -> None:
    def broken() -> None:
        raise ValueError("boom")

    step = calling(broken, name="broken", retries=2, retry_delay_seconds=0)
    after = calling(nothing, name="after")

    @flow(name="fails")
    async def fails() -> Any:
        async with Run("fails") as run:
            await run.step("broken", step)
            await run.step("after", after)
        return run.outcome()

    state = ended(fails)
    assert (state.type.value, state.name) == ("FAILED", "Failed")
    assert state.message == "step `broken` failed after 3 attempts: ValueError: boom"
    runs = task_runs(state, 1)
    assert names(runs) == {"broken": "Failed"}
    assert runs["broken"].run_count == 3
    with pytest.raises(Exception, match="step `broken` failed after 3 attempts"):
        asyncio.run(fails())


def test_fail_is_not_retried() -> None:
    def refused() -> None:
        raise Fail("no such queue")

    def render(run: Run) -> Any:
        return run.call(given, x=Template("{{ fail('no such label') }}"))

    step = calling(refused, name="refused", retries=3, retry_delay_seconds=60)

    @task(name="rendered", retries=3, retry_delay_seconds=60)
    async def rendered(run: Run) -> Any:
        return await render(run)

    @flow(name="refuses")
    async def refuses() -> Any:
        async with Run("refuses") as run:
            await run.step("refused", step, on_error="continue")
            await run.step("rendered", rendered)
        return run.outcome()

    state = ended(refuses)
    assert state.message == "step `rendered` failed: no such label"
    runs = task_runs(state, 2)
    assert names(runs) == {"refused": "Failed", "rendered": "Failed"}
    assert [run.run_count for run in runs.values()] == [1, 1]
    refused_state = runs["refused"].state
    assert refused_state is not None
    assert "no such queue" in str(refused_state.message)


def test_stop_shows_as_stopped_on_the_task_and_on_the_flow() -> None:
    def idle() -> None:
        raise Stop("nothing to do")

    step = calling(idle, name="look", retries=3, retry_delay_seconds=60)
    work = calling(nothing, name="work")

    @flow(name="idles")
    async def idles() -> Any:
        async with Run("idles") as run:
            await run.step("look", step)
            await run.step("work", work)
        return run.outcome()

    state = ended(idles)
    assert (state.type.value, state.name) == ("COMPLETED", "Stopped")
    assert state.message == "nothing to do"
    (run,) = task_runs(state, 1).values()
    assert run.state is not None
    assert (run.name, run.run_count, run.state.name) == ("look", 1, "Stopped")
    assert (run.state.type.value, run.state.message) == ("COMPLETED", "nothing to do")
    assert asyncio.run(idles()) == {}


@pytest.mark.parametrize("retries", [0, 1])
def test_a_timeout_is_a_failure_that_says_so(retries: int) -> None:
    async def slow() -> None:
        await asyncio.sleep(30)

    step = calling(
        slow,
        name="slow",
        retries=retries,
        retry_delay_seconds=0,
        timeout_seconds=0.2,
    )

    @flow(name="waits")
    async def waits() -> Any:
        async with Run("waits") as run:
            await run.step("slow", step)
        return run.outcome()

    state = ended(waits)
    times = " after 2 attempts" if retries else ""
    assert state.message == f"step `slow` failed{times}: timed out after 0.2 s"
    assert names(task_runs(state, 1)) == {"slow": "TimedOut"}


def test_each_item_is_a_task_run_of_its_own_name() -> None:
    now = peak = 0

    async def work(item: int) -> dict[str, int]:
        nonlocal now, peak
        now += 1
        peak = max(peak, now)
        await asyncio.sleep(0.3)
        now -= 1
        if item == 2:
            raise ValueError("two")
        return {"item": item}

    @task(name="each.work")
    async def each_work(run: Run) -> Any:
        return await run.call(work, item=Template("{{ item }}"))

    @task(name="each.notes")
    def each_notes(run: Run) -> Any:
        return {"name": str(run)}

    async def each(run: Run) -> None:
        await run.step("work", each_work)
        await run.step("notes", each_notes, for_each=Template("{{ [item] }}"))

    @flow(name="goes_through")
    async def goes_through() -> Any:
        async with Run("goes_through") as run:
            await run.step(
                "each",
                each,
                for_each=[1, 2, 3],
                max_concurrency=2,
                on_error="continue",
            )
        return run.outcome()

    state = ended(goes_through)
    assert peak == 2
    assert names(task_runs(state, 5)) == {
        "each.work[0]": "Completed",
        "each.work[1]": "Failed",
        "each.work[2]": "Completed",
        "each.notes[0][0]": "Completed",
        "each.notes[2][0]": "Completed",
    }
    assert asyncio.run(state.aresult()) == {
        "each": [
            {"work": {"item": 1}, "notes": [{"name": "each.notes[0][0]"}]},
            None,
            {"work": {"item": 3}, "notes": [{"name": "each.notes[2][0]"}]},
        ]
    }


def test_names_with_braces_are_taken_as_they_are() -> None:
    step = calling(nothing, name="braces")

    @flow(name="braces")
    async def braces() -> Any:
        async with Run("braces") as run:
            await run.step("{run} {}", step)
        return run.outcome()

    state = ended(braces)
    assert names(task_runs(state, 1)) == {"{run} {}": "Completed"}


def test_a_retried_flow_does_not_repeat_what_succeeded(
    prefect_api: Path, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[str] = []

    def note(name: str) -> dict[str, str]:
        calls.append(name)
        return {"name": name}

    def flaky() -> dict[str, Any]:
        calls.append("flaky")
        if calls.count("flaky") == 1:
            raise ValueError("boom")
        return {}

    @task(name="first")
    async def first(run: Run) -> Any:
        return await run.call(note, name="first")

    @task(name="each.item")
    async def item(run: Run) -> Any:
        text = Template("{{ get_pipe_result('first', 'name') }}-{{ item }}")
        return await run.call(note, name=text)

    last = calling(flaky, name="last")

    async def each(run: Run) -> None:
        await run.step("item", item)

    @flow(name="retried", retries=1, persist_result=True)
    async def retried() -> Any:
        async with Run("retried") as run:
            await run.step("first", first)
            await run.step("each", each, for_each=["a", "b"])
            await run.step("last", last)
        return run.outcome()

    state = ended(retried)
    assert calls == ["first", "first-a", "first-b", "flaky", "flaky"]
    assert asyncio.run(state.aresult()) == {
        "first": {"name": "first"},
        "each": [{"item": {"name": "first-a"}}, {"item": {"name": "first-b"}}],
        "last": {},
    }
    assert state.name == "Completed"
    assert "computing cache key" not in caplog.text
    asyncio.run(retried())
    assert calls.count("first") == 2  # another run has results of its own


def test_a_flow_that_fails_again_has_used_its_retries() -> None:
    calls: list[int] = []

    def broken() -> None:
        calls.append(1)
        raise ValueError("boom")

    step = calling(broken, name="broken")

    @flow(name="given_up", retries=2, persist_result=True)
    async def given_up() -> Any:
        async with Run("given_up") as run:
            await run.step("broken", step)
        return run.outcome()

    state = ended(given_up)
    assert state.message == "step `broken` failed: ValueError: boom"
    assert len(calls) == 3


def test_a_stop_that_was_stored_stops_again() -> None:
    """As when a run crashes after the step, and is run again."""

    def idle() -> None:
        raise Stop("nothing to do")

    step = calling(idle, name="look")
    attempts: list[str] = []

    @flow(name="crashes", retries=1, persist_result=True)
    async def crashes() -> Any:
        async with Run("crashes") as run:
            await run.step("look", step)
        attempts.append(str(run._session.stopped))
        if len(attempts) == 1:
            raise RuntimeError("crash")
        return run.outcome()

    state = ended(crashes)
    assert attempts == ["nothing to do", "nothing to do"]
    assert (state.name, state.message) == ("Stopped", "nothing to do")


def test_nothing_is_stored_unless_the_flow_asks_for_it(prefect_api: Path) -> None:
    def fetch() -> dict[str, str]:
        return {"subject": TICKET}

    def broken() -> None:
        raise ValueError("boom")

    good = calling(fetch, name="fetch")
    bad = calling(broken, name="broken")

    @flow(name="forgets")
    async def forgets() -> Any:
        async with Run("forgets") as run:
            await run.step("fetch", good)
            await run.step("broken", bad)
        return run.outcome()

    before = stored(prefect_api)
    ended(forgets)
    assert stored(prefect_api) == before


def test_what_is_stored_of_a_failure_is_its_message(prefect_api: Path) -> None:
    class Refused(Exception):
        pass

    def broken() -> None:
        error = Refused("HTTP 500")
        error.request = {"subject": TICKET}  # type: ignore[attr-defined]
        raise error

    step = calling(broken, name="broken")

    @flow(name="remembers", persist_result=True)
    async def remembers() -> Any:
        async with Run("remembers") as run:
            await run.step("broken", step)
        return run.outcome()

    before = stored(prefect_api)
    assert ended(remembers).message == "step `broken` failed: Refused: HTTP 500"
    new = [data for path, data in stored(prefect_api).items() if path not in before]
    assert new
    assert not [data for data in new if TICKET.encode() in data]


def test_secrets_and_tickets_reach_neither_log_nor_database(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asyncio.run(_save("helpdesk-password", "hunter2-block", "eu-central"))
    monkeypatch.setenv("HELPDESK_TOKEN", "hunter2-token")
    seen: list[list[str]] = []

    async def login(password: str, token: str, region: str, subject: str) -> None:
        seen.append([password, token, region, subject])
        try:
            raise KeyError(token)
        except KeyError:
            raise ConnectionError(f"{password} was refused") from None

    @task(name="login", retries=1, retry_delay_seconds=0)
    async def step(run: Run) -> Any:
        return await run.call(
            login,
            password=Template("{{ secret('helpdesk-password') }}"),
            token=Template("{{ env.HELPDESK_TOKEN }}"),
            region=Template("{{ variable('region') }}"),
            subject=Template("{{ item }}"),
        )

    @task(name="wrong")
    async def wrong(run: Run) -> Any:
        def limited(limit: int) -> None: ...

        return await run.call(limited, limit=Template("{{ item }}"))

    @flow(name="leaks")
    async def leaks() -> Any:
        async with Run("leaks", config={"subject": TICKET}) as run:
            items = Template("{{ [config.subject] }}")
            await run.step("login", step, for_each=items, on_error="continue")
            await run.step("wrong", wrong, for_each=items)
        return run.outcome()

    state = ended(leaks)
    assert seen == [["hunter2-block", "hunter2-token", "eu-central", TICKET]] * 2
    assert state.message == (
        "step `wrong` failed for 1 of 1 items: step `wrong[0]` failed:"
        " `limited` needs `limit` to be a valid integer"
    )
    runs = task_runs(state, 2)
    login_state = runs["login[0]"].state
    assert login_state is not None
    assert login_state.message == (
        "Task run encountered an exception StepError: ConnectionError: *** was refused"
    )
    hidden = ("hunter2", TICKET)
    assert not [text for text in hidden if text in caplog.text]
    # The block itself is stored too, encrypted.
    assert not [text for text in hidden if text in _database()]


def test_an_absent_secret_or_variable_is_named() -> None:
    @task(name="ask")
    async def ask(run: Run) -> Any:
        return await run.call(given, x=Template("{{ secret('nowhere') }}"))

    @task(name="also_ask")
    async def also_ask(run: Run) -> Any:
        return await run.call(given, x=Template("{{ variable('nowhere') }}"))

    @flow(name="asks")
    async def asks() -> Any:
        async with Run("asks") as run:
            await run.step("ask", ask, on_error="continue")
            await run.step("also_ask", also_ask)
        return run.outcome()

    state = ended(asks)
    assert state.message == (
        "step `also_ask` failed: `{{ variable('nowhere') }}`:"
        " there is no Prefect Variable `nowhere`"
    )
    failed = task_runs(state, 2)["ask"].state
    assert failed is not None
    assert failed.message == (
        "Task run encountered an exception ExpressionError:"
        " `{{ secret('nowhere') }}`: there is no Secret block `nowhere`"
    )


def test_skipping_is_logged_by_the_flow_run(caplog: pytest.LogCaptureFixture) -> None:
    step = calling(nothing, name="off")

    @flow(name="skips")
    async def skips() -> Any:
        async with Run("skips") as run:
            await run.step("off", step, when=False)
        return run.outcome()

    ended(skips)
    (record,) = [r for r in caplog.records if "skipped" in r.getMessage()]
    assert record.name == "prefect.flow_runs"
    assert record.getMessage() == "step `off` skipped: its condition is false"


def test_a_notification_is_sent_when_the_run_has_failed(inbox: Inbox) -> None:
    def broken() -> None:
        raise ValueError("boom")

    step = calling(broken, name="broken")
    url = f"http://127.0.0.1:{inbox.server_port}"

    @flow(name="tells", on_failure=[notify("slack", url=url, message="Look!")])
    async def tells() -> Any:
        async with Run("tells") as run:
            await run.step("broken", step)
        return run.outcome()

    ended(tells)
    assert inbox.received == [{"text": "*tells: Failed*\nLook!"}]


def stored(storage: Path) -> dict[Path, bytes]:
    """The pickles that lie in the storage for results."""
    files = [path for path in storage.glob("**/*") if path.is_file()]
    return {path: base64.b64decode(_payload(path.read_text())) for path in files}


def _payload(text: str) -> str:
    """Results with a key of their own stand in a record, others by themselves."""
    if not text.startswith("{"):
        return text
    payload: str = json.loads(text)["result"]
    return payload


def _database() -> str:
    """Everything in the API's database, as text."""
    url = get_current_settings().server.database.connection_url
    assert url is not None
    path = url.get_secret_value().removeprefix("sqlite+aiosqlite:///")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        return "\n".join(connection.iterdump())


async def _save(block: str, value: str, region: str) -> None:
    await Secret(value=SecretStr(value)).save(block, overwrite=True)
    await Variable.aset("region", region, overwrite=True)
