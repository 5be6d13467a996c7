"""From labelled tickets to a model file and its card."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from otac import __version__
from otac.diagnostics.diagnostic import Diagnostic, error, note, warning
from otac.learning.examples import Example
from otac.learning.fitting import Fitted, HeldOut, fit
from otac.learning.measures import (
    Judged,
    at_threshold,
    by_label,
    by_threshold,
    calibration_error,
    count,
)
from otac.learning.promise import promises
from otac.learning.selection import FEWEST, Selection, select
from otac.models.linear import LinearModel
from otac.models.model_file import LARGEST_FILE, encode_model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PARTS = ("queue", "priority")
# The newest fifth judges.
_OLDER = 0.8
_FEWEST_JUDGED = 20

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Trained:
    """A model file: its bytes and the card in it. Without bytes, an error says why."""

    data: bytes | None
    card: Mapping[str, Any]
    diagnostics: tuple[Diagnostic, ...] = ()


def train(
    tickets: Sequence[Example],
    source: str,
    left_out: Mapping[str, int] | None = None,
    tell: Tell = lambda text: None,
) -> Trained:
    """A model of the queues and, where there are some, the priorities of tickets.

    The same tickets make the same bytes. `source` says in the card where they are from,
    `left_out` how many were left out before, by reason. `tell` hears what is done.
    """
    found: list[Diagnostic] = []
    selections: dict[str, Selection] = {}
    for what in PARTS:
        selection = select(tickets, what)
        problem = _unusable(selection, what)
        if problem is None:
            selections[what] = selection
            found += _rare(selection, what)
        elif what == "queue":
            found.append(problem)
        elif selection.labels or selection.rare:
            # Many helpdesks leave all tickets at one priority.
            found.append(note(problem.code, problem.message, help=problem.help))
    if not selections:
        if not found:
            found.append(_unusable(select(tickets, "queue"), "queue") or _NOTHING)
        return Trained(None, {}, tuple(_as_error(found)))
    cards: dict[str, Any] = {}
    texts: dict[str, list[str]] = {}
    arrays: dict[str, NDArray[np.generic]] = {}
    for what, selection in selections.items():
        tell(
            f"{what}: {len(selection.samples)} tickets, {len(selection.labels)} labels"
        )
        newest = _judge(selection, tell)
        tell(f"{what}: the model of all tickets")
        fitted = fit(selection.samples, selection.others)
        cards[what] = _card(selection, fitted, newest)
        found += _poor(cards[what], what)
        _pack(what, fitted.model, texts, arrays)
    first = next(iter(selections.values()))
    card = {
        "otac": __version__,
        "source": source,
        "tickets": {"read": len(tickets), "left_out": dict(left_out or {})},
        "span": {
            "oldest": None if first.oldest is None else first.oldest.isoformat(),
            "newest": None if first.newest is None else first.newest.isoformat(),
        },
        "versions": {name: version(name) for name in ("scikit-learn", "numpy")},
        "parts": cards,
    }
    data = encode_model(card, texts, arrays)
    assert len(data) <= LARGEST_FILE
    return Trained(data, card, tuple(found))


_NOTHING = error("OTC620", "there is nothing to learn from")


def _unusable(selection: Selection, what: str) -> Diagnostic | None:
    """Why no model can be made of it."""
    if not selection.samples and not selection.others:
        reasons = ", ".join(f"{n} have {why}" for why, n in selection.left_out.items())
        return warning(
            "OTC620",
            f"no ticket tells its {what}"
            + (f" ({reasons})" if reasons else ": there are no tickets"),
            help="name a file with `--tickets`, or a longer time with `--since`",
        )
    if len(selection.labels) < 2:
        counts = {**selection.labels, **selection.rare}
        listed = ", ".join(f"`{label}` ({n})" for label, n in _largest(counts, 6))
        return warning(
            "OTC620",
            f"a model of the {what} needs two labels with {FEWEST} different tickets"
            f" each; there are {listed}",
            help="learn from more tickets: with `--tickets`, `--newest` or `--since`",
        )
    groups = {one.group for one in selection.samples}
    if len(groups) < 2 * FEWEST:
        return warning(
            "OTC620",
            f"all tickets with a {what} say nearly the same:"
            f" {len(groups)} different texts among {len(selection.samples)}",
            help="learn from tickets as customers wrote them",
        )
    return None


def _as_error(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    return [
        error(one.code, one.message, help=one.help) if one.code == "OTC620" else one
        for one in found
    ]


def _rare(selection: Selection, what: str) -> list[Diagnostic]:
    if not selection.rare:
        return []
    listed = ", ".join(f"`{label}` ({n})" for label, n in _largest(selection.rare, 10))
    more = f" and {len(selection.rare) - 10} more" if len(selection.rare) > 10 else ""
    # A note: each helpdesk has some, and nothing is wrong with the configuration.
    return [
        note(
            "OTC621",
            f"left out for fewer than {FEWEST} tickets as {what}: {listed}{more}",
            help="the model never answers with these; it is judged on their tickets,"
            " too",
        )
    ]


def _poor(card: Mapping[str, Any], what: str) -> list[Diagnostic]:
    """A warning where the model knows no more than which label is the most frequent."""
    judged = card["judged"]
    if not judged["tickets"] or judged["accuracy"] > judged["always_the_most_frequent"]:
        return []
    # Priorities often cannot be told from texts, and the queues are none the worse for it.
    say = warning if what == "queue" else note
    return [
        say(
            "OTC622",
            f"the model of the {what} is right for {judged['accuracy']:.0%} of the newest"
            " tickets, and whoever always says the most frequent label for"
            f" {judged['always_the_most_frequent']:.0%}",
            help=f"do not let it decide on the {what}; more tickets may help",
        )
    ]


def _judge(selection: Selection, tell: Tell) -> list[Judged]:
    """What a model of the older tickets says of the newest ones that are unlike those."""
    every = sorted((*selection.samples, *selection.others), key=lambda one: one.place)
    cut = int(len(every) * _OLDER)
    older, newest = every[:cut], every[cut:]
    known = {one.group for one in older}
    newest = [one for one in newest if one.group not in known]
    counts = Counter(one.label for one in older)
    learnt = [one for one in older if counts[one.label] >= FEWEST]
    others = [one for one in older if counts[one.label] < FEWEST]
    if len(newest) < _FEWEST_JUDGED or len({one.label for one in learnt}) < 2:
        return []
    tell(f"the newest {len(newest)} judge a model of the {len(older)} before")
    model = fit(learnt, others).model
    judged = []
    for one in newest:
        decision = model.decide(one.text)
        judged.append(Judged(decision.confidence, decision.label, one.label))
    return judged


def _card(
    selection: Selection, fitted: Fitted, newest: Sequence[Judged]
) -> dict[str, Any]:
    held_out = [_judged(one) for one in fitted.held_out]
    promised = promises(held_out, newest)
    model = fitted.model
    return {
        "labels": selection.labels,
        "rare": selection.rare,
        "left_out": selection.left_out,
        "terms": {name: len(block.rows) for name, block in model.blocks.items()},
        "longest": max(len(one.text) for one in selection.samples),
        "calibration": asdict(model.calibration),
        "promises": [asdict(one) for one in promised],
        # By models that had not seen the ticket, nor one like it, old and new mixed.
        "held_out": _measured(held_out),
        # By a model of the older ones. The model of the file is made of all.
        "judged": {
            **_measured(newest),
            "always_the_most_frequent": _most_frequent(selection, newest),
            "promises": [
                {"wanted": one.wanted, **_at(newest, one.threshold)} for one in promised
            ],
            "labels": {
                one.label: {
                    "tickets": one.expected,
                    "precision": _rounded(one.precision),
                    "recall": _rounded(one.recall),
                }
                for one in by_label(newest)
            },
        },
    }


def _judged(one: HeldOut) -> Judged:
    return Judged(one.confidence, one.label, one.expected)


def _measured(judged: Sequence[Judged]) -> dict[str, Any]:
    return {
        "tickets": len(judged),
        "accuracy": _rounded(count(judged).accuracy),
        "calibration_error": _rounded(calibration_error(judged)),
        "thresholds": [
            _at(judged, one.threshold)
            for one in (by_threshold(judged) if judged else ())
        ],
    }


def _at(judged: Sequence[Judged], threshold: float) -> dict[str, Any]:
    found = at_threshold(judged, threshold)
    return {
        "threshold": threshold,
        "decided": found.decided,
        "coverage": _rounded(found.coverage),
        "precision": _rounded(found.precision),
    }


def _most_frequent(selection: Selection, newest: Sequence[Judged]) -> float | None:
    if not newest:
        return None
    (label, _), *_ = _largest(selection.labels, 1)
    return _rounded(sum(one.expected == label for one in newest) / len(newest))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _largest(counts: Mapping[str, int], most: int) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:most]


def _pack(
    what: str,
    model: LinearModel,
    texts: dict[str, list[str]],
    arrays: "dict[str, NDArray[np.generic]]",
) -> None:
    for name, block in model.blocks.items():
        texts[f"{what}/{name}.txt"] = list(block.rows)
        arrays[f"{what}/{name}.rarity.npy"] = block.rarity
        arrays[f"{what}/{name}.npy"] = model.weights[name].astype("float16")
    arrays[f"{what}/bias.npy"] = model.bias
