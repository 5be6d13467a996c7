"""Runners: a flow, a deployment and what surrounds them."""

from otac.config.model import (
    Located,
    ParameterConfig,
    RunnerConfig,
    RunPolicyConfig,
)
from otac.diagnostics.diagnostic import Label, error, warning
from otac.diagnostics.suggest import nearest
from otac.lower.context import Context
from otac.lower.flow_parameters import declared_parameters, expose, with_late
from otac.lower.literal_values import warn_of_literals, warn_of_stored_literals
from otac.lower.notifications import lower_hooks
from otac.lower.policies import lower_tags
from otac.lower.project import (
    WARM_COMMAND,
    Argument,
    Call,
    Concurrency,
    Parameter,
    Resident,
    Runner,
    Step,
    WorkPool,
)
from otac.lower.resident import WINDOWS_AT_ONCE, lower_resident
from otac.lower.schedules import lower_schedules
from otac.lower.services import ServiceLowering
from otac.lower.steps import StepLowering
from otac.progress import each
from otac.source.document import Json, Mapping, Span


class Runners:
    """Lowers all runners of a configuration."""

    def __init__(self, context: Context, services: ServiceLowering) -> None:
        self._context = context
        self._steps = StepLowering(context, services)

    def lower(self) -> tuple[Runner, ...]:
        """In the order of the file. Runners of one id are reported and kept."""
        defaults = self._context.config.run_policy
        _warn_of_job_variables(self._context, defaults.job_variables)
        first: dict[str, Span] = {}
        for config in self._context.config.runners:
            name = config.id.value
            if name in first:
                self._context.report(
                    error(
                        "OTC310",
                        f"runner `{name}` is defined twice",
                        config.id.span,
                        f"every `{config.id_key}` is unique",
                        labels=(Label(first[name], "first defined here"),),
                        help=f"give one of them another `{config.id_key}`",
                    )
                )
            first.setdefault(name, config.id.span)
        configs = each("reading runners", self._context.config.runners)
        return tuple(self._runner(config) for config in configs)

    def _runner(self, config: RunnerConfig) -> Runner:
        context = self._context
        declared = declared_parameters(context, config)
        steps, arguments, parameters = self._body(config, declared)
        arguments, steps = with_late(arguments, steps)
        schedules = lower_schedules(context, config, parameters)
        resident, schedules = lower_resident(context, config, steps, schedules)
        policies = (config.run_policy, context.config.run_policy)
        levels = (config.policy, context.config.policy)
        return Runner(
            id=config.id.value,
            description=None
            if config.description is None
            else config.description.value,
            parameters=parameters,
            schedules=schedules,
            after=self._after(config),
            triggers=tuple(trigger.plain() for trigger in config.triggers),
            steps=steps,
            config=arguments,
            tags=tuple(
                dict.fromkeys(("open-ticket-ai", config.id.value, *lower_tags(levels)))
            ),
            work_pool=self._work_pool(config),
            concurrency=_concurrency(policies, resident),
            flow_retries=next(
                (p.flow_retries.value for p in policies if p.flow_retries), 0
            ),
            flow_timeout_seconds=next(
                (p.flow_timeout.value for p in policies if p.flow_timeout), None
            ),
            hooks=lower_hooks(context, config.id.value, policies),
            origin=config.id.span,
            resident=resident,
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
            self._steps.for_each(pipe)
            warn_of_literals(self._context, pipe.parameters, config.id.value)
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
        call, parameters = expose(self._context, pipe.parameters, step.action, declared)
        return (step._replace(action=call),), (), parameters

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
        is_warm = prefect.start is not None and prefect.start.value == "warm"
        # A container has no template beside it.
        if is_warm and "image" not in variables:
            variables.setdefault("command", WARM_COMMAND)
        _warn_of_job_variables(self._context, own.job_variables)
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


def _warn_of_job_variables(context: Context, variables: Mapping | None) -> None:
    given = (ParameterConfig(entry.key, entry.value) for entry in variables or ())
    warn_of_stored_literals(context, given, "set it where the worker starts the run")


def _concurrency(
    policies: tuple[RunPolicyConfig, ...], resident: Resident | None
) -> Concurrency:
    if resident is not None:
        return Concurrency(WINDOWS_AT_ONCE, enqueue=False)
    limit = next((p.concurrency_limit for p in policies if p.concurrency_limit), None)
    collision = next((p.collision for p in policies if p.collision), None)
    return Concurrency(
        1 if limit is None else limit.value,
        collision is not None and collision.value == "enqueue",
    )


def _plain(node: Mapping | None) -> dict[str, Json]:
    return {} if node is None else node.plain()
