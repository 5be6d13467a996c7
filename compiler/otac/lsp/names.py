"""What a configuration gives names to, beside steps."""

import re
from collections.abc import Iterator

from otac.expressions.parse import uses_template
from otac.lsp.components import DescribedComponent
from otac.lsp.keys import ComponentAt, names_of, rules
from otac.lsp.known import KnownTree
from otac.lsp.state import State
from otac.lsp.tree import Path, at, text_of
from otac.source.document import Mapping, Node, Scalar, Sequence
from otac.source.items import nodes

_QUEUE = "queue"
# `'a' if ... else 'b'`: what is compared in between is no result.
_CHOICE = re.compile(
    r"\s*\{\{(?P<first>[^{}]*?)\bif\b[^{}]*\belse\b(?P<second>[^{}]*)\}\}\s*"
)
_TEXT = re.compile(r"""^\s*(['"])([^'"]+)\1\s*$""")


def services(known: KnownTree) -> dict[str, tuple[Scalar, Node]]:
    """The services by id: where the id stands, and the service."""
    return _named(known, "services")


def notifications(known: KnownTree) -> dict[str, tuple[Scalar, Node]]:
    """The notifications by id."""
    return _named(known, "notifications")


def runners(known: KnownTree) -> dict[str, Scalar]:
    """The runners by `pipe_id`."""
    return {one.id.text: one.id for one in known.outline.runners if one.id is not None}


def aliases(known: KnownTree) -> dict[str, tuple[Scalar, Node]]:
    """The aliases for components."""
    node = at(known.document.root, (*known.outline.body, "aliases"))
    if not isinstance(node, Mapping):
        return {}
    return {entry.key.text: (entry.key, entry.value) for entry in node}


def flow_parameters(known: KnownTree, runner: int) -> dict[str, tuple[Scalar, Node]]:
    """What a runner's expressions read as `params`."""
    node = known.outline.runners[runner].node.get("parameters")
    if not isinstance(node, Mapping):
        return {}
    return {entry.key.text: (entry.key, entry.value) for entry in node}


def queues(node: Node) -> tuple[str, ...]:
    """Every queue that a tree names, in its order."""
    return tuple(dict.fromkeys(_queues(node)))


def labels(node: Node) -> tuple[str, ...]:
    """Every label that classifiers of a tree choose from, in its order."""
    found: dict[str, None] = {}
    for one in nodes(node):
        listed = one.get("labels") if isinstance(one, Mapping) else None
        if isinstance(listed, Mapping | Sequence):
            found |= dict.fromkeys(_names_in(listed))
    return tuple(found)


def named(
    state: State, known: KnownTree | None, seen: str | None, path: Path
) -> ComponentAt:
    """Looks up the component that is named with `use` at a path.

    `seen` is what was seen of it in the text at `path`, which is newer than the tree.
    """
    if state.has_tests:
        return ComponentAt(lambda _: None, in_tests=True)
    targets = {}
    if known is not None:
        targets = {
            name: text
            for name, (_, value) in aliases(known).items()
            if (text := text_of(value)) is not None
        }

    def look(place: Path) -> DescribedComponent | None:
        use = seen if place == path else None
        if use is None and known is not None:
            use = text_of(at(known.document.root, (*place, "use")))
        return None if not use else state.components.get(use, targets)

    return ComponentAt(look)


def _named(known: KnownTree, section: str) -> dict[str, tuple[Scalar, Node]]:
    node = at(known.document.root, (*known.outline.body, section))
    if isinstance(node, Mapping):
        return {entry.key.text: (entry.key, entry.value) for entry in node}
    found: dict[str, tuple[Scalar, Node]] = {}
    for item in node.items if isinstance(node, Sequence) else ():
        name = item.get("id") if isinstance(item, Mapping) else None
        if isinstance(name, Scalar):
            found[name.text] = (name, item)
    return found


def takes_queue(path: Path, look: ComponentAt) -> bool:
    """Whether what stands at a path names a queue of the ticket system.

    The component's schema says so. What is a composite's own, or a component's of which
    nothing is known, is told by its word.
    """
    whole = path[:-1] if path[-1:] == ("name",) else path
    if names_of(rules(whole, look)) == _QUEUE:
        return True
    keys = [one for one in whole if isinstance(one, str)]
    return bool(keys) and (_is_queue(keys[-1]) or _are_queues(keys[-1]))


def takes_queues(path: Path, look: ComponentAt) -> bool:
    """Whether the keys of the mapping at a path, or the items of the list, are queues."""
    if names_of(rules(path, look), keys=True) == _QUEUE:
        return True
    keys = [one for one in path if isinstance(one, str)]
    return bool(keys) and _are_queues(keys[-1])


def _is_queue(key: str) -> bool:
    # `work_queue` is Prefect's.
    return (key == "queue" or key.endswith("_queue")) and key != "work_queue"


def _are_queues(key: str) -> bool:
    return key == "queues" or key.endswith("_queues")


def _queues(node: Node) -> Iterator[str]:
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _queues(item)
    if not isinstance(node, Mapping):
        return
    for key, value in node.entries.values():
        if key.text == "queue_map" and isinstance(value, Mapping):
            for entry in value:
                yield from _names_in(entry.value)
        elif "queue" in key.text and (_is_queue(key.text) or _are_queues(key.text)):
            yield from _names_in(value)
        yield from _queues(value)


def _names_in(node: Node) -> Iterator[str]:
    if isinstance(node, Scalar):
        if isinstance(node.value, str) and node.text:
            yield from _written(node.text)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _names_in(item)
    elif "name" in node.entries:
        yield from _names_in(node.entries["name"].value)
    else:
        yield from (entry.key.text for entry in node)


def _written(text: str) -> Iterator[str]:
    """A name; of an expression, those that it can come to."""
    if not uses_template(text):
        yield text
    elif (choice := _CHOICE.fullmatch(text)) is not None:
        for part in (choice["first"], choice["second"]):
            yield from (one[2] for one in _TEXT.finditer(part))
