"""Written by `python -m benchmarks.calibration`; what it fits is said there."""

from otac.components.embedding.probability import SignsCalibration
from otac.components.embedding.signs import Choices, ChoiceWeights

CHOICES = Choices(
    german=ChoiceWeights(
        weights=(
            0.1879,  # whole text, whole description
            0.0000,  # whole text, nearest phrase
            2.3880,  # telling words, whole description
            0.0000,  # telling words, nearest phrase
            9.1311,  # word by word
            1.6096,  # whole text, name
        ),
        none_of_these=-1.6363,
    ),
    others=ChoiceWeights(
        weights=(
            3.2422,  # whole text, whole description
            2.7904,  # whole text, nearest phrase
            1.4111,  # telling words, whole description
            0.0000,  # telling words, nearest phrase
            0.0000,  # word by word
            0.0000,  # whole text, name
        ),
        none_of_these=-0.4694,
    ),
)
CALIBRATION = SignsCalibration(
    weights=(
        1.5792,  # share
        0.1566,  # odds of the share
        0.0857,  # likeness
        1.1787,  # lead in likeness
        0.2812,  # lead word by word
        0.5218,  # ways of comparing that agree
        0.1177,  # telling words
        0.5423,  # three telling words or more
        -1.2322,  # overlap with the nearest label
    ),
    constant=-2.0981,
)
