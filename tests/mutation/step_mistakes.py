"""Steps that are renamed, moved, or asked for under a wrong id."""

import random
import re
from collections.abc import Iterator

from mutant import Mutant, misspelt, replaced
from subject import Part, Subject

from otac.source.document import Mapping, Node, Scalar, Sequence

_ASKS = re.compile(
    r"\b(?:get_pipe_result|pipe_result|has_failed|has_succeeded)\(\s*(['\"])([^'\"]+)\1"
)

_KEYS = re.compile(
    r"\b(?:get_pipe_result|pipe_result)\(\s*(['\"])([^'\"]+)\1,\s*(['\"])(\w+)\3"
)


def unknown_step(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """An expression that asks for a step which there is not."""
    ids = set(_ids(subject))
    for start, end, name in _asked(subject):
        wrong = misspelt(name, ids, chance)
        if name in ids and wrong is not None:
            text = replaced(subject.text, start, end, wrong)
            yield Mutant("unknown step", subject.name, text, (start,), name)


def unknown_result_key(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """A key that the published catalogue does not list for the step that is asked."""
    ids = list(_ids(subject))
    for tag in subject.tags:
        for found in _KEYS.finditer(tag.text):
            step, key = found[2], found[4]
            known = _results(subject, step) if ids.count(step) == 1 else set()
            wrong = misspelt(key, known, chance)
            if key in known and wrong is not None:
                start = tag.start + found.start(4)
                text = replaced(subject.text, start, start + len(key), wrong)
                kind = "unknown result key"
                yield Mutant(kind, subject.name, text, (start,), key)


def _results(subject: Subject, step: str) -> set[str]:
    for part in steps(subject):
        node = part.node.get("id")
        if node is not None and node.plain() == step and part.component is not None:
            if "for_each" in part.node.entries:
                return set()
            return set(part.component["results"].get("properties", ()))
    return set()


def unknown_dependency(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    ids = set(_ids(subject))
    for node in _dependencies(subject):
        wrong = misspelt(node.text, ids, chance)
        if wrong is not None and subject.is_plainly(node, node.text):
            raw = subject.text[node.start : node.end].replace(node.text, wrong)
            text = replaced(subject.text, node.start, node.end, raw)
            kind = "unknown dependency"
            yield Mutant(kind, subject.name, text, (node.start,), node.text)


def renamed_step(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """All that asks for the step by its old id is wrong then, and nothing else."""
    ids = list(_ids(subject))
    for part in subject.parts:
        node = part.node.get("id")
        if part.is_service or not isinstance(node, Scalar) or part.siblings is None:
            continue
        name = node.text
        new = misspelt(name, set(ids), chance)
        if new is None or ids.count(name) > 1 or not subject.is_plainly(node, name):
            continue
        places = [start for start, _, asked in _asked(subject) if asked == name]
        places += [n.start for n in _dependencies(subject) if n.text == name]
        if not places or re.search(rf"[.]{re.escape(name)}\b", subject.text):
            continue
        if len(re.findall(rf"\b{re.escape(name)}\b", subject.text)) != len(places) + 1:
            continue  # something else has this name, or asks for it in another way
        raw = subject.text[node.start : node.end].replace(name, new)
        text = replaced(subject.text, node.start, node.end, raw)
        shift = len(new) - len(name)
        first = min(place + shift * (place > node.start) for place in places)
        kind = "renamed step"
        yield Mutant(kind, subject.name, text, (first,), new, len(places))


def moved_step(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """A step that stands after the one that asks for its result."""
    ids = list(_ids(subject))
    for first, second in _neighbours(subject):
        name = first.entries["id"].value.plain() if "id" in first.entries else None
        if not isinstance(name, str) or ids.count(name) > 1:
            continue
        places = [s for s, _, asked in _asked(subject) if asked == name]
        places += [n.start for n in _dependencies(subject) if n.text == name]
        places = [at for at in places if second.start <= at < second.end]
        if len(places) != 1:
            continue
        text = subject.text
        moved = (
            text[: first.start]
            + text[second.start : second.end]
            + text[first.end : second.start]
            + text[first.start : first.end]
            + text[second.end :]
        )
        at = places[0] - second.start + first.start
        yield Mutant("moved step", subject.name, moved, (at,))


def _neighbours(subject: Subject) -> Iterator[tuple[Mapping, Mapping]]:
    lists: dict[int, Sequence] = {
        part.siblings.start: part.siblings
        for part in subject.parts
        if part.siblings is not None and part.siblings.via is None
    }
    for siblings in lists.values():
        for first, second in zip(siblings.items, siblings.items[1:], strict=False):
            if isinstance(first, Mapping) and isinstance(second, Mapping):
                raw = subject.text[first.start : second.end]
                if not first.via and not second.via and not re.search(r"[&*]\w", raw):
                    yield first, second


def _asked(subject: Subject) -> Iterator[tuple[int, int, str]]:
    """The ids in expressions: where they start and end."""
    for tag in subject.tags:
        for found in _ASKS.finditer(tag.text):
            start = tag.start + found.start(2)
            yield start, tag.start + found.end(2), found[2]


def _dependencies(subject: Subject) -> Iterator[Scalar]:
    for part in subject.parts:
        node = part.node.get("depends_on")
        named: list[Node] = []
        if node is not None and not part.is_service and node.via is None:
            named = node.items if isinstance(node, Sequence) else [node]
        for one in named:
            if isinstance(one, Scalar) and one.via is None:
                yield one


def _ids(subject: Subject) -> Iterator[str]:
    for part in steps(subject):
        node = part.node.get("id")
        if node is not None:
            yield str(node.plain())


def steps(subject: Subject) -> Iterator[Part]:
    return (part for part in subject.parts if not part.is_service)
