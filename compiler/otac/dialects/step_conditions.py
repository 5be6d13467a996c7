"""When a step from before 1.0 was taken, as far as it matters what it says."""

from dataclasses import dataclass

from otac.diagnostics.question import Question
from otac.dialects.findings import Findings
from otac.dialects.nodes import dropping
from otac.dialects.step_reading import name_of
from otac.dialects.step_values import GivenValue, StepNames, UnknownName, compared
from otac.expressions import term
from otac.expressions.template import uses_template
from otac.source.document import Entry, Mapping, Scalar


@dataclass(frozen=True, slots=True)
class When:
    """`failed`: if the ticket could not be written; `sure`, `unsure`: as the model is."""

    never: bool = False
    failed: bool = False
    sure: bool = False
    unsure: bool = False


class Conditions:
    """Reads conditions; `events` are, by their names, the kinds of steps that tell them."""

    def __init__(self, found: Findings) -> None:
        self.events: dict[str, str] = {}
        self._found = found

    def of(self, node: Mapping, scope: StepNames) -> When:
        """What the condition of a step says."""
        one = _entry(node)
        if one is None or not isinstance(one.value, Scalar):
            return When()
        text = one.value.text
        if not uses_template(text):
            text = f"{{{{ {text} }}}}"
        test = term.sole_term(text)
        found = None if test is None else self._condition(test, GivenValue(one, scope))
        if found is not None:
            return found
        self.ask(node)
        return When()

    def ask(self, node: Mapping) -> None:
        """Ask about a condition that cannot be kept."""
        one = _entry(node)
        if one is None:
            return
        self._found.ask(
            Question(f"condition.{name_of(node)}", (dropping(one, "always"),)),
            f"when is `{name_of(node) or 'this step'}` taken?",
            one.value.span,
            "this condition has no counterpart",
            "remove it to take the step always",
        )

    def _condition(self, test: term.Term, given: GivenValue) -> When | None:
        found = compared(test, given)
        if found is not None:
            return When(sure=found[2], unsure=not found[2])
        match test:
            case term.And(left, right):
                one, other = (self._condition(t, given) for t in (left, right))
                return None if one is None or other is None else _both(one, other)
            case term.Not(term.Called("has_event", (term.Constant(event),))):
                return When(failed=self.events.get(str(event)) == "UpdateTicket")
            case term.Called("has_event") | term.Name(("meta", *_)):
                return When()
            case term.Name(path):
                value = given.scope.at(path)
                is_false = (
                    isinstance(value, GivenValue) and not value.entry.value.plain()
                )
                return When(never=isinstance(value, UnknownName) or is_false)
        return None


def _entry(node: Mapping) -> Entry | None:
    return node.entries.get("when") or node.entries.get("if")


def _both(one: When, other: When) -> When:
    return When(
        one.never or other.never,
        one.failed or other.failed,
        one.sure or other.sure,
        one.unsure or other.unsure,
    )
