"""Steps: ids, policies, components and services filled in."""

import re
from collections.abc import Iterator

from otac.config.decode import STEP_KEYS
from otac.config.json_type import json_type
from otac.config.model import Located, ParameterConfig, StepConfig
from otac.config.other_words import meant_key, quoted_if_needed
from otac.config.shape import Lost
from otac.diagnostics.diagnostic import error
from otac.diagnostics.edit import How, Reshaping, Safety, replacement
from otac.diagnostics.suggest import nearest
from otac.dialects.names import todays_component
from otac.lower.components import Resolved, is_composite, resolve
from otac.lower.context import Context
from otac.lower.literal_values import lower_value, odd_value, warn_of_literals
from otac.lower.parameters import lower_parameters, step_schema, warn_of_near_keys
from otac.lower.policies import Levels, lower_policy, lower_tags
from otac.lower.project import (
    Argument,
    Call,
    Component,
    Composite,
    ForEach,
    Literal,
    Policy,
    Step,
    Template,
)
from otac.lower.reserved import step_ids
from otac.lower.services import ServiceLowering
from otac.source.document import Mapping, Node, Scalar, Sequence, Span
from otac.source.unfilled import workflow_expression

# A condition that asks for failures is considered even after one.
_ASKS_FAILURE = re.compile(r"\bhas_failed\s*\(")
_TEMPLATE_NEEDED = 'write an expression, such as `"{{ ... }}"`'


def _lists_steps(parameter: ParameterConfig) -> bool:
    """Whether a parameter is a list of what could be steps."""
    value = parameter.value
    return (
        isinstance(value, Sequence)
        and bool(value.items)
        and all(_could_be_a_step(item) for item in value.items)
    )


def _could_be_a_step(value: Node) -> bool:
    return isinstance(value, Mapping) and "use" in value.entries


