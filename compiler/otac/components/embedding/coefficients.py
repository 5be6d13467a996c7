"""Written by `python -m benchmarks.calibration`; what it fits is said there."""

from otac.components.embedding.probability import Calibration
from otac.components.embedding.signs import Choice

CHOICE = Choice(
    weights=(
        2.5123,  # whole text, whole description
        3.1175,  # whole text, nearest phrase
        1.9801,  # telling words, whole description
        0.0000,  # telling words, nearest phrase
        0.2536,  # word by word
        0.2759,  # whole text, name
    ),
    none_of_these=-0.7033,
)
CALIBRATION = Calibration(
    weights=(
        1.1694,  # share
        0.1334,  # odds of the share
        0.1369,  # likeness
        1.5140,  # lead in likeness
        0.6277,  # lead word by word
        0.7625,  # ways of comparing that agree
        0.1090,  # telling words
        0.6942,  # three telling words or more
        -1.3822,  # overlap with the nearest label
    ),
    constant=-2.3586,
)
