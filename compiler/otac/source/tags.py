"""Explicit tags: those of the core schema are honoured, any other is a mistake."""

from otac.diagnostics.diagnostic import Diagnostic
from otac.source import mistakes
from otac.source.document import Mapping, Node, Scalar, Sequence, Span
from otac.source.properties import as_float, resolve

_STANDARD = "tag:yaml.org,2002:"
# `! 12` is text, and `!!merge <<` is how some tools write a merge key.
_TAKEN_AS_TEXT = ("!", f"{_STANDARD}merge", f"{_STANDARD}str")
_VALUES: dict[str, type] = {
    f"{_STANDARD}int": int,
    f"{_STANDARD}float": float,
    f"{_STANDARD}bool": bool,
    f"{_STANDARD}null": type(None),
}
_COLLECTIONS: dict[str, type[Node]] = {
    f"{_STANDARD}map": Mapping,
    f"{_STANDARD}seq": Sequence,
}


def apply(tag: str, node: Node, at: Span) -> Diagnostic | None:
    """Gives a scalar the type that its tag asks for; `at` is where the tag stands."""
    shown = "!!" + tag.removeprefix(_STANDARD) if tag.startswith(_STANDARD) else tag
    if tag not in _VALUES and tag not in _COLLECTIONS and tag not in _TAKEN_AS_TEXT:
        return mistakes.unknown_tag(shown, at)
    if isinstance(node, Scalar):
        if tag in _TAKEN_AS_TEXT:
            node.value = node.text
            return None
        if tag in _VALUES:
            value = resolve(node.text)
            if tag == f"{_STANDARD}float" and type(value) is int:
                value = as_float(value)
            if type(value) is _VALUES[tag]:
                node.value = value
                return None
    elif tag == "!" or type(node) is _COLLECTIONS.get(tag):
        return None
    return mistakes.tag_does_not_fit(shown, node, at)
