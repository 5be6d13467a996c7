"""The module of a runner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from otac.agreed import tick_flow
from otac.emit.layout import Code, Group, call, group, items_of, laid_out, mapping
from otac.emit.literal import comment, docstring, literal, number, quoted, text
from otac.emit.schedule import served, summary
from otac.emit.scope import ModuleScope
from otac.emit.templates import render
from otac.emit.window import WindowFlow, state_hooks, tick_function, window_flow
from otac.lower.project import Call, Composite, Parameter, Policy, Project, Runner, Step
from otac.lower.reserved import module_name


# Steps: a task for each call of a component, a function for each list of steps.
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


@dataclass(frozen=True, slots=True)
class FlowModule:
    """What `flow.py.jinja` arranges: pieces of source code, each laid out for its place."""

    source: str
    docstring: str
    imports: str
    constants: Sequence[str]
    functions: Sequence[StepFunction]
    run_class: str
    decorator: str
    signature: str
    run: str
    enter: str
    steps: Sequence[str]
    window: WindowFlow | None
    serve: str


@dataclass(frozen=True, slots=True)
class WrittenFlow:
    """A written flow module, and the name of the flow function in it.

    `once` is the function that does everything one time: another one where the runner is
    resident.
    """

    path: str
    text: str
    function: str
    once: str
    uses_services: bool


def flow_module(
    project: Project, runner: Runner, services: Mapping[str, str]
) -> WrittenFlow:
    """The module of one runner. `services` are the constructors' names by service id."""
    scope = ModuleScope(services, (parameter.name for parameter in runner.parameters))
    function = scope.names.function(runner.id, "flow")
    once = function if runner.resident is None else tick_function(runner, scope)
    scope.imports.own("typing", "Any")
    scope.imports.own("prefect", "flow")
    run_class = scope.imports.own("otac.runtime", "Run")
    run = scope.names.ours("run")

    parameters = [_parameter(each, scope) for each in runner.parameters]
    signature = group(f"async def {once}(", parameters, ") -> Any:")
    probe = frozenset() if runner.resident is None else runner.resident.probe
    steps = StepWriter(scope, runner.steps, probe)
    hooks = state_hooks(project, runner, scope)
    statements = steps.write(runner.steps, run, 8, in_flow=True)
    if any(each.decorator is not None for each in steps.functions):
        scope.imports.own("prefect", "task")
    serve = [f"name={quoted(runner.id)}", *served(runner.schedules, scope.imports)]
    enter = call(f"async with {run_class}", _run_arguments(runner, scope))
    window = None
    if runner.resident is not None:
        signature_of_window = group(f"async def {function}(", parameters, ") -> Any:")
        window = window_flow(
            project, runner, runner.resident, laid_out(signature_of_window), once, scope
        )
    view = FlowModule(
        source=comment(project.source),
        docstring=docstring(summary(runner), runner.description),
        imports=scope.imports.block(),
        constants=scope.constants,
        functions=steps.functions,
        run_class=run_class,
        decorator=laid_out(call("@flow", _flow_options(runner, hooks))),
        signature=laid_out(signature),
        run=run,
        enter=laid_out(enter, 4, f" as {run}:"),
        steps=statements,
        window=window,
        serve=laid_out(call(f"{function}.serve", serve), 4),
    )
    return WrittenFlow(
        path=f"generated/flows/{module_name(runner.id)}.py",
        text=render("flow.py.jinja", module=view),
        function=function,
        once=once,
        uses_services=scope.uses_services,
    )


def _parameter(parameter: Parameter, scope: ModuleScope) -> Code:
    """A parameter of the flow.

    A default that is a list or a mapping becomes a constant of the module: as a literal in
    the signature, linters take it for the classic mistake.
    """
    annotation, default = parameter.annotation, parameter.default
    code = literal(default, f"{parameter.name}: {annotation} = ")
    if isinstance(default, str) or isinstance(code, str):
        return code
    constant = scope.names.constant(parameter.name)
    scope.constants.append(laid_out(literal(default, f"{constant}: {annotation} = ")))
    flat = f"{parameter.name}: {annotation} = {constant}"
    if not annotation.endswith("]"):
        return flat
    # Where the line is too long, formatters open the brackets of the annotation.
    generic, _, items = annotation[:-1].partition("[")
    opening = f"{parameter.name}: {generic}["
    return Group(opening, [items], f"] = {constant}", "", flat)


def _run_arguments(runner: Runner, scope: ModuleScope) -> list[Code]:
    arguments: list[Code] = [quoted(runner.id)]
    if runner.parameters:
        names = [parameter.name for parameter in runner.parameters]
        entries = [f"{quoted(name)}: {name}" for name in names]
        arguments.append(mapping(entries, "params="))
    if runner.config:
        config = scope.values.config(runner.config, "config=", in_flow=True)
        arguments.append(config)
    return arguments


def _flow_options(runner: Runner, hooks: list[Code]) -> list[Code]:
    name = runner.id if runner.resident is None else tick_flow(runner.id)
    options: list[Code] = [f"name={quoted(name)}"]
    if runner.description and runner.resident is None:
        options.append(text(runner.description, "description="))
    if runner.flow_retries:
        # Prefect finds the results of finished steps again only if they are kept.
        options += [f"retries={runner.flow_retries}", "persist_result=True"]
    if runner.flow_timeout_seconds is not None:
        options.append(f"timeout_seconds={number(runner.flow_timeout_seconds)}")
    return [*options, *hooks, "log_prints=True"]
