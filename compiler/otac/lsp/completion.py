"""What can be typed at a place."""

import json
import re
from collections.abc import Iterable, Iterator

from otac.dialects.names import COMPOSITE
from otac.lsp import names
from otac.lsp.cursor import Cursor, cursor_at
from otac.lsp.expression_completion import complete_expression, opened_at
from otac.lsp.item import Proposal, ProposalKind
from otac.lsp.keys import (
    ComponentAt,
    Rule,
    choices,
    document,
    fields,
    item_of,
    kind_of,
    names_of,
    properties,
    rules,
)
from otac.lsp.known import KnownTree, visible_steps
from otac.lsp.state import State
from otac.lsp.tests import offered
from otac.source.properties import resolve

# What can stand without quotes, and more would not be told apart easily.
_PLAIN = re.compile(r"\w[\w ./-]*(?<! )")
_OF_QUEUE = re.compile(
    r"^(?:name of )?(?:an?|the|this|only this)? ?queue\b", re.IGNORECASE
)
_HOOKS = frozenset(("on_failure", "on_completion", "on_crashed"))


def complete(state: State, offset: int) -> list[Proposal]:
    """Everything that fits, without regard to what is typed already: editors filter."""
    if not (state.is_ours or state.has_tests) or _in_comment(state.text, offset):
        return []
    known = state.around(offset)
    opening = None if state.has_tests else opened_at(state.text, offset)
    if opening is not None:
        cursor = cursor_at(state.text, opening)
        return complete_expression(state, known, cursor, opening, offset)
    cursor = cursor_at(state.text, offset)
    owner = _owner(cursor)
    look = names.named(state, known, cursor.use_at(owner), owner)
    if not cursor.in_key:
        return list(_values(state, known, cursor, look))
    found = list(_keys(state, cursor, look))
    what = names_of(rules(cursor.path, look), keys=True) if state.has_tests else None
    if what is not None:
        found += _as_keys(state, cursor, _named_in_test(state, known, cursor, what))
    elif known is not None and names.takes_queues(cursor.path, look):
        queues = names.queues(known.document.root)
        found += _as_keys(state, cursor, (_queue(cursor, name) for name in queues))
    if state.has_tests and not found:
        found += _as_items(cursor, look)
    if cursor.path and isinstance(cursor.path[-1], int):
        # Nothing tells yet whether the item of a list will be a mapping.
        found += _values(state, known, cursor, look)
    return found


def _owner(cursor: Cursor) -> tuple[str | int, ...]:
    """The mapping whose `use` counts: this one, or the one around `params`."""
    path = cursor.path if cursor.in_key else cursor.path[:-1]
    if path[-1:] in (("params",), ("injects",)):
        return path[:-1]
    return path


def _keys(state: State, cursor: Cursor, look: ComponentAt) -> Iterator[Proposal]:
    behind = state.text[cursor.end : cursor.end + 1]
    colon = "" if behind == ":" or cursor.quote else ": "
    beside = cursor.levels[-1].siblings
    for name, rule in properties(cursor.path, look).items():
        if name not in beside:
            yield Proposal(
                name,
                ProposalKind.KEY,
                cursor.start,
                cursor.end,
                f"{name}{colon}",
                rule.description.partition(". ")[0],
                document(name, rule),
            )


def _as_items(cursor: Cursor, look: ComponentAt) -> Iterator[Proposal]:
    """The keys with which an item of a list can begin, where none has begun."""
    for rule in rules(cursor.path, look):
        item = item_of(rule)
        for name, one in (fields(item) if item is not None else {}).items():
            label = f"- {name}"
            yield Proposal(
                label,
                ProposalKind.KEY,
                cursor.start,
                cursor.end,
                f"{label}: ",
                one.description.partition(". ")[0],
                document(name, one),
            )


def _as_keys(
    state: State, cursor: Cursor, found: Iterable[Proposal]
) -> Iterator[Proposal]:
    """The same as keys of a mapping, without those that it has."""
    behind = state.text[cursor.end : cursor.end + 1]
    colon = "" if behind == ":" or cursor.quote else ": "
    for item in found:
        if item.label not in cursor.levels[-1].siblings:
            yield item._replace(insert=f"{item.insert}{colon}")


