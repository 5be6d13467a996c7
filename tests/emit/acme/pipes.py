from typing import Any

from otac.components import Component


async def load(limit: int = 0, queues: list[str] | None = None) -> None: ...


async def tell(to: list[str] | None = None, **more: Any) -> None: ...


async def email() -> None: ...


async def triage() -> None: ...


async def services() -> None: ...


async def queue() -> None: ...


class Close(Component): ...


class Triage(Component): ...


class Template(Component): ...


class Trrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr(
    Component
): ...
