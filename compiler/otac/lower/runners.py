"""Runners: a flow, a deployment and what surrounds them."""

import keyword

from otac.catalogue import ComponentInfo
from otac.config.model import Located, ParameterConfig, RunnerConfig
from otac.diagnostics.diagnostic import Label, error, warning
from otac.diagnostics.suggest import nearest
from otac.lower.context import Context
from otac.lower.hooks import lower_hooks
from otac.lower.policies import lower_tags
from otac.lower.project import (
    Argument,
    Call,
    Concurrency,
    FlowArgument,
    Literal,
    Parameter,
    Runner,
    Step,
    WorkPool,
)
from otac.lower.schedules import lower_schedules
from otac.lower.secrets import looks_secret
from otac.lower.services import Services
from otac.lower.steps import Steps
from otac.lower.values import lower_value
from otac.source.document import Json, Mapping
from otac.source.span import Span

# What calling a flow means to Prefect, whatever the flow's own parameters are.
_PREFECT_ARGUMENTS = frozenset(("wait_for", "return_state"))
_ANNOTATIONS = {str: "str", bool: "bool", int: "int", float: "float"}


class Runners:
    """Lowers all runners of a configuration."""

    def __init__(self, context: Context, services: Services) -> None:
        self._context = context
        self._steps = Steps(context, services)

    def lower(self) -> tuple[Runner, ...]:
        """In the order of the file. Runners of one id are reported and kept."""
        first: dict[str, Span] = {}
        for config in self._context.config.runners:
            name = config.id.value
            if name in first:
                self._context.report(
                    error(
                        "OTC310",
                        f"runner `{name}` is defined twice",
                        config.id.span,
                        "every `pipe_id` is unique",
                        labels=(Label(first[name], "first defined here"),),
                        help="give one of them another `pipe_id`",
                    )
                )
            first.setdefault(name, config.id.span)
        return tuple(self._runner(config) for config in self._context.config.runners)

    def _runner(self, config: RunnerConfig) -> Runner:
        context = self._context
        declared = self._parameters(config)
        steps, arguments, parameters = self._body(config, declared)
        if config.mode is not None and config.mode.value == "resident":
            context.report(
                error(
                    "OTC318",
                    "resident runners are not compiled by this version",
                    config.mode.span,
                    "a run that stays and ticks inside",
                    help="remove `mode`, and write an interval of at least 10 seconds",
                )
            )
        policies = (config.run_policy, context.config.run_policy)
        levels = (config.policy, context.config.policy)
        return Runner(
            id=config.id.value,
            description=None
            if config.description is None
            else config.description.value,
            parameters=parameters,
            schedules=lower_schedules(context, config, parameters),
            after=self._after(config),
            triggers=tuple(trigger.plain() for trigger in config.triggers),
            steps=steps,
            config=arguments,
            tags=tuple(
                dict.fromkeys(("open-ticket-ai", config.id.value, *lower_tags(levels)))
            ),
            work_pool=self._work_pool(config),
            concurrency=Concurrency(
                next(
                    (
                        p.concurrency_limit.value
                        for p in policies
                        if p.concurrency_limit
                    ),
                    1,
                ),
                next((p.collision.value for p in policies if p.collision), "")
                == "enqueue",
            ),
            flow_retries=next(
                (p.flow_retries.value for p in policies if p.flow_retries), 0
            ),
            flow_timeout_seconds=next(
                (p.flow_timeout.value for p in policies if p.flow_timeout), None
            ),
            hooks=lower_hooks(context, config.id.value, policies),
            origin=config.id.span,
        )

    def _body(
        self, config: RunnerConfig, declared: tuple[Parameter, ...]
    ) -> tuple[tuple[Step, ...], tuple[Argument, ...], tuple[Parameter, ...]]:
        """The flow's steps, its `config`, and all its parameters."""
        pipe = config.pipe
        levels = (config.policy, self._context.config.policy)
        plain = pipe.condition is None and pipe.for_each is None and not pipe.depends_on
        if pipe.steps is not None and self._steps.is_composite(pipe) and plain:
            arguments = self._steps.composite_config(pipe)
            steps = self._steps.lower(pipe.steps, (), (pipe.policy, *levels))
            if not steps and not self._context.damaged(pipe.span):
                self._context.report(
                    warning(
                        "OTC336",
                        f"runner `{config.id.value}` does nothing",
                        pipe.head,
                        "its list of steps is empty",
                    )
                )
            return steps, arguments, declared
        step_id = config.id.value if pipe.id is None else pipe.id.value
        step = self._steps.step(pipe, step_id, (), levels)
        if not isinstance(step.action, Call):
            return (step,), (), declared
        return self._expose(pipe.parameters, step, step.action, declared)

    def _expose(
        self,
        given: tuple[ParameterConfig, ...],
        step: Step,
        call: Call,
        declared: tuple[Parameter, ...],
    ) -> tuple[tuple[Step, ...], tuple[Argument, ...], tuple[Parameter, ...]]:
        """Make the plain parameters of a runner's only component the flow's own.

        So the guide's `queue: "my-queue"` can be changed for one run in Prefect. Nothing
        that looks like a credential becomes one: Prefect stores flow parameters.
        """
        info = self._context.catalogue.built_in(call.component.name)
        if info is not None and info.module != call.component.module:
            info = None  # a component of the user's of the same name
        names = {parameter.name: parameter for parameter in declared}
        parameters = list(declared)
        arguments: list[Argument] = []
        places = {parameter.name: parameter.key.span for parameter in given}
        for argument in call.arguments:
            value = argument.value
            if not _is_plain(argument):
                arguments.append(argument)
                continue
            if argument.name not in names:
                data = value.data if isinstance(value, Literal) else None
                annotation = _annotation(data, argument.name, info)
                parameters.append(
                    Parameter(argument.name, annotation, data, value.origin)
                )
            elif (
                isinstance(value, Literal)
                and names[argument.name].default != value.data
            ):
                self._context.report(
                    warning(
                        "OTC357",
                        f"`{argument.name}` has two values",
                        places[argument.name],
                        "not used: the flow's parameter of this name is handed over",
                        labels=(
                            Label(names[argument.name].origin, "this one is used"),
                        ),
                        help="keep one of them",
                    )
                )
            flow_argument = FlowArgument(argument.name, value.origin)
            arguments.append(Argument(argument.name, flow_argument))
        action = Call(call.component, tuple(arguments), call.injections)
        bound = Step(
            id=step.id,
            path=step.path,
            action=action,
            policy=step.policy,
            tags=step.tags,
            condition=step.condition,
            asks_failure=step.asks_failure,
            depends_on=step.depends_on,
            for_each=step.for_each,
            origin=step.origin,
            depends_on_at=step.depends_on_at,
        )
        return (bound,), (), tuple(parameters)

    def _parameters(self, config: RunnerConfig) -> tuple[Parameter, ...]:
        parameters: list[Parameter] = []
        for parameter in config.parameters:
            name = parameter.name
            value = lower_value(parameter.value)
            if name in _PREFECT_ARGUMENTS:
                self._context.report(
                    error(
                        "OTC360",
                        f"`{name}` cannot be the name of a parameter",
                        parameter.key.span,
                        "Prefect itself takes an argument of this name for every flow",
                        help=f"write `{name}_`, for example",
                        suggestion=f"{name}_",
                    )
                )
            elif not name.isidentifier() or keyword.iskeyword(name):
                self._context.report(
                    error(
                        "OTC360",
                        f"`{name}` cannot be the name of a parameter",
                        parameter.key.span,
                        "it becomes a parameter of a Python function",
                        help="use letters, digits and `_`, and no word of Python's own",
                    )
                )
            elif not isinstance(value, Literal):
                self._context.report(
                    error(
                        "OTC361",
                        f"the default of parameter `{name}` is an expression",
                        parameter.value.span,
                        "Prefect stores it as it stands; nothing would render it",
                        help="write a plain value here, and the expression at the step",
                    )
                )
            else:
                annotation = _annotation(value.data, name, None)
                parameters.append(
                    Parameter(name, annotation, value.data, parameter.value.span)
                )
        return tuple(parameters)

    def _work_pool(self, config: RunnerConfig) -> WorkPool:
        prefect = self._context.config.prefect
        own, defaults = config.run_policy, self._context.config.run_policy
        names: tuple[Located[str] | None, ...] = (
            own.work_pool,
            defaults.work_pool,
            prefect.work_pool,
        )
        queues = (own.work_queue, defaults.work_queue)
        variables: dict[str, Json] = {}
        if prefect.image is not None:
            variables["image"] = prefect.image.value
        for level in (defaults.job_variables, own.job_variables):
            variables.update(_plain(level))
        return WorkPool(
            name=next((name.value for name in names if name is not None), "default"),
            queue=next((queue.value for queue in queues if queue is not None), None),
            job_variables=variables,
        )

    def _after(self, config: RunnerConfig) -> tuple[str, ...]:
        if not config.after:
            return ()
        runners = [runner.id.value for runner in self._context.config.runners]
        for name in config.after:
            if name.value == config.id.value:
                self._context.report(
                    error(
                        "OTC350",
                        f"runner `{name.value}` starts after itself",
                        name.span,
                        "it would start itself again without end",
                    )
                )
            elif (
                name.value not in runners
                and "orchestrator" not in self._context.config.damaged_sections
            ):
                similar = nearest(name.value, runners)
                self._context.report(
                    error(
                        "OTC350",
                        f"runner `{name.value}` is not defined",
                        name.span,
                        "no runner has this `pipe_id`",
                        help=f"did you mean `{similar}`?" if similar else None,
                        suggestion=similar,
                    )
                )
        return tuple(name.value for name in config.after)


def _is_plain(argument: Argument) -> bool:
    value = argument.value
    return (
        isinstance(value, Literal)
        and isinstance(value.data, str | int | float)
        and argument.name.isidentifier()
        and not keyword.iskeyword(argument.name)
        and argument.name not in _PREFECT_ARGUMENTS
        and not looks_secret(argument.name)
    )


def _annotation(data: Json, name: str, info: ComponentInfo | None) -> str:
    """The Python type of a flow parameter, wide enough for what the component takes."""
    if info is not None and info.parameters is not None and type(data) is int:
        schema = (info.parameters.properties or {}).get(name)
        if schema is not None and "number" in (schema.types or ()):
            return "float"
    if isinstance(data, list):
        return "list[Any]"
    if isinstance(data, dict):
        return "dict[str, Any]"
    return _ANNOTATIONS.get(type(data), "Any")


def _plain(node: Mapping | None) -> dict[str, Json]:
    return {} if node is None else node.plain()
