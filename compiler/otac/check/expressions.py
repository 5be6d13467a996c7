"""Expressions: syntax, names, steps, functions, filters."""

from collections.abc import Iterator
from dataclasses import replace

from otac.check.environment import stored_name, wrong_name
from otac.check.intended import Intended
from otac.check.reading import Reading, readings
from otac.check.result_types import ResultTypes
from otac.check.results import MAPPING_METHODS, check_item, check_result
from otac.check.scope import Lookup, StepScope, find
from otac.check.skipped import SkippedResults
from otac.check.step_references import explain
from otac.check.templates import TemplatePlace, templates
from otac.diagnostics.diagnostic import Diagnostic, Label, error
from otac.diagnostics.edit import Correction, Edit
from otac.diagnostics.suggest import nearest
from otac.expressions.function import FILTER_FOR_FUNCTION, FUNCTIONS, SCOPE_NAMES
from otac.expressions.parse import known_filters, known_tests, parse
from otac.expressions.problem import ExpressionProblem
from otac.expressions.reference import (
    CallReference,
    EnvReference,
    FilterReference,
    NameReference,
    ParentParamReference,
    Reference,
    SecretReference,
    StepReference,
    TestReference,
    VariableReference,
)
from otac.lower.project import Project, Runner, Template
from otac.source.document import Document, Span
from otac.source.scalar_position import subspan

# What a service or a notification can see: no step has run where they are made.
_OUTSIDE = ("env", "get_env", "secret", "variable", "now", "get_at", "nest_at")


def check_expressions(
    project: Project,
    document: Document,
    incomplete: frozenset[str],
    types: ResultTypes,
) -> Iterator[Diagnostic]:
    """Everything that is wrong with the expressions of a project."""
    reading: dict[str, Reading] = {}
    skipped = SkippedResults()
    for template, place in templates(project):
        expression = parse(template.text)
        if not _is_rendered(place, reading):
            place = replace(place, is_reached=False)
        asking: tuple[StepScope, ...] = () if place.scope is None else (place.scope,)
        if place.is_late and place.runner is not None:
            read = reading[place.runner.id]
            asking = tuple(read.readers(place.parameter_of or (), place.parameter))
        checker = _Checker(
            template, place, document, incomplete, types, skipped, reading, asking
        )
        if expression.problem is not None:
            yield checker.at(expression.problem, "OTC340")
            continue
        for reference in expression.references:
            yield from checker.check(reference)


def _is_rendered(place: TemplatePlace, reading: dict[str, Reading]) -> bool:
    """Whether a template is ever rendered: a composite's parameter if a step reads it.

    `reading` keeps what was found out about each runner.
    """
    if place.parameter_of is None or place.runner is None:
        return True
    name = place.runner.id
    if name not in reading:
        reading[name] = readings(place.runner)
    return reading[name].reads(place.parameter_of, place.parameter)


