"""The card of a model, for people."""

from collections.abc import Iterator, Mapping
from typing import Any

from otac.diagnostics.cells import visible

_LABELS_SHOWN = 20


def card_text(card: Mapping[str, Any]) -> str:
    """What the model was made of, and how often it is right."""
    lines = [f"made from {visible(str(card['source']))}"]
    span = card["span"]
    if span["oldest"] is not None:
        lines.append(f"tickets of {span['oldest'][:10]} to {span['newest'][:10]}")
    for reason, count in card["tickets"]["left_out"].items():
        lines.append(f"  left out: {count}, {reason}")
    for name, part in card["parts"].items():
        lines += ["", *_part(name, part)]
    return "\n".join(lines)


def _part(name: str, part: Mapping[str, Any]) -> Iterator[str]:
    labels = part["labels"]
    yield f"{name}: {sum(labels.values())} tickets, {len(labels)} labels"
    ranked = sorted(labels.items(), key=lambda one: (-one[1], one[0]))
    for label, count in ranked[:_LABELS_SHOWN]:
        yield f"  {count:6} {visible(label)}"
    if len(ranked) > _LABELS_SHOWN:
        yield f"         and {len(ranked) - _LABELS_SHOWN} more labels"
    for reason, count in part["left_out"].items():
        yield f"  left out: {count}, {reason}"
    judged = part["judged"]
    if judged["tickets"]:
        yield (
            f"  judged by the newest {judged['tickets']} tickets, with a model of the"
            f" older ones: {judged['accuracy']:.0%} right,"
            f" calibration error {judged['calibration_error']:.2f}"
        )
    else:
        yield "  too few new tickets to judge by; the figures are of held-out ones"
    yield from _promises(part, judged)


def _promises(part: Mapping[str, Any], judged: Mapping[str, Any]) -> Iterator[str]:
    promises = part["promises"]
    if not promises:
        yield "  no precision can be promised: the model is not sure of anything"
        return
    yield "  min_precision  confidence   decides  of those right   newest: decides  right"
    for promise, seen in zip(promises, judged["promises"], strict=True):
        yield (
            f"  {promise['wanted']:13.2f} {promise['threshold']:11.2f}"
            f" {promise['coverage']:9.0%} {promise['precision']:15.0%}"
            f" {_share(seen['coverage']):>17} {_share(seen['precision']):>6}"
        )


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"
