"""The module of a runner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from otac.agreed import tick_flow
from otac.emit.layout import Code, Group, call, group, laid_out, mapping
from otac.emit.literal import comment, docstring, literal, number, quoted, text
from otac.emit.schedule import served, summary
from otac.emit.scope import ModuleScope
from otac.emit.steps import StepFunction, StepWriter
from otac.emit.templates import render
from otac.emit.window import WindowFlow, state_hooks, tick_function, window_flow
from otac.lower.project import Parameter, Project, Runner
from otac.lower.reserved import module_name


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