class _Checker:
    """Checks the references of one template."""

    def __init__(
        self,
        template: Template,
        place: TemplatePlace,
        document: Document,
        incomplete: frozenset[str],
        types: ResultTypes,
        skipped: SkippedResults,
        read: dict[str, Reading],
        asking: tuple[StepScope, ...],
    ) -> None:
        """`asking` is where results are asked for from: each step that reads what is late."""
        self._template = template
        self._types = types
        self._skipped = skipped
        self._place = place
        self._asking = asking
        self._read = read
        self._document = document
        self._complete = place.runner is None or place.runner.id not in incomplete

    def check(self, reference: Reference) -> Iterator[Diagnostic]:
        """What is wrong with one reference."""
        place = self._place
        match reference:
            case StepReference() | NameReference() | ParentParamReference() if (
                not place.is_reached
            ):
                pass
            case StepReference():
                for scope in self._asking:
                    found = tuple(self._step(reference, scope))
                    yield from found
                    if found:
                        break
            case NameReference():
                yield from self._name(reference)
            case CallReference():
                yield from self._call(reference)
            case FilterReference(name=name):
                if name not in known_filters():
                    yield self._unknown(reference, "OTC343", "filter", known_filters())
            case TestReference(name=name):
                if name not in known_tests():
                    yield self._unknown(reference, "OTC343", "test", known_tests())
            case ParentParamReference():
                yield from self._parent_parameter(reference)
            case SecretReference(name=name) | VariableReference(name=name):
                if name is not None:
                    span = self._span(name.start, name.end)
                    wrong = wrong_name(stored_name(reference), name.text, span)
                    yield from () if wrong is None else (wrong,)
            case EnvReference():
                pass

    def at(self, problem: ExpressionProblem, code: str) -> Diagnostic:
        """A finding about a part of the template's text."""
        return error(
            code,
            problem.message,
            self._span(problem.start, problem.end),
            help=problem.help,
            suggestion=problem.suggestion,
            proposed=None if problem.missing is None else self._added(*problem.missing),
        )

    def _added(self, at: int, text: str) -> Correction:
        return Correction((Edit(self._span(at, at), text),), f"add the `{text}`")

    def _step(self, reference: StepReference, scope: StepScope) -> Iterator[Diagnostic]:
        if reference.step is None:
            return
        name = reference.step.text
        found = find(scope, name)
        if isinstance(found, Lookup):
            span = self._span(reference.step.start, reference.step.end)
            asker = scope.steps[scope.position].origin if self._place.is_late else None
            labels = () if asker is None else (Label(asker, "this step reads it"),)
            for one in explain(found, scope, name, span, complete=self._complete):
                yield replace(one, labels=(*one.labels, *labels))
            return
        yield from check_result(reference, found, self._types, self._span)
        runner = self._place.runner
        if runner is not None:
            asking = scope.steps[scope.position]
            yield from self._skipped.check(
                reference, self._template.text, asking, found, runner, self._span
            )

    # --- names -------------------------------------------------------------------------

    def _name(self, reference: NameReference) -> Iterator[Diagnostic]:
        name, scope, runner = reference.name, self._place.scope, self._place.runner
        given = dict(self._template.given)
        if name in given:
            yield from self._given(reference, given[name])
            return
        if scope is None or runner is None:
            if name not in _OUTSIDE and name not in FUNCTIONS:
                yield self._outside(reference)
            return
        if name in ("item", "index"):
            if name == "item" and scope.loop is not None:
                yield from check_item(reference, scope, self._types, self._span)
            if scope.loop is None and not reference.guarded:
                yield error(
                    "OTC345",
                    f"`{name}` is known only inside `for_each`",
                    self._span(reference.start, reference.end),
                    "this step runs once",
                    help="add `for_each` to the step or to the composite around it",
                )
        elif name in SCOPE_NAMES:
            yield from self._path(reference, scope, runner)
        elif name not in FUNCTIONS:
            known = (*SCOPE_NAMES, *FUNCTIONS, *given)
            similar = nearest(name, sorted(known))
            if reference.guarded and similar is None:
                return
            intended = self._intended(runner, scope)
            instead = intended.name(reference, self._place.parameter_of)
            advice = f"did you mean `{similar}`?" if similar else None
            if instead is not None:
                advice = f"write `{instead.text}`"
            yield error(
                "OTC341",
                f"name `{name}` is not known",
                self._span(reference.start, reference.end),
                "no such name in an expression",
                help=advice,
                suggestion=similar,
                proposed=None
                if instead is None
                else intended.replacement(reference.start, instead),
            )

    def _given(
        self, reference: NameReference, known: tuple[str, ...]
    ) -> Iterator[Diagnostic]:
        """A name that only the component knows: has it that key?"""
        if reference.guarded or not reference.path or not known:
            return
        key = reference.path[0]
        if key.text in known or key.text in MAPPING_METHODS:
            return
        similar = nearest(key.text, sorted(known))
        listed = ", ".join(f"`{name}`" for name in known)
        yield error(
            "OTC344",
            f"`{reference.name}` has no key `{key.text}`",
            self._span(key.start, key.end),
            f"it has {listed}",
            help=f"did you mean `{similar}`?" if similar else None,
            suggestion=similar,
        )

    def _path(
        self, reference: NameReference, scope: StepScope, runner: Runner
    ) -> Iterator[Diagnostic]:
        """`params.x`, `config.x`, `parent.params.x`: is there an x?"""
        if reference.guarded or not reference.path or not self._complete:
            return
        path = reference.path
        owner: StepScope | None = scope
        match reference.name:
            case "params":
                owner = None
                known = frozenset(p.name for p in runner.parameters)
                what = f"runner `{runner.id}`"
            case "config":
                known = scope.config
                what = "the composite around this step"
            case "parent" if path[0].text == "params" and len(path) > 1:
                owner = scope.parent
                known = frozenset() if owner is None else owner.config
                what = "the composite further out"
                path = path[1:]
            case _:
                return
        key = path[0]
        if key.text in known or key.text in MAPPING_METHODS:
            return
        similar = nearest(key.text, sorted(known))
        listed = ", ".join(f"`{name}`" for name in sorted(known))
        yield error(
            "OTC344",
            f"{what} has no parameter `{key.text}`",
            self._span(key.start, key.end),
            f"it has {listed}" if known else "it has no parameters",
            help=f"did you mean `{similar}`?" if similar else None,
            suggestion=similar,
            proposed=self._intended(runner, scope).parameter(
                reference, key, owner, self._reading(runner)
            ),
        )

    def _intended(self, runner: Runner, scope: StepScope) -> Intended:
        return Intended(self._template, self._document, runner, scope)

    def _reading(self, runner: Runner) -> Reading:
        known = self._read.get(runner.id)
        if known is None:
            known = self._read[runner.id] = readings(runner)
        return known

    def _parent_parameter(
        self, reference: ParentParamReference
    ) -> Iterator[Diagnostic]:
        scope = self._place.scope
        if scope is None or reference.name is None or reference.has_default:
            return
        known = frozenset(name for place in scope.outward() for name in place.config)
        if reference.name.text not in known:
            similar = nearest(reference.name.text, sorted(known))
            yield error(
                "OTC344",
                f"no composite around this step has a parameter `{reference.name.text}`",
                self._span(reference.name.start, reference.name.end),
                help=f"did you mean `{similar}`?" if similar else None,
                suggestion=similar,
            )

    # --- calls, filters and tests ------------------------------------------------------

    def _call(self, reference: CallReference) -> Iterator[Diagnostic]:
        function = FUNCTIONS.get(reference.name)
        if function is None:
            instead = FILTER_FOR_FUNCTION.get(reference.name)
            similar = nearest(reference.name, sorted(FUNCTIONS))
            advice = f"did you mean `{similar}`?" if similar else None
            if instead is not None:
                advice = f"write it as a filter: `value | {instead}`"
                similar = None
            yield error(
                "OTC342",
                f"function `{reference.name}` is not known",
                self._span(reference.start, reference.end),
                "expressions have no such function",
                help=advice,
                suggestion=similar,
            )
            return
        if self._place.scope is None and reference.name not in _OUTSIDE:
            if reference.name in _STEP_FUNCTIONS:
                yield self._outside(reference)
            return
        problem = function.problem(reference)
        if problem is not None:
            yield self.at(problem, "OTC346")

    def _outside(self, reference: NameReference | CallReference) -> Diagnostic:
        similar = nearest(reference.name, _OUTSIDE)
        known = reference.name in FUNCTIONS or reference.name in SCOPE_NAMES
        return error(
            "OTC347" if known else "OTC341",
            f"`{reference.name}` is not known in {self._place.owner}",
            self._span(reference.start, reference.end),
            "no step has run where this is rendered" if known else "no such name here",
            help=f"did you mean `{similar}`?"
            if similar and not known
            else "`env`, `get_env()`, `secret()` and `variable()` are known here",
            suggestion=None if known else similar,
        )

    def _unknown(
        self,
        reference: FilterReference | TestReference,
        code: str,
        what: str,
        known: frozenset[str],
    ) -> Diagnostic:
        similar = nearest(reference.name, sorted(known))
        return error(
            code,
            f"{what} `{reference.name}` is not known",
            self._span(reference.start, reference.end),
            f"expressions have no such {what}",
            help=f"did you mean `{similar}`?" if similar else None,
            suggestion=similar,
        )

    def _span(self, start: int, end: int) -> Span:
        scalar = self._template.scalar
        if scalar is None:
            return self._template.origin
        return subspan(self._document, scalar, start, end)


_STEP_FUNCTIONS = frozenset(
    (
        "get_pipe_result",
        "pipe_result",
        "has_failed",
        "has_succeeded",
        "get_parent_param",
        "fail",
        "stop",
    )
)
