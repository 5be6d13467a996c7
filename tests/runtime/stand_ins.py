"""Steps without Prefect, and a server to notify."""

from collections.abc import Awaitable, Callable
from http.server import HTTPServer
from typing import Any

from otac.runtime import Run, Template

Composite = Callable[[Run], Awaitable[Any]]
Play = Callable[..., Run]


def render(run: Run, value: Any) -> Any:
    """The value as a component would be given it by the task of this step.

    Without Prefect a function stands for the task. It is given the run of a list, as
    composites are; a task is given the run of the step around that.
    """
    assert run._scope.parent is not None
    return run._render(run._scope.parent, value)


def yields(text: str) -> Composite:
    """A step whose result is what the text stands for."""

    async def step(run: Run) -> Any:
        return {"value": render(run, Template(text))}

    return step


class Inbox(HTTPServer):
    """`status` is what it answers, and `elsewhere` where it sends who asks."""

    status = 200
    elsewhere: str | None = None
    received: list[Any]
