"""From what a model says of itself to the probability of being right."""

import math
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class MeasuredCalibration(BaseModel):
    """What was measured on labelled tickets, as `otac evaluate` prints it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    temperature: Annotated[
        float,
        Field(
            gt=0,
            le=100,
            description="Divides the logarithms of the model's probabilities: above 1,"
            " the model is surer than it is right",
        ),
    ] = 1.0
    right: Annotated[
        dict[str, float],
        Field(
            description="By label, the share of its answers that were right; it counts"
            " where the server gives no probabilities"
        ),
    ] = {}


def tempered(shares: Mapping[str, float], temperature: float) -> dict[str, float]:
    """The shares at a temperature; they add up to 1."""
    logs = {name: math.log(share) for name, share in shares.items() if share > 0}
    if not logs:
        return dict.fromkeys(shares, 0.0)
    most = max(logs.values())
    weights = {name: math.exp((log - most) / temperature) for name, log in logs.items()}
    total = sum(weights.values())
    return {name: weights.get(name, 0.0) / total for name in shares}
