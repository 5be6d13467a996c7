"""Written by `python -m benchmarks.calibration`; what it fits is said there."""

from otac.components.embedding.probability import Calibration
from otac.components.embedding.signs import Choice

CHOICE = Choice(
    weights=(
        2.7005,  # whole text, whole description
        2.8709,  # whole text, nearest phrase
        2.1343,  # telling words, whole description
        0.3376,  # telling words, nearest phrase
        0.5079,  # word by word
        0.5656,  # whole text, name
    ),
    none_of_these=-0.6504,
)
CALIBRATION = Calibration(
    weights=(
        1.2351,  # share
        0.1139,  # odds of the share
        0.1070,  # likeness
        1.4896,  # lead in likeness
        0.8573,  # lead word by word
        0.8188,  # ways of comparing that agree
        0.0745,  # telling words
        0.7333,  # three telling words or more
        -1.3628,  # overlap with the nearest label
    ),
    constant=-2.2924,
)
