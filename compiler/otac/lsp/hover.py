"""What there is to know of the thing at a place."""

from collections.abc import Iterable
from typing import NamedTuple

from otac.expressions.function import FUNCTIONS
from otac.expressions.parse import uses_template
from otac.expressions.reference import CallReference, FilterReference, StepReference
from otac.lsp import names
from otac.lsp.components import DescribedComponent
from otac.lsp.keys import Rule, document, kind_of, properties
from otac.lsp.known import KnownTree
from otac.lsp.outline import Placed
from otac.lsp.results import results_of
from otac.lsp.state import State
from otac.lsp.tests import NamedInTest, NamedTarget, meant_at, target
from otac.lsp.tree import Path, Spot, spot, text_of
from otac.lsp.uses import reference_at, step_at
from otac.source.document import Scalar, Span
from otac.source.scalar_position import subspan

# Of tests.
_SHOWN = 20


class Hover(NamedTuple):
    """Markdown about a part of the text."""

    text: str
    span: Span


def hover(state: State, offset: int) -> Hover | None:
    """What to show at an offset; None where nothing is known."""
    if state.has_tests:
        return _in_test(state, offset)
    known = state.known if state.is_ours else None
    if known is None:
        return None
    named = step_at(known, offset)
    if named is not None:
        return Hover(_step(state, known, named.placed), named.span)
    found = spot(known.document.root, offset)
    if found.entry is None:
        return None
    if found.on_key:
        return _key(state, known, found)
    if not isinstance(found.node, Scalar) or found.alias is not None:
        return None
    if uses_template(found.node.text):
        return _in_expression(known, found.node, offset)
    return _value(state, known, found, found.node)


def _in_test(state: State, offset: int) -> Hover | None:
    """What the configuration has under a name, or what a key of a test is."""
    known = state.known
    meant = meant_at(state, offset)
    there = None if meant is None else target(state, meant)
    if meant is not None and there is not None:
        text = _target(meant, there)
        return None if text is None else Hover(text, meant.span)
    found = None if known is None else spot(known.document.root, offset)
    if known is None or found is None or not found.on_key:
        return None
    return _key(state, known, found)


def _target(meant: NamedInTest, there: NamedTarget) -> str | None:
    if there.placed is not None:
        return _step(there.state, there.known, there.placed)
    if meant.what == "service":
        here = (*there.known.outline.body, "services", meant.text)
        described = names.named(there.state, there.known, None, here)(here)
        return (
            None
            if described is None
            else f"service `{meant.text}`\n\n{table(described)}"
        )
    if meant.what == "runner" and there.part is not None:
        steps = (one for one in there.part.steps if len(one.step.path) == 1)
        listed = (f"- `{one.step.id}`: {_use(one)}" for one in steps)
        return "\n".join((f"runner **`{meant.text}`**", "", *listed))
    return None


def of_runner(runner: Scalar, tests: Iterable[str]) -> Hover:
    """The tests that run a runner."""
    names = list(tests)
    listed = [f"- {one}" for one in names[:_SHOWN]]
    if len(names) > _SHOWN:
        listed.append(f"- and {len(names) - _SHOWN} more")
    count = f"{len(names) or 'no'} test{'s' * (len(names) != 1)}"
    head = f"runner **`{runner.text}`** — {count}"
    return Hover("\n".join((head, "", *listed)).rstrip(), runner.span)


def _use(placed: Placed) -> str:
    return text_of(placed.node.get("use")) or "a composite"


def table(described: DescribedComponent) -> str:
    """A component with its parameters, as Markdown."""
    lines = [f"**`{described.name}`** — {described.kind.replace('_', ' ')}"]
    if described.description:
        lines += ["", described.description]
    parameters = described.parameters.get("properties", {})
    required = described.parameters.get("required", ())
    if parameters:
        lines += ["", "| parameter | type | |", "|---|---|---|"]
    for name, schema in parameters.items():
        rule = Rule(schema, described.parameters)
        about = _cell(rule.description)
        must = " (required)" if name in required else ""
        lines.append(f"| `{name}` | {kind_of(rule) or 'any'} | {about}{must} |")
    for name, slot in described.services.items():
        kind = str(slot["kind"]).replace("_", " ")
        lines.append(("" if parameters else "\n") + f"| `{name}` | {kind} | injected |")
    results = described.results.get("properties", {})
    if results:
        lines += ["", "Result: " + ", ".join(f"`{name}`" for name in results)]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _step(state: State, known: KnownTree, placed: Placed) -> str:
    lines = [f"step **`{'.'.join(placed.step.path)}`** — `{_use(placed)}`"]
    found = results_of(state, known, text_of(placed.node.get("use")), placed.path)
    lines += [f"- `{name}`: {_cell(rule.description)}" for name, rule in found.items()]
    return "\n".join((lines[0], "", *lines[1:])).rstrip()


def _key(state: State, known: KnownTree, found: Spot) -> Hover | None:
    assert found.entry is not None
    name, above = found.entry.key.text, found.path[:-1]
    owner = above[:-1] if above[-1:] == ("params",) else above
    look = names.named(state, known, None, owner)
    rule = properties(above, look).get(name)
    return None if rule is None else Hover(document(name, rule), found.entry.key.span)


def _value(state: State, known: KnownTree, found: Spot, node: Scalar) -> Hover | None:
    path: Path = found.path
    key = path[-1] if path else ""
    if key == "use":
        described = names.named(state, known, node.text, path[:-1])(path[:-1])
        return None if described is None else Hover(table(described), node.span)
    if path[-2:-1] == ("injects",):
        service = names.services(known).get(node.text)
        here = (*known.outline.body, "services", node.text)
        described = names.named(state, known, None, here)(here)
        if service is not None and described is not None:
            return Hover(f"service `{node.text}`\n\n{table(described)}", node.span)
    return None


def _in_expression(known: KnownTree, scalar: Scalar, offset: int) -> Hover | None:
    at = reference_at(known, scalar, offset)
    if at is None:
        return None
    reference, _ = at
    span = subspan(known.document, scalar, reference.start, reference.end)
    match reference:
        case StepReference(function=name) | CallReference(name=name):
            function = FUNCTIONS.get(name)
            return None if function is None else Hover(f"`{function.signature}`", span)
        case FilterReference(name=name):
            return Hover(f"filter `{name}`", span)
        case _:
            return None
