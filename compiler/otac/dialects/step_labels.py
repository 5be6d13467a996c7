"""What the labels of a model become, as maps from before 1.0 say it."""

from typing import NamedTuple, cast

from otac.diagnostics.question import PossibleAnswer, Question
from otac.dialects.findings import Findings
from otac.dialects.nodes import Entries, entry_after, made
from otac.dialects.step_values import GivenValue, LabelValue, plain
from otac.source.document import Entry, Mapping, Scalar


class Labels(NamedTuple):
    """Rules by their labels, and whether all other labels are names themselves."""

    rules: Entries
    keeps_others: bool


def labels_of(
    label: LabelValue, low: Entry | None, what: str, found: Findings
) -> Labels | None:
    """What they become; None where it is asked. `low` is the value for what is not sure."""
    if label.map is None:
        return Labels({}, keeps_others=True)
    table = label.map.value
    rules = dict(table.entries) if isinstance(table, Mapping) else {}
    if not rules or not all(isinstance(one.value, Scalar) for one in rules.values()):
        found.ask(
            Question(f"map.{label.map.key.text}"),
            f"`{label.map.key.shown}` is not a map of labels",
            label.map.key.span,
            f"labels become the names of a {what}",
            "write `label: name` for each",
        )
        return None
    rest = rules.pop("*", None)
    if rest is None and label.rest is None:
        _ask_for_rest(label.map, low, what, found)
        return None
    keeps = (
        isinstance(label.rest, LabelValue) if rest is None else _text_of(rest) == "*"
    )
    if keeps:
        needed = {k: one for k, one in rules.items() if _text_of(one) != k}
        return Labels(needed, keeps_others=True)
    if rest is None and label.rest is not None and plain(label.rest) is not None:
        rest = cast(GivenValue, label.rest).entry
    if rest is not None and (low is None or _text_of(rest) != _text_of(low)):
        rules["*"] = Entry(made("*", rest.value), rest.value)
    return Labels(rules, keeps_others=False)


def _ask_for_rest(table: Entry, low: Entry | None, what: str, found: Findings) -> None:
    inside = cast(Mapping, table.value)
    kept = (entry_after(inside, '"*": "*"'),)
    choices = [PossibleAnswer("keep", f"the label is the name of a {what}", kept)]
    if low is not None:
        name = _text_of(low)
        word = f'"*": "{name}"'
        choices.append(
            PossibleAnswer(name, "as if not sure", (entry_after(inside, word),))
        )
    found.ask(
        Question(f"other-labels.{table.key.text}", tuple(choices), "keep"),
        f"what becomes of a label that is not in `{table.key.shown}`?",
        table.key.span,
        "nothing says it",
        'write `"*": "*"` there to keep such labels as names, or `"*"` and a name',
    )


def _text_of(one: Entry) -> str:
    return cast(Scalar, one.value).text
