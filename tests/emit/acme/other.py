from otac.components import Component


class Triage(Component): ...


class Run(Component): ...


async def json() -> None: ...
