"""What the card of a model says, for those who do not need the model."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from otac.models.model_file import BadModel, read_card

__all__ = [
    "LEAST_PRECISION",
    "MOST_PRECISION",
    "BadModel",
    "card_labels",
    "promised_threshold",
    "read_card",
]

# What precision can be asked for.
LEAST_PRECISION, MOST_PRECISION = 0.5, 0.99


def card_labels(path: Path) -> dict[str, tuple[str, ...]]:
    """The labels of each part (`queue`, `priority`) of a model file; raises `BadModel`."""
    return labels_on(read_card(path))


def labels_on(card: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The same of a card that was read; raises `BadModel`."""
    try:
        return {
            name: tuple(str(label) for label in part["labels"])
            for name, part in card["parts"].items()
        }
    except (KeyError, TypeError, AttributeError):
        raise BadModel("its card does not say which labels it knows") from None


def promised_threshold(card: Mapping[str, Any], part: str, wanted: float) -> float:
    """The confidence from which on the part `wanted` of the answers is right.

    Raises `BadModel` if the card promises less.
    """
    try:
        promised = [
            (float(one["wanted"]), float(one["threshold"]))
            for one in card["parts"][part]["promises"]
        ]
    except (KeyError, TypeError, ValueError):
        raise BadModel("has a card that promises nothing") from None
    enough = [threshold for reached, threshold in promised if reached >= wanted]
    if not enough:
        most = max((reached for reached, _ in promised), default=0)
        raise BadModel(
            f"promises no precision of {wanted:g} for its {part}:"
            + (f" {most:g} at most" if most else " none that is worth it")
            + "; learn from more tickets, or ask for less"
        )
    return min(enough)
