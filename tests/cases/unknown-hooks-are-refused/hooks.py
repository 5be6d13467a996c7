from typing import Any


def page(flow: Any, run: Any, state: Any) -> None: ...


def write_down(flow: Any, run: Any, state: Any) -> None: ...
