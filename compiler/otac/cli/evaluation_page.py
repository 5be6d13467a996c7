"""An evaluation as one HTML page that needs nothing from anywhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from otac.cli.evaluation_text import percent, sentences
from otac.emit.templates import render_escaped
from otac.learning.evaluation import Evaluation, Measured, matrix
from otac.learning.measures import AtThreshold, Bin, LabelCount, by_threshold

# The plot's inside, in the units of its SVG.
_WIDTH = 300
_HEIGHT = 200
_CURVE = tuple(step / 100 for step in range(101))


@dataclass(frozen=True, slots=True)
class Bar:
    """What is right (from the bottom) at about one confidence; `ideal` is where it should
    end, `weight` from 0 to 1 how many decisions it stands for.
    """

    x: float
    width: float
    y: float
    height: float
    ideal: float
    weight: float
    told: str


@dataclass(frozen=True, slots=True)
class Cell:
    """How often a label was given; `share` is of its row, from 0 to 1."""

    times: int
    share: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class AspectPart:
    """Queues, or priorities."""

    name: str
    measured: Measured
    sentences: Sequence[str]
    calibration_error: float | None
    bars: Sequence[Bar]
    coverage: str
    precision: str
    lowest: float | None
    labels: Sequence[LabelCount]
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    thresholds: Sequence[AtThreshold]


def render_page(
    config: str,
    runner: str,
    tickets: str,
    evaluation: Evaluation,
    precision: float,
    *,
    thresholds: bool,
    compared: tuple[str, Evaluation] | None,
) -> str:
    """The page; light and dark, for narrow screens too."""
    parts = _parts(evaluation, precision, thresholds)
    others = None
    if compared is not None:
        others = (compared[0], _parts(compared[1], precision, thresholds))
    return render_escaped(
        "evaluation.html.jinja",
        config=config,
        runner=runner,
        tickets=tickets,
        evaluation=evaluation,
        parts=parts,
        others=others,
        percent=percent,
        width=_WIDTH,
        height=_HEIGHT,
        wanted=precision,
    )


def _parts(
    evaluation: Evaluation, precision: float, thresholds: bool
) -> list[AspectPart]:
    return [
        _part(name, measured, precision, thresholds)
        for name, measured in evaluation.aspects
    ]


def _part(
    name: str, measured: Measured, precision: float, thresholds: bool
) -> AspectPart:
    columns, rows = matrix(measured)
    curve = by_threshold(measured.sure, _CURVE)
    lowest = measured.lowest(precision)
    return AspectPart(
        name=name,
        measured=measured,
        sentences=sentences(name, measured, precision, thresholds=thresholds),
        calibration_error=measured.calibration_error,
        bars=list(_bars(measured.bins)),
        coverage=_path([(one.threshold, one.coverage) for one in curve]),
        precision=_path([(one.threshold, one.precision) for one in curve]),
        lowest=None if lowest is None else lowest.threshold * _WIDTH,
        labels=measured.labels,
        columns=columns,
        rows=[
            (label, list(_cells(label, columns, given, none)))
            for label, given, none in rows
        ],
        thresholds=measured.thresholds,
    )


def _bars(bins: Sequence[Bin]) -> Iterator[Bar]:
    most = max((one.count for one in bins), default=0)
    for one in bins:
        if one.right is None or one.confidence is None:
            continue
        told = (
            f"confidence {one.low:.1f} to {one.high:.1f}: {one.count} decisions,"
            f" {percent(one.right)} right"
        )
        height = one.right * _HEIGHT
        yield Bar(
            x=one.low * _WIDTH + 2,
            width=(one.high - one.low) * _WIDTH - 4,
            y=_HEIGHT - height,
            height=height,
            ideal=_HEIGHT * (1 - one.confidence),
            weight=0.35 + 0.65 * one.count / most,
            told=told,
        )


def _path(points: Sequence[tuple[float, float | None]]) -> str:
    """A line through the points that have a value."""
    known = [(x, y) for x, y in points if y is not None]
    places = [f"{x * _WIDTH:.1f},{(1 - y) * _HEIGHT:.1f}" for x, y in known]
    return f"M{' L'.join(places)}" if places else ""


def _cells(
    label: str, columns: Sequence[str], given: Sequence[int], none: int
) -> Iterator[Cell]:
    total = sum(given) + none
    for column, times in zip((*columns, None), (*given, none), strict=True):
        yield Cell(times, times / total if total else 0.0, column == label)
