"""Services are built once a run and closed at its end."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from stand_ins import Play

from otac.runtime import Fail, Run, Template, build

Lines = Callable[[], list[str]]


class Helpdesk:
    def __init__(self, url: str, timeout: float = 5, tags: list[str] | None = None):
        self.url, self.timeout, self.tags = url, timeout, tags


def test_build_renders_and_converts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPDESK_URL", "http://host")
    monkeypatch.setenv("HELPDESK_TIMEOUT", "2.5")
    helpdesk = build(
        Helpdesk,
        url=Template("{{ env.HELPDESK_URL }}/api"),
        timeout=Template("{{ get_env('HELPDESK_TIMEOUT') }}"),
        tags=[Template("{{ nest_at('x', 'a').a }}")],
    )
    assert (helpdesk.url, helpdesk.timeout) == ("http://host/api", 2.5)
    assert helpdesk.tags == ["x"]


def test_build_names_a_wrong_argument_without_its_value() -> None:
    with pytest.raises(Fail) as raised:
        build(Helpdesk, url="http://host", timeout="my password")
    assert str(raised.value) == "`Helpdesk` needs `timeout` to be a valid number"


@pytest.mark.parametrize("name", ["params", "item", "get_pipe_result('a')", "stop()"])
def test_no_step_has_run_where_a_service_is_built(name: str) -> None:
    with pytest.raises(Exception, match="not defined"):
        build(Helpdesk, url=Template(f"{{{{ {name} }}}}"))


def test_a_service_is_built_once_a_run(play: Play) -> None:
    built: list[int] = []

    def service() -> Helpdesk:
        built.append(1)
        time.sleep(0.02)
        return Helpdesk("x")

    async def work(run: Run) -> Any:
        # As steps that are plain functions do.
        threads = [
            threading.Thread(target=run.service, args=[service]) for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        await asyncio.gather(*(asyncio.to_thread(t.join) for t in threads))
        run.service(service)

    async def steps(run: Run) -> None:
        await run.step("each", work, for_each=[1, 2, 3], max_concurrency=3)

    play(steps)
    assert len(built) == 1
    play(steps)
    assert len(built) == 2


def test_a_constructor_that_raises_is_called_again(play: Play) -> None:
    calls: list[int] = []

    def service() -> Helpdesk:
        calls.append(1)
        if len(calls) == 1:
            raise ConnectionError("not yet")
        return Helpdesk("x")

    async def use(run: Run) -> Any:
        return {"value": run.service(service).url}

    async def steps(run: Run) -> None:
        await run.step("first", use, on_error="continue")
        await run.step("second", use)

    assert play(steps).outcome() == {"second": {"value": "x"}}


def test_services_are_closed_newest_first(play: Play, lines: Lines) -> None:
    closed: list[str] = []

    class Plain:
        def close(self) -> None:
            closed.append("plain")

    class Async:
        async def aclose(self) -> None:
            closed.append("async")

        def close(self) -> None:
            closed.append("never")

    class AsyncClose:
        async def close(self) -> None:
            closed.append("async close")

    class Broken:
        def close(self) -> None:
            raise OSError("disk")

    async def use(run: Run) -> Any:
        for service in (Plain, Async, Broken, AsyncClose):
            run.service(service)
        raise ValueError("boom")

    async def steps(run: Run) -> None:
        await run.step("use", use)

    play(steps)
    assert closed == ["async close", "async", "plain"]
    assert lines()[-1] == (
        "WARNING service `Broken` could not be closed: OSError: disk"
    )
