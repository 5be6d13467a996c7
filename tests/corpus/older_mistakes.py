"""One slip of the fingers in a configuration of an older form."""

import random
from collections.abc import Iterator

from mutant import Mutant, misspelt, replaced
from older_subject import OlderSubject

from otac.source.document import Entry, Mapping, Scalar, Sequence


def misspelt_key(subject: OlderSubject, chance: random.Random) -> Iterator[Mutant]:
    for entry in subject.keys:
        key, word = entry.key, entry.key.text
        wrong = misspelt(word, subject.words, chance)
        if wrong is not None and subject.is_plainly(key, word):
            text = replaced(subject.text, key.start, key.end, wrong)
            yield Mutant("misspelt key", subject.name, text, (key.start,), word)


def removed_character(subject: OlderSubject, chance: random.Random) -> Iterator[Mutant]:
    """A colon, a quote, a bracket, a dash, or the brace of an expression."""
    for at in subject.marks:
        text = replaced(subject.text, at, at + 1, "")
        yield Mutant("removed character", subject.name, text, (at,))


def changed_indent(subject: OlderSubject, chance: random.Random) -> Iterator[Mutant]:
    for before, entry in subject.pairs():
        start = subject.line_start(entry.key.start)
        gap = subject.text[start : entry.key.start]
        if not gap or gap.strip() or not isinstance(before.value, Scalar):
            continue
        if before.value.style in ("|", ">") or before.value.end < before.key.end:
            continue
        if chance.random() < 0.5:
            text, place = replaced(subject.text, start, start + 1, ""), len(gap) - 1
        else:
            text, place = replaced(subject.text, start, start, " "), len(gap) + 1
        yield Mutant("changed indent", subject.name, text, (start + place,))


def list_for_mapping(subject: OlderSubject, chance: random.Random) -> Iterator[Mutant]:
    for entry in subject.known(Mapping):
        yield from _instead(subject, "list for a mapping", entry, "[one, two]")


def mapping_for_list(subject: OlderSubject, chance: random.Random) -> Iterator[Mutant]:
    for entry in subject.known(Sequence):
        yield from _instead(subject, "mapping for a list", entry, "{one: two}")


def scalar_for_either(subject: OlderSubject, chance: random.Random) -> Iterator[Mutant]:
    for kind in (Mapping, Sequence):
        for entry in subject.known(kind):
            yield from _instead(subject, "scalar for either", entry, "17")


MISTAKES = (
    misspelt_key,
    removed_character,
    changed_indent,
    list_for_mapping,
    mapping_for_list,
    scalar_for_either,
)


def _instead(
    subject: OlderSubject, kind: str, entry: Entry, value: str
) -> Iterator[Mutant]:
    """Another value behind the key; what stood there goes."""
    key, node = entry
    lost = subject.text[key.end : node.end]
    if not lost.startswith(":") or "&" in lost or "#" in lost:
        return  # an anchor would be missed elsewhere, a comment would hide the value
    end = max(node.end, key.end + 1)
    tail = "\n" if subject.text[key.end : end].endswith("\n") else ""
    text = replaced(subject.text, key.end, end, f": {value}{tail}")
    yield Mutant(kind, subject.name, text, (key.end + 2, key.start))
