"""Steps from before 1.0, whichever way they were written from one week to the next."""

from dataclasses import dataclass
from typing import cast

from otac.diagnostics.edit import How, Reshaping, Safety
from otac.diagnostics.question import PossibleAnswer, Question, instead
from otac.diagnostics.suggest import nearest
from otac.dialects import names
from otac.dialects.findings import Findings
from otac.dialects.nodes import Entries, dropping, mapping
from otac.dialects.step_values import GivenValue, Path, StepNames, UnknownName, compared
from otac.expressions import term, uses_template
from otac.source.document import Entry, Mapping, Node, Scalar

# Of the keys of a step, those that are no parameters.
STEP_KEYS = frozenset(
    (
        *("id", "name", "use", "use_def", "type", "pipe", "operation"),
        *("services", "injects", "config", "params", "steps", "pipes"),
        *("when", "if", "on_failure", "on_success", "output"),
    )
)
TOKENS = ("hf_token_env_var", "token_env", "token", "hf_token")
READ = {
    "FetchTickets": ("ticket_search_criteria",),
    "Classify": ("model", "hf_model", "model_name", "prompt", "text", *TOKENS),
    "Map": ("from_key", "key_to_value_map"),
    "Expression": ("expression",),
    "UpdateTicket": (
        *("ticket_id", "ticket", "updated_ticket"),
        *("ticket_field", "ticket_value", "add_note"),
    ),
    "AddNote": ("ticket_id", "note"),
}
# Classes that no release after them had.
_KINDS = {
    "TicketModifier": "UpdateTicket",
    "HFLocalAIInferenceService": "Classify",
    "ClassifierPipe": "Classify",
    "ContextModifier": "Expression",
    "SimpleKeyValueMapper": "Map",
    "ListValueMapper": "Map",
}
_OPERATIONS = {"find": "FetchTickets", "update": "UpdateTicket"}
_DEEPEST = 20


class Definitions:
    """Pipes by their names, for the steps that use them."""

    def __init__(self, definitions: dict[str, Mapping], found: Findings) -> None:
        self._definitions = definitions
        self._found = found

    def whole(self, node: Mapping, siblings: list[Mapping], depth: int = 0) -> Mapping:
        """A step with what its definition says and it does not."""
        name = definition_of(node)
        definition = self._definitions.get(name or "")
        if definition is None or depth == _DEEPEST:
            if is_empty_composite(node):
                self._ask(node, siblings)
            return node
        kept = {
            k: one for k, one in node.entries.items() if k not in ("use", "use_def")
        }
        if text_in(node, "pipe") == names.COMPOSITE:
            kept.pop("pipe", None)
        merged = {**definition.entries, **kept}
        for key in ("config", "params"):
            one, other = definition.get(key), node.get(key)
            if isinstance(one, Mapping) and isinstance(other, Mapping):
                inside = mapping({**one.entries, **other.entries}, other)
                merged[key] = Entry(node.entries[key].key, inside)
        return self.whole(mapping(merged, node), [], depth + 1)

    def _ask(self, node: Mapping, siblings: list[Mapping]) -> None:
        use = node.entries.get("use") or node.entries["pipe"]
        others = {definition_of(one): one for one in siblings}
        choices = tuple(
            instead(use.value.span, cast(Scalar, one.get("use")).text)
            for name, one in others.items()
            if name in self._definitions and isinstance(one.get("use"), Scalar)
        )
        self._found.ask(
            Question(
                f"definition.{name_of(node)}",
                choices,
                choices[0].answer if choices else None,
            ),
            f"which pipes does `{name_of(node)}` consist of?",
            use.value.span,
            "it has no steps and names no definition",
            f"is it `{choices[0].answer}`, as beside it?"
            if choices
            else "write its `steps`, or `use: def:...`",
        )


def kind_of(node: Mapping) -> str:
    """Today's component that does what a step did, or `Map`."""
    said = class_of(node)
    if not said and "expression" in parameters(node):
        return "Expression"
    if text_in(node, "operation"):
        return _OPERATIONS.get(text_in(node, "operation"), "")
    known = names.today(said)
    return _KINDS.get(said, said if known is None else known.name)


def leaves(node: Node | None, path: Path) -> list[tuple[Path, Entry]]:
    """The scalars of an output, by their paths; keys may have dots."""
    found: list[tuple[Path, Entry]] = []
    for key, one in node.entries.items() if isinstance(node, Mapping) else ():
        here = (*path, *key.split("."))
        if isinstance(one.value, Mapping):
            found += leaves(one.value, here)
        else:
            found.append((here, one))
    return found


def parameters(node: Mapping) -> Entries:
    """The parameters of a step, wherever they stand."""
    found = {k: one for k, one in node.entries.items() if k not in STEP_KEYS}
    for key in ("config", "params"):
        inside = node.get(key)
        if isinstance(inside, Mapping):
            found |= inside.entries
    return found


def definition_of(node: Mapping) -> str | None:
    """The name of the definition that a step uses."""
    said = text_in(node, "use_def") or text_in(node, "use")
    return said.removeprefix("def:") or None


def is_empty_composite(node: Mapping) -> bool:
    return class_of(node) == names.COMPOSITE and not (
        "steps" in node.entries or "pipes" in node.entries
    )


def class_of(node: Mapping) -> str:
    """The last name of its class."""
    said = text_in(node, "pipe") or text_in(node, "type") or text_in(node, "use")
    return said.rpartition(".")[2].rpartition(":")[2]


def name_of(node: Mapping) -> str:
    return text_in(node, "name") or text_in(node, "id")


def text_in(node: Mapping, key: str) -> str:
    value = node.get(key)
    return value.text if isinstance(value, Scalar) else ""


# Settings that steps from before 1.0 read and nobody gives.
class StepSettings:
    """Asks for each of them once."""

    def __init__(self, found: Findings) -> None:
        self._found = found
        self._asked: set[str] = set()

    def missing(self, path: Path, at: Entry, scope: StepNames) -> None:
        """Ask for a setting that is read and never given."""
        name = path[-1]
        key = "error-queue" if name.startswith("error_queue") else f"setting.{name}"
        if key in self._asked:
            return
        self._asked.add(key)
        similar = nearest(name, scope.config)
        if similar is not None:
            given = scope.config[similar].entry.key
            self._found.ask(
                Question(key, (instead(given.span, name),), name),
                f"`{similar}` is probably `{name}`",
                given.span,
                f"`{'.'.join(path)}` is never given",
                f"write `{name}`",
            )
            return
        self._found.ask(
            _question(key, name, scope),
            f"`{'.'.join(path)}` is never given",
            at.value.span,
            "this reads it",
            f"what is it? write `{name}` beside what the pipe is given",
        )


def _question(key: str, name: str, scope: StepNames) -> Question:
    """A setting that is to be filled in, beside the others."""
    first = next(iter(scope.config.values()), None)
    if first is None:
        return Question(key)
    variable = name.upper()
    word = f"{name}: \"{{{{ get_env('{variable}') }}}}\""
    reason = f"set the variable {variable} where runs happen"
    place = first.entry.key.span
    filled = Reshaping(How.BEFORE, place, word, Safety.PLACEHOLDER, reason)
    choice = PossibleAnswer(
        f"get_env('{variable}')", "a variable of this name", (filled,)
    )
    return Question(key, (choice,), choice.answer)


# When a step from before 1.0 was taken, as far as it matters what it says.
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
