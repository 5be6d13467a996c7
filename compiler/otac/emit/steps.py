"""Steps: a task for each call of a component, a function for each list of steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from otac.emit.layout import Code, call, items_of, laid_out
from otac.emit.literal import number, quoted
from otac.emit.scope import ModuleScope
from otac.lower.project import Call, Composite, Policy, Step


@dataclass(frozen=True, slots=True)
class StepFunction:
    """A function of the module. `decorator` is None for the list of a composite."""

    name: str
    decorator: str | None
    result: str
    body: Sequence[str]


class StepWriter:
    """Writes lists of steps, and collects the functions they need, innermost first."""

    def __init__(
        self,
        scope: ModuleScope,
        steps: Sequence[Step],
        probe: frozenset[tuple[str, ...]] = frozenset(),
    ) -> None:
        """`steps` are those of the whole flow, `probe` the paths of a tick's first ones.

        Their components come by their names before any step does: `triage_step` calls
        `triage`, instead of `triage` calling `triage_component`.
        """
        self._scope = scope
        self._probe = probe
        self.functions: list[StepFunction] = []
        self._import_components(steps)

    def _import_components(self, steps: Sequence[Step]) -> None:
        for step in steps:
            match step.action:
                case Call(component):
                    self._scope.component(component)
                case Composite(inner):
                    self._import_components(inner)
                case _:
                    assert_never(step.action)

    def write(
        self, steps: Sequence[Step], run: str, indent: int, *, in_flow: bool
    ) -> list[str]:
        """The statements of a list. `run` is the local name of the run."""
        return [self._statement(step, run, indent, in_flow) for step in steps] or [
            "pass"
        ]

    def _statement(self, step: Step, run: str, indent: int, in_flow: bool) -> str:
        items: list[Code] = [quoted(step.id), self._function(step)]
        values = self._scope.values
        if step.condition is not None:
            items.append(values.write(step.condition, "when="))
        if step.depends_on:
            names = [quoted(name) for name in step.depends_on]
            items.append(items_of(names, "depends_on="))
        if step.for_each is not None:
            items.append(values.write(step.for_each.items, "for_each="))
            if step.for_each.max_concurrency != 1:
                items.append(f"max_concurrency={step.for_each.max_concurrency}")
        if step.policy.on_error != "stop":
            items.append(f'on_error="{step.policy.on_error}"')
        if step.asks_failure:
            items.append("after_failure=True")
        if step.path in self._probe:
            items.append("probe=True")
        if isinstance(step.action, Composite) and step.action.config:
            items.append(values.config(step.action.config, "config=", in_flow=in_flow))
        return laid_out(call(f"await {run}.step", items), indent)

    def _function(self, step: Step) -> str:
        """The name of the step's function, which this adds to the module."""
        match step.action:
            case Call():
                name = self._scope.names.function("_".join(step.path), "step")
                decorator = laid_out(call("@task", _task_options(step)))
                self.functions.append(
                    StepFunction(name, decorator, "Any", [self._call(step.action)])
                )
            case Composite(steps):
                body = self.write(steps, "run", 4, in_flow=False)
                name = self._scope.names.function("_".join(step.path), "step")
                self.functions.append(StepFunction(name, None, "None", body))
            case _:
                assert_never(step.action)
        return name

    def _call(self, action: Call) -> str:
        items: list[Code] = [self._scope.component(action.component)]
        items += self._scope.values.keywords(action.arguments)
        items += [self._scope.injection(injection) for injection in action.injections]
        return laid_out(call("return await run.call", items), 4)


def _task_options(step: Step) -> list[Code]:
    options: list[Code] = [f"name={quoted('.'.join(step.path))}"]
    if step.tags:
        options.append(items_of([quoted(tag) for tag in step.tags], "tags="))
    options += _policy_options(step.policy)
    return options


@lru_cache
def _policy_options(policy: Policy) -> Sequence[Code]:
    """Retries are written even if there are none: Prefect's default is a setting."""
    options: list[Code] = [f"retries={policy.retries}"]
    if policy.retries:
        delays = policy.retry_delays
        if isinstance(delays, tuple):
            written = [number(delay) for delay in delays]
            options.append(items_of(written, "retry_delay_seconds="))
        else:
            options.append(f"retry_delay_seconds={number(delays)}")
        if policy.retry_jitter_factor:
            options.append(f"retry_jitter_factor={number(policy.retry_jitter_factor)}")
    if policy.timeout_seconds is not None:
        options.append(f"timeout_seconds={number(policy.timeout_seconds)}")
    return tuple(options)
