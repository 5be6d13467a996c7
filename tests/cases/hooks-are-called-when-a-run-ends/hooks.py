"""State hooks of the configuration beside it."""

from typing import Any


def write_down(flow: Any, run: Any, state: Any) -> None:
    print(flow.name, run.name, state.name)


async def page(flow: Any, run: Any, state: Any) -> None:
    print(flow.name, "needs somebody")
