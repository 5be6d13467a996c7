"""Keys that are misspelt, missing or given twice."""

import random
from collections.abc import Iterator

from mutant import Mutant, misspelt, replaced
from subject import Part, Subject, components

from otac.source.document import Entry, Mapping, Node, Scalar

STEP_KEYS = {
    *("id", "use", "injects", "params", "steps", "if", "depends_on", "for_each"),
    *("max_concurrency", "retries", "retry_delay_seconds", "retry_backoff_factor"),
    *("retry_max_delay_seconds", "retry_jitter_factor", "timeout_seconds", "on_error"),
    "tags",
}


def misspelt_key(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """A key of a mapping that may have certain keys only."""
    for site in subject.sites:
        schema = site.schema
        if not isinstance(site.node, Mapping) or schema.additional is not False:
            continue
        known = set(schema.properties or {})
        for entry in site.node:
            if entry.key.text in known:
                yield from _misspelt(subject, chance, "misspelt key", entry, known)


def misspelt_step_key(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """A key of a step whose component is known to take no others."""
    for part in subject.parts:
        if part.is_service or part.component is None:
            continue
        known = {*STEP_KEYS, *parameters(part), *part.component["services"]}
        for entry in part.node:
            if entry.key.text in STEP_KEYS:
                kind = "misspelt step key"
                yield from _misspelt(subject, chance, kind, entry, known)


def misspelt_service_key(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """`params` of a service whose component is known."""
    for part in subject.parts:
        if part.is_service and part.component is not None:
            known = {"id", "use", "params", *parameters(part)}
            for entry in part.node:
                if entry.key.text == "params":
                    kind = "misspelt service key"
                    yield from _misspelt(subject, chance, kind, entry, known)


def misspelt_parameter(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for part in subject.parts:
        known = {*STEP_KEYS, *parameters(part)}
        for entry in parameter_entries(part):
            kind = "misspelt parameter"
            yield from _misspelt(subject, chance, kind, entry, known)


def otherwise_spelt_key(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """`pipe-id`, `pipeId`, `Pipe_id` and the like."""
    for site in subject.sites:
        schema = site.schema
        if not isinstance(site.node, Mapping) or schema.additional is not False:
            continue
        known = set(schema.properties or {})
        for key, _ in site.node:
            first, *more = key.text.split("_")
            ways = {
                key.text.replace("_", "-"),
                first + "".join(word.title() for word in more),
                key.text.title(),
                key.text.upper(),
                f"{key.text}s",
                key.text[:-1],
            } - {*known, ""}
            if key.text not in known or key.via or len(key.text) < 4:
                continue
            if subject.text[key.start : key.end] == key.text:
                wrong = chance.choice(sorted(ways))
                text = replaced(subject.text, key.start, key.end, wrong)
                kind = "otherwise spelt key"
                yield Mutant(kind, subject.name, text, (key.start,), key.text)


def removed_key(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for site in subject.sites:
        if isinstance(site.node, Mapping):
            for name in site.schema.required:
                found = _without(subject, site.node, name)
                if found is not None:
                    text, first = found
                    yield Mutant("removed key", subject.name, text, (first,))


def removed_parameter(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """A parameter without which the component cannot be called."""
    for part in subject.parts:
        if part.component is None:
            continue
        use = part.node.get("use")
        assert use is not None
        for name in part.component["parameters"].get("required", ()):
            for owner in (part.node, part.node.get("params")):
                if not isinstance(owner, Mapping):
                    continue
                entry = owner.entries.get(name)
                found = None if entry is None else _without(subject, owner, name)
                if entry is None or found is None:
                    continue
                removed = len(subject.text) - len(found[0])
                at = use.start - (removed if entry.key.start < use.start else 0)
                yield Mutant("removed parameter", subject.name, found[0], (at,))


def duplicated_key(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for mapping in _all_mappings(subject):
        for entry in mapping:
            key, value = entry
            if key.via or value.via or not isinstance(value, Scalar):
                continue
            pair = subject.text[key.start : value.end]
            if "\n" in pair or value.end <= key.end or pair.startswith("? "):
                continue
            if subject.is_flow(mapping):
                separator, at = ", ", value.end
            else:
                indent = key.start - subject.line_start(key.start)
                separator, at = "\n" + " " * indent, subject.line_end(value.end)
            text = replaced(subject.text, at, at, separator + pair)
            places = (at + len(separator),)
            yield Mutant("duplicated key", subject.name, text, places)


def parameters(part: Part) -> set[str]:
    if part.component is None:
        return set()
    return set(part.component["parameters"].get("properties", {}))


def parameter_entries(part: Part) -> Iterator[Entry]:
    """What a step or a service gives its component, if that takes only certain names."""
    schema = {} if part.component is None else part.component["parameters"]
    if schema.get("additionalProperties") is not False:
        return
    inner = part.node.get("params")
    for owner in (part.node, inner):
        if isinstance(owner, Mapping):
            for entry in owner:
                if entry.key.text in parameters(part) and entry.key.via is None:
                    yield entry


def component_names() -> set[str]:
    return {*components(), "Composite"}


def _misspelt(
    subject: Subject, chance: random.Random, kind: str, entry: Entry, known: set[str]
) -> Iterator[Mutant]:
    key = entry.key
    wrong = misspelt(key.text, known, chance)
    if wrong is None or key.via or subject.text[key.start : key.end] != key.text:
        return
    text = replaced(subject.text, key.start, key.end, wrong)
    yield Mutant(kind, subject.name, text, (key.start,), key.text)


def _without(subject: Subject, owner: Mapping, name: str) -> tuple[str, int] | None:
    """The text without an entry, and where the first key of the mapping then stands."""
    entries = list(owner)
    at = next((i for i, e in enumerate(entries) if e.key.text == name), None)
    if at is None or len(entries) < 2 or owner.via:
        return None
    if any(entry.key.via or entry.value.via for entry in entries):
        return None
    if at + 1 < len(entries):
        start, end = entries[at].key.start, entries[at + 1].key.start
    else:
        start, end = _end(entries[at - 1].value), _end(entries[at].value)
    if "&" in subject.text[start:end] or "<<" in subject.text[owner.start : owner.end]:
        return None
    first = entries[0].key.start  # the next one moves up to where the first one stood
    return replaced(subject.text, start, end, ""), first


def _end(node: Node) -> int:
    return node.end


def _all_mappings(subject: Subject) -> Iterator[Mapping]:
    pending: list[Node] = [subject.document.root]
    while pending:
        node = pending.pop()
        if node.via is not None:
            continue
        if isinstance(node, Mapping):
            yield node
            pending += [entry.value for entry in node]
        elif not isinstance(node, Scalar):
            pending += node.items
