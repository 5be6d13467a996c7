"""Values of another type or meaning than the one that is wanted."""

import random
from collections.abc import Iterator

from key_mistakes import component_names
from mutant import Mutant, misspelt, replaced
from subject import Site, Subject

from otac.source.document import Mapping, Node, Scalar, Sequence

DURATIONS = {
    *("interval_seconds", "retry_delay_seconds", "retry_max_delay_seconds"),
    *("timeout_seconds", "flow_timeout_seconds", "late_after_seconds"),
}


def wrong_type(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """A word for a number or a boolean, a list for a scalar."""
    for site in subject.sites:
        types = site.schema.types
        if not isinstance(site.node, Scalar) or types is None or site.key is None:
            continue
        if types <= {"integer", "number"}:
            yield _put(subject, site.node, "text for a number", "many")
        elif types == {"boolean"}:
            yield _put(subject, site.node, "text for a boolean", "maybe")
        elif types == {"string"}:
            yield _put(subject, site.node, "list for text", "[one, two]")


def wrong_collection(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for site in subject.sites:
        node, types = site.node, (site.schema.types or frozenset()) - {"null"}
        if site.key is None:
            continue
        if isinstance(node, Mapping) and types == {"object"}:
            if site.key.text == "orchestrator":
                continue  # as a list it would be that of an older release
            if _is_whole(subject, node):
                yield _put(subject, node, "list for a mapping", "[one, two]")
                yield _put(subject, node, "text for a mapping", "something")
        elif (
            isinstance(node, Sequence)
            and types == {"array"}
            and _is_whole(subject, node)
        ):
            yield _put(subject, node, "mapping for a list", "{one: 1}")


def wrong_parameter_type(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for part in subject.parts:
        if part.component is None:
            continue
        properties = part.component["parameters"].get("properties", {})
        for owner in (part.node, part.node.get("params")):
            if not isinstance(owner, Mapping):
                continue
            for name, entry in owner.entries.items():
                wanted = properties.get(name, {}).get("type")
                if entry.value.via or not isinstance(entry.value, Scalar):
                    continue
                if wanted in ("string", "integer", "number", "boolean"):
                    kind = "list for a parameter"
                    yield _put(subject, entry.value, kind, "[one, two]")


def unknown_choice(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for site in subject.sites:
        choices = {str(choice) for choice in site.schema.choices or ()}
        if site.schema.types == {"string"} and choices:
            yield from _misspelt(subject, chance, "unknown choice", site.node, choices)


def unknown_component(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for part in subject.parts:
        use = part.node.get("use")
        if part.component is not None and use is not None:
            known = component_names()
            yield from _misspelt(subject, chance, "unknown component", use, known)


def unknown_service(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for part in subject.parts:
        injects = part.node.get("injects")
        if isinstance(injects, Mapping) and part.component is not None:
            for entry in injects:
                known = _services(subject)
                kind = "unknown service"
                yield from _misspelt(subject, chance, kind, entry.value, known)


def unknown_runner(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for site in subject.sites:
        if site.key is None or site.key.text not in ("after", "runners"):
            continue
        named = site.node.items if isinstance(site.node, Sequence) else [site.node]
        for node in named:
            known = set(_runners(subject))
            if isinstance(node, Scalar) and node.text in known:
                yield from _misspelt(subject, chance, "unknown runner", node, known)


def bad_duration(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for site in _keyed(subject, DURATIONS):
        wrong = chance.choice(["5 fortnights", "soon", "PT5Q", "1h 2x", "five"])
        yield _put(subject, site.node, "bad duration", f'"{wrong}"')


def bad_cron(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for site in _keyed(subject, {"cron"}):
        fields = str(site.node.plain()).split()
        if len(fields) == 5 and site.node.end - site.node.start < 40:
            number = chance.randrange(5)
            fields[number] = chance.choice(["99", "a-b", "*/0", "1-", "3,,4"])
            before = sum(len(field) + 1 for field in fields[:number])
            wrong = f'"{" ".join(fields)}"'
            at = site.node.start
            mutant = _put(subject, site.node, "bad cron", wrong)
            field = range(at + 1 + before, at + 1 + before + len(fields[number]) + 1)
            yield mutant._replace(places=(at, *field))


def bad_timezone(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for site in _keyed(subject, {"timezone"}):
        yield from _misspelt(subject, chance, "bad time zone", site.node, set())


def unknown_alias(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """A `*name` that stands nowhere as `&name`."""
    text = subject.text
    for word in {text[via.start + 1 : via.end] for via in _vias(subject.document.root)}:
        at = text.find(f"*{word}")
        known = {name for name in text.replace("&", " &").split() if name[0] == "&"}
        wrong = misspelt(word, {name[1:] for name in known}, chance)
        if wrong is not None:
            changed = replaced(text, at + 1, at + 1 + len(word), wrong)
            yield Mutant("unknown alias", subject.name, changed, (at,), f"*{word}")


def _vias(root: Node) -> Iterator[Node]:
    pending = [root]
    while pending:
        node = pending.pop()
        if node.via is not None:
            yield Scalar(None, "", "", node.via.start, node.via.end)
        elif isinstance(node, Mapping):
            pending += [entry.value for entry in node]
        elif isinstance(node, Sequence):
            pending += node.items


def _keyed(subject: Subject, names: set[str]) -> Iterator[Site]:
    for site in subject.sites:
        if site.key is None or site.key.text not in names:
            continue
        if isinstance(site.node, Scalar) and site.node.value is not None:
            yield site


def _services(subject: Subject) -> set[str]:
    services = subject.body.get("services")
    if isinstance(services, Mapping):
        return set(services.entries)
    if isinstance(services, Sequence):
        items = [item for item in services.items if isinstance(item, Mapping)]
        return {str(item.entries["id"].value.plain()) for item in items}
    return set()


def _runners(subject: Subject) -> Iterator[str]:
    for site in subject.sites:
        if site.key is not None and site.key.text == "pipe_id":
            yield str(site.node.plain())


def _is_whole(subject: Subject, node: Mapping | Sequence) -> bool:
    """Whether nothing elsewhere needs what stands inside."""
    return "&" not in subject.text[node.start : node.end]


def _put(subject: Subject, node: Node, kind: str, value: str) -> Mutant:
    text = replaced(subject.text, node.start, node.end, value)
    return Mutant(kind, subject.name, text, (node.start,))


def _misspelt(
    subject: Subject, chance: random.Random, kind: str, node: Node, known: set[str]
) -> Iterator[Mutant]:
    if not isinstance(node, Scalar) or node.via is not None:
        return
    wrong = misspelt(node.text, known, chance)
    if wrong is None or not subject.is_plainly(node, node.text):
        return
    raw = subject.text[node.start : node.end].replace(node.text, wrong)
    text = replaced(subject.text, node.start, node.end, raw)
    inside = node.start + (raw[0] in "\"'")
    places = (node.start, inside)
    yield Mutant(kind, subject.name, text, places, node.text)