def _named_in_test(
    state: State, known: KnownTree | None, cursor: Cursor, what: str
) -> Iterator[Proposal]:
    for item in offered(state, known, cursor, what):
        # The key of a ticket is a number.
        plain = what == "ticket" or cursor.quote
        yield item if plain else item._replace(insert=_quoted(item.label))


def _values(
    state: State, known: KnownTree | None, cursor: Cursor, look: ComponentAt
) -> Iterator[Proposal]:
    path = cursor.path
    key = next((name for name in reversed(path) if isinstance(name, str)), "")
    above = path[: len(path) - 1 - path[::-1].index(key)] if key else ()
    found = rules(path, look)
    for value in dict.fromkeys(one for rule in found for one in choices(rule)):
        yield _value(cursor, value, ProposalKind.VALUE)
    if state.has_tests:
        what = names_of(found)
        if what is not None:
            yield from _named_in_test(state, known, cursor, what)
    elif key == "use":
        yield from _components(state, known, cursor, above)
    elif above[-1:] == ("injects",) and known is not None:
        yield from _services(state, known, cursor, look, key)
    elif known is None:
        return
    elif key == "depends_on":
        for name in visible_steps(known, path):
            yield _value(cursor, name, ProposalKind.STEP)
    elif key in ("after", "runners") and _is_name(found):
        for name in names.runners(known):
            yield _value(cursor, name, ProposalKind.RUNNER)
    elif key in _HOOKS:
        for name in names.notifications(known):
            yield _value(cursor, name, ProposalKind.VALUE)
    elif names.takes_queue(path, look) or _says_queue(found):
        for name in names.queues(known.document.root):
            yield _queue(cursor, name)


def _queue(cursor: Cursor, name: str) -> Proposal:
    insert = name if cursor.quote else _quoted(name)
    return Proposal(
        name, ProposalKind.VALUE, cursor.start, cursor.end, insert, "a queue"
    )


def _quoted(name: str) -> str:
    """A text as YAML: in quotes, unless it is one without them."""
    plain = _PLAIN.fullmatch(name) is not None and isinstance(resolve(name), str)
    return name if plain else json.dumps(name, ensure_ascii=False)


def _says_queue(found: Iterable[Rule]) -> bool:
    """Whether a component describes a text as a queue, whatever the parameter's name."""
    return any(
        "string" in kind_of(rule) and _OF_QUEUE.search(rule.description) is not None
        for rule in found
    )


def _is_name(found: Iterable[Rule]) -> bool:
    return any(
        rule.schema.get("type") in ("string", "array") or "anyOf" in rule.schema
        for rule in found
    )


def _components(
    state: State, known: KnownTree | None, cursor: Cursor, above: tuple[str | int, ...]
) -> Iterator[Proposal]:
    if "notifications" in above:
        return
    is_service = "services" in above[:2]
    if not is_service:
        yield _value(cursor, COMPOSITE, ProposalKind.COMPONENT, "a list of steps")
    for name in state.components.names:
        described = state.components.get(name, {})
        if described is None:
            continue
        if described.kind == "unknown" or (described.kind != "pipe") == is_service:
            yield _value(cursor, name, ProposalKind.COMPONENT, described.description)
    for name in names.aliases(known) if known is not None else ():
        yield _value(cursor, name, ProposalKind.COMPONENT, "an alias")


def _services(
    state: State, known: KnownTree, cursor: Cursor, look: ComponentAt, parameter: str
) -> Iterator[Proposal]:
    """The services of the kind that the parameter takes; all where that is not known."""
    step = look(cursor.path[:-2])
    slot = {} if step is None else step.services.get(parameter, {})
    wanted = slot.get("kind", "unknown")
    for name in names.services(known):
        path = (*known.outline.body, "services", name)
        described = look(path)
        kind = "unknown" if described is None else described.kind
        if "unknown" in (wanted, kind) or wanted == kind:
            detail = "" if described is None else described.name
            yield _value(cursor, name, ProposalKind.SERVICE, detail)


def _value(
    cursor: Cursor, value: str, kind: ProposalKind, detail: str = ""
) -> Proposal:
    insert = value
    if not cursor.quote and kind is not ProposalKind.VALUE:
        insert = value if isinstance(resolve(value), str) else f'"{value}"'
    return Proposal(value, kind, cursor.start, cursor.end, insert, detail, detail)


def _in_comment(text: str, offset: int) -> bool:
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line.lstrip().startswith("#")
