"""State hooks of the configuration beside it."""

from typing import Any


def write_down(flow: Any, flow_run: Any, state: Any) -> None:
    print(flow.name, flow_run.name, state.name)


async def page(flow: Any, flow_run: Any, state: Any) -> None:
    print(flow.name, "needs somebody")