class StepLowering:
    """Lowers the steps of one runner."""

    def __init__(self, context: Context, services: ServiceLowering) -> None:
        self._context = context
        self._services = services
        # Of each list, the step that no other follows.
        self._last: set[int] = set()
        self._policies: dict[tuple[int, ...], tuple[Levels, Policy]] = {}

    def lower(
        self,
        configs: tuple[StepConfig, ...],
        path: tuple[str, ...],
        levels: Levels,
    ) -> tuple[Step, ...]:
        """The steps of one list; `levels` are the policies around it, nearest first."""
        ids = step_ids(self._context, configs)
        self._last.update(id(config) for config in configs[-1:])
        return tuple(
            self.step(config, step_id, path, levels)
            for config, step_id in zip(configs, ids, strict=True)
        )

    def step(
        self,
        config: StepConfig,
        step_id: str,
        path: tuple[str, ...],
        levels: Levels,
    ) -> Step:
        """One step. Where it was refused, it calls nothing but keeps its place, so that
        what refers to it is not refused as well.
        """
        own_path = (*path, step_id)
        warn_of_literals(self._context, config.parameters, step_id)
        own_levels = (config.policy, *levels)
        policy = self._policy(own_levels)
        action = self._action(config, own_path, own_levels)
        condition = self._condition(config)
        for_each = self.for_each(config)
        return Step(
            id=step_id,
            path=own_path,
            action=action,
            policy=policy,
            tags=lower_tags(own_levels[:-2]),
            condition=condition,
            asks_failure=isinstance(condition, Template)
            and _ASKS_FAILURE.search(condition.text) is not None,
            depends_on=tuple(name.value for name in config.depends_on),
            for_each=for_each,
            origin=config.head,
            depends_on_at=tuple(name.span for name in config.depends_on),
        )

    def composite_config(self, config: StepConfig) -> tuple[Argument, ...]:
        """The parameters of a composite, which its steps read as `config`."""
        self._refuse_injections(config)
        warned = warn_of_near_keys(self._context, config.parameters)
        return tuple(
            Argument(
                p.name,
                lower_value(p.value),
                None if p.name in warned else p.key.span,
            )
            for p in config.parameters
        )

    def is_composite(self, config: StepConfig) -> bool:
        """Whether a step is a list of steps."""
        return config.steps is not None and (
            config.use is None or is_composite(self._context, config.use)
        )

    def _action(
        self,
        config: StepConfig,
        path: tuple[str, ...],
        levels: Levels,
    ) -> Call | Composite:
        if config.steps is not None and self.is_composite(config):
            arguments = self.composite_config(config)
            # What a failure means for the list around a composite says nothing about
            # the list inside it.
            outside = (config.policy._replace(on_error=None), *levels[1:])
            return Composite(self.lower(config.steps, path, outside), arguments)
        if config.use is None:
            self._missing_use(config)
            return self._refused(config, config.head)
        if is_composite(self._context, config.use):
            self._missing_steps(config, config.use.span)
            return self._refused(config, config.use.span)
        resolved = resolve(self._context, config.use)
        if resolved is None:
            # A composite, perhaps, whose name has a letter too few.
            return self._refused(config, config.use.span)
        if config.steps is not None:
            self._context.report(
                error(
                    "OTC333",
                    "a step has either a component or `steps`",
                    config.use.span,
                    f"`{config.use.shown}` would leave the steps beside it unread",
                    help="remove `use`, or move the steps into a step of their own",
                )
            )
        return self._call(config, config.use, resolved)

    def _call(self, config: StepConfig, use: Located[str], resolved: Resolved) -> Call:
        if resolved.info is not None and resolved.info.kind not in ("pipe", "unknown"):
            self._context.report(
                error(
                    "OTC326",
                    f"`{use.shown}` is a service and no pipe",
                    use.span,
                    "services belong under `services`",
                    help="define it there and hand it to a step with `injects`",
                )
            )
            return self._refused(config, use.span)
        injections = self._services.injections(resolved.info, config.injects, use)
        arguments = lower_parameters(
            self._context,
            config.parameters,
            resolved.info,
            use,
            config.span,
            tuple(injection.parameter for injection in injections),
            STEP_KEYS,
            self._without_effect(config),
        )
        return Call(resolved.component, arguments, injections)

    def _without_effect(self, config: StepConfig) -> dict[str, str]:
        """Keys of early forms that change nothing at this step, with the reason."""
        found = {"on": "which errors are tried again cannot be chosen: all are"}
        for parameter in config.parameters:
            text = parameter.value.text if isinstance(parameter.value, Scalar) else ""
            if parameter.name == "on_success" and text.startswith("finish"):
                if id(config) in self._last:
                    found["on_success"] = "no step follows in the list that it finishes"
            elif parameter.name == "on_failure" and text == "continue":
                found["on_failure"] = "the list goes on after a failure in this form"
        return found

    def _policy(self, levels: Levels) -> Policy:
        # Most steps say nothing of their own, and thousands share the same levels.
        # The levels are kept with the policy, so that no other object gets their ids.
        key = tuple(map(id, levels))
        known = self._policies.get(key)
        if known is None:
            known = self._policies[key] = levels, lower_policy(self._context, levels)
        return known[1]

    def _refused(self, config: StepConfig, place: Span) -> Call:
        arguments = (Argument(p.name, lower_value(p.value)) for p in config.parameters)
        return Call(Component("", "", place), tuple(arguments), ())

    def _missing_steps(self, config: StepConfig, use: Span) -> None:
        if self._context.damaged(config.span):
            return
        meant = next(
            (
                p
                for p in config.parameters
                if nearest(p.name, ("steps",)) is not None or _lists_steps(p)
            ),
            None,
        )
        if meant is not None:
            self._lose_steps(config)
        self._context.report(
            error(
                "OTC328",
                "a composite needs `steps`",
                use if meant is None else meant.key.span,
                "there is no list of steps",
                help=None if meant is None else "did you mean `steps`?",
                suggestion=None if meant is None else "steps",
                proposed=replacement(meant.key.span, "steps")
                if meant is not None and _lists_steps(meant)
                else None,
            )
        )

    def _missing_use(self, config: StepConfig) -> None:
        if self._context.damaged(config.span):
            return
        place, advice, suggestion = (
            config.head,
            "add `use:` with the name of a component",
            None,
        )
        for parameter in config.parameters:
            similar = meant_key(parameter.name, step_schema())
            if _lists_steps(parameter):
                similar = "steps"
            # `steps` under `params` is spelt as it is meant, and stands in the wrong place.
            if similar in ("use", "steps") and similar != parameter.name:
                place, suggestion = parameter.key.span, similar
                advice = f"did you mean `{similar}`?"
                if similar == "steps":
                    self._lose_steps(config)
                break
            if _could_be_a_step(parameter.value):
                place = parameter.key.span
                advice = (
                    f"write `id: {parameter.name}`, and the keys under it at its level"
                )
                self._lose_steps(config)
                break
        merged = next(
            (p for p in config.parameters if p.name == "steps" and p.key.span.via), None
        )
        proposed = None if suggestion else self._component_of(config)
        if merged is not None:
            reason = "the list that is merged there is the list of this step"
            proposed = Reshaping(
                How.OUT,
                config.head,
                "steps",
                Safety.CONFIRM,
                reason,
                merged.key.span.via,
            )
        self._context.report(
            error(
                "OTC328",
                "a step needs `use` or `steps`",
                place,
                "nothing says what this step does",
                help=advice,
                suggestion=suggestion,
                proposed=proposed,
            )
        )

    def _lose_steps(self, config: StepConfig) -> None:
        """What asks for a step of the runner may ask for one that could not be read."""
        for runner in self._context.config.runners:
            if runner.span.start <= config.span.start < runner.span.end:
                self._context.lost.append(Lost("steps", runner.span))

    def _component_of(self, config: StepConfig) -> Reshaping | None:
        """The one component that needs what the step gives."""
        catalogue = self._context.catalogue
        start, end, _ = config.span
        # Early forms handed parameters down, which say nothing about this step.
        given = {
            parameter.name
            for parameter in config.parameters
            if start <= parameter.key.span.start < end
        }
        found: list[str] = []
        for name in catalogue.names if given else ():
            info = catalogue.built_in(name)
            if info is not None and info.kind == "pipe" and info.parameters is not None:
                required = info.parameters.required
                if required and given.issuperset(required):
                    found.append(name)
        if len(found) != 1:
            return None
        shown = next(
            (use for use in self._uses() if todays_component(use) == found[0]), found[0]
        )
        written = f"use: {quoted_if_needed(shown)}"
        reason = f"`{found[0]}` is the component that takes what the step has"
        return Reshaping(How.BEFORE, config.head, written, Safety.CONFIRM, reason)

    def _uses(self) -> Iterator[str]:
        """How the file spells what its steps use."""
        pending = [runner.pipe for runner in self._context.config.runners]
        while pending:
            step = pending.pop()
            if step.use is not None:
                yield step.use.shown
            pending.extend(step.steps or ())

    def _refuse_injections(self, config: StepConfig) -> None:
        for injection in config.injects:
            self._context.report(
                error(
                    "OTC325",
                    "a composite takes no services",
                    injection.parameter.span,
                    "only a component can use it",
                    help="write `injects` at the step that uses the service",
                )
            )

    def _condition(self, config: StepConfig) -> Template | Literal | None:
        if config.condition is None:
            return None
        if workflow_expression(config.condition.text) is not None:
            # Rendered, it is text, and text holds.
            odd = odd_value(config.condition)
            if odd is not None:
                self._context.report(odd)
        value = lower_value(config.condition)
        if isinstance(value, Template):
            return value
        if isinstance(value, Literal) and isinstance(value.data, bool):
            return value
        self._context.report(
            error(
                "OTC204",
                "`if` must be `true`, `false` or an expression",
                config.condition.span,
                f"this is {'text' if json_type(config.condition) == 'string' else 'neither'}",
                help=_TEMPLATE_NEEDED,
            )
        )
        return None

    def for_each(self, config: StepConfig) -> ForEach | None:
        """What a step is repeated for; None where it runs once."""
        limit = config.max_concurrency
        if config.for_each is None:
            if limit is not None and not self._context.damaged(config.span):
                self._context.report(
                    error(
                        "OTC335",
                        "`max_concurrency` needs `for_each`",
                        limit.span,
                        "this step runs once",
                        help="add `for_each`, or remove it",
                    )
                )
            return None
        value = lower_value(config.for_each)
        count = 1 if limit is None else limit.value
        if isinstance(value, Template):
            return ForEach(value, count)
        if isinstance(value, Literal) and isinstance(value.data, list):
            return ForEach(value, count)
        self._context.report(
            error(
                "OTC204",
                "`for_each` must be a list or an expression",
                config.for_each.span,
                "this is text"
                if isinstance(value, Literal)
                else "expressions inside a list are not read here",
                help=_TEMPLATE_NEEDED,
            )
        )
        return None
