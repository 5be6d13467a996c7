"""The parts of a file from before 1.0, by the ids under which others name them."""

from dataclasses import dataclass
from typing import cast

from otac.diagnostics.question import Question, instead
from otac.dialects.findings import Findings
from otac.dialects.nodes import Entries, dropping
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

MAP = "ticket_system_value2model_values"
_SECTIONS = {
    "fetchers": "fetcher",
    "data_preparers": "preparer",
    "models": "model",
    "ai_inference_services": "model",
    "modifiers": "modifier",
}
# What the class of a part says of it, in the order of asking.
_KINDS = (
    ("fetcher", "fetcher"),
    ("preparer", "preparer"),
    ("modifier", "modifier"),
    ("inference", "model"),
    ("hf", "model"),
)
_WIRES = {
    "fetcher_id": "fetcher",
    "preparer_id": "preparer",
    "model_id": "model",
    "ai_inference_service_id": "model",
    "modifier_id": "modifier",
}
# In which they work, each on what the one before has made.
_ORDER = ("fetcher", "preparer", "model", "modifier")


@dataclass(frozen=True, slots=True)
class WiredPart:
    """A part by its kind. `has` is what it says beside and under `params`."""

    kind: str
    name: str
    node: Mapping
    has: Entries

    @property
    def attribute(self) -> str | None:
        """Queue or priority, whichever its class or else its name says."""
        return attribute_in(class_of(self.node)) or attribute_in(self.name)


def parts_of(body: Mapping, found: Findings) -> list[WiredPart]:
    """All parts of a file."""
    parts: list[WiredPart] = []
    for section, kind in _SECTIONS.items():
        given = body.get(section)
        if isinstance(given, Sequence):
            parts += [_part(cast(Mapping, one), kind) for one in given.items]
    pipes = body.get("pipes")
    for one in pipes.items if isinstance(pipes, Sequence) else ():
        assert isinstance(one, Mapping)
        said = class_of(one).casefold()
        known = next((kind for word, kind in _KINDS if word in said), None)
        if known is not None:
            parts.append(_part(one, known))
            continue
        name = one.entries["id"].value
        found.ask(
            Question(f"part.{text_of(name)}"),
            f"what does `{text_of(name)}` do?",
            name.span,
            f"`{class_of(one)}` is not a fetcher, preparer, model or modifier",
            f"what is meant? labels become queues and priorities by `{MAP}` of a "
            "modifier",
        )
    return parts


def wired_to(
    node: Mapping, parts: list[WiredPart], found: Findings
) -> dict[str, WiredPart]:
    """The parts that a predictor names, by their kinds."""
    named: dict[str, WiredPart] = {}
    for kind, wire in wires_of(node):
        part = _named(node, wire, kind, parts, found)
        if part is not None:
            named.setdefault(part.kind, part)
    _check_values(named, found)
    return named


def wires_of(node: Mapping) -> list[tuple[str | None, Scalar]]:
    """The ids that a predictor names, and the kinds of parts that have to have them."""
    pipes = node.get("pipes")
    if isinstance(pipes, Sequence):
        return [(None, cast(Scalar, item)) for item in pipes.items]
    return [
        (kind, cast(Scalar, node.entries[key].value))
        for key, kind in _WIRES.items()
        if key in node.entries
    ]


def has(node: Mapping) -> Entries:
    """What a node says beside and under `params`."""
    params = node.get("params")
    inside = params.entries if isinstance(params, Mapping) else {}
    return {**node.entries, **inside}


def class_of(node: Mapping) -> str:
    said = node.get("provider_key") or node.get("type")
    return "" if said is None else text_of(said)


def attribute_in(text: str) -> str | None:
    said = text.casefold()
    return next((what for what in ("queue", "priority") if what in said), None)


def text_of(node: Node) -> str:
    """Empty where something else was written; the shape check says so."""
    return node.text if isinstance(node, Scalar) else ""


def _part(node: Mapping, kind: str) -> WiredPart:
    return WiredPart(kind, text_of(node.entries["id"].value), node, has(node))


def _named(
    node: Mapping,
    wire: Scalar,
    kind: str | None,
    parts: list[WiredPart],
    found: Findings,
) -> WiredPart | None:
    """The part of that id; the only fetcher, where the id is nearly its own."""
    exact = next((one for one in parts if one.name == wire.text), None)
    if exact is not None and kind in (None, exact.kind):
        return exact
    fetchers = [one for one in parts if one.kind == "fetcher"]
    alike = fetchers and (
        wire.text.startswith(fetchers[0].name) or fetchers[0].name.startswith(wire.text)
    )
    key = f"part.{text_of(node.entries['id'].value)}.{wire.text}"
    those = [one.name for one in parts if kind in (None, one.kind)]
    if len(fetchers) == 1 and alike and kind in (None, "fetcher"):
        name = fetchers[0].name
        found.doubt(
            Question(key, (instead(wire.span, name),), name, wire.span),
            f"`{wire.text}` is probably `{name}`",
            wire.span,
            "it is the only fetcher, and is used",
            f"write `{name}`",
        )
        return fetchers[0]
    names = ", ".join(f"`{one}`" for one in those)
    choices = tuple(instead(wire.span, one) for one in those)
    found.ask(
        Question(key, choices, None, wire.span),
        f"which part is `{wire.text}`?",
        wire.span,
        "nothing has this id" if exact is None else f"it is a {exact.kind}",
        f"there are {names}" if names else "there is none of this kind",
    )
    return None


def _check_values(named: dict[str, WiredPart], found: Findings) -> None:
    """`input_field` has to be what the part before calls its result."""
    result: Entry | None = None
    for part in (named[kind] for kind in _ORDER if kind in named):
        read = part.has.get("input_field")
        if read is not None:
            _check_value(part, read, result, found)
        result = part.has.get("result_field")


def _check_value(
    part: WiredPart, read: Entry, result: Entry | None, found: Findings
) -> None:
    name, place = text_of(read.value), read.value.span
    if result is not None and text_of(result.value) == name:
        return
    choices = [dropping(read, "remove", "it reads what there is")]
    if result is not None:
        choices = [instead(place, text_of(result.value))]
    found.ask(
        Question(f"value.{part.name}", tuple(choices), choices[0].answer),
        f"`{part.name}` reads `{name}`, which nothing before it makes",
        place,
        f"`input_field` has to be the `result_field` of the part before `{part.name}`",
        f"is `{choices[0].answer}` meant?"
        if result is not None
        else "remove it to read what the part before makes, or write `result_field` there",
    )
