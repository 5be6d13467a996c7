"""Steps that may wait for ever, and time-outs that cannot help it."""

from collections.abc import Iterator

from otac.catalogue import Catalogue
from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.lower.project import Composite, Project, Runner, Step


def check_waiting(project: Project, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Warn of steps without a timeout whose component talks to a network without one.

    Components that come with otac have timeouts of their own.
    """
    for runner in project.runners:
        if runner.flow_timeout_seconds is None:
            yield from _steps(runner.steps, runner, catalogue)
        yield from _blocking(runner.steps, runner, catalogue)


def _steps(
    steps: tuple[Step, ...], runner: Runner, catalogue: Catalogue
) -> Iterator[Diagnostic]:
    for step in steps:
        if isinstance(step.action, Composite):
            yield from _steps(step.action.steps, runner, catalogue)
            continue
        component = step.action.component
        info = catalogue.behind(component.module, component.name)
        if info is None or not info.network or step.policy.timeout_seconds is not None:
            continue
        yield warning(
            "OTC386",
            f"step `{step.id}` may wait for ever",
            component.origin,
            f"`{component.module}` talks to a network and sets no timeout",
            help="add `timeout_seconds` to the step, the runner or the defaults"
            if info.blocks is None
            else f"give `{info.blocks}` a timeout of its own, since `timeout_seconds` "
            "cannot end an `async def` that blocks; or write it as a plain `def` and add "
            "`timeout_seconds` to the step",
        )


def _blocking(
    steps: tuple[Step, ...], runner: Runner, catalogue: Catalogue
) -> Iterator[Diagnostic]:
    for step in steps:
        if isinstance(step.action, Composite):
            yield from _blocking(step.action.steps, runner, catalogue)
            continue
        component = step.action.component
        info = catalogue.behind(component.module, component.name)
        if info is None or info.blocks is None:
            continue
        key = "timeout_seconds"
        if step.policy.timeout_seconds is None:
            if runner.flow_timeout_seconds is None:
                continue
            key = "flow_timeout_seconds"
        yield warning(
            "OTC397",
            f"`{key}` cannot end step `{step.id}`",
            component.origin,
            f"`{component.name}` is `async def` and calls `{info.blocks}`, during which"
            " nothing else gets a turn",
            help="write it as a plain `def`, which runs in a thread, and give the call a"
            " timeout of its own; or await something, such as `asyncio.sleep`",
        )
