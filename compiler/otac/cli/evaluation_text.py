"""An evaluation for people."""

from collections.abc import Iterator, Sequence

from otac.cli.table import Head, table, tickets
from otac.diagnostics.frame import Ink, paint, visible
from otac.learning.evaluation import Evaluation, Measured, matrix
from otac.learning.measures import AtThreshold
from otac.trial.assessment import DecisionDifference

# More labels make a table that no terminal holds.
_MOST_COLUMNS = 15
_MOST_MISTAKES = 10
_MOST_DIFFERENCES = 20
# With fewer, one ticket more or less changes everything.
_FEW = 30

VERBS = {"queue": "routed", "priority": "given a priority"}
KEYS = {"queue": "min_confidence", "priority": "min_priority_confidence"}


def render_text(
    evaluation: Evaluation, precision: float, *, thresholds: bool, color: bool
) -> str:
    """The report. `thresholds` tells that the runner has the keys `min_confidence` and so
    on, and no expression in their place.
    """
    lines: list[str] = []
    if evaluation.failed:
        lines += [
            f"the run failed for {evaluation.failed} of {tickets(evaluation.tickets)}",
            "",
        ]
    for name, measured in evaluation.aspects:
        lines += _part(name, measured, precision, thresholds, color)
    return "\n".join(lines).rstrip("\n") + "\n"


def sentences(
    name: str, measured: Measured, precision: float, *, thresholds: bool
) -> list[str]:
    """What an administrator can act on."""
    counted = measured.count
    now = (
        f"As it is configured, {counted.decided} of {tickets(counted.total)} are"
        f" {VERBS[name]}"
    )
    if counted.decided:
        now += f", {counted.wrong or 'none'} of them wrongly"
    told = [f"{now}."]
    if measured.knows_confidence:
        told.append(_advice(name, measured, precision, thresholds))
    elif all(one.predicted is None for one in measured.sure):
        told.append("The classifier has a label for none of them.")
    else:
        told.append("No confidence is known, so no threshold tells right from wrong.")
    if counted.total < _FEW:
        told.append(
            f"These are few tickets: take {_FEW} or more before you rely on it."
        )
    return told


def render_differences(found: Sequence[DecisionDifference]) -> str:
    """Tickets on which two configurations differ."""
    if not found:
        return "both decide alike on every ticket\n"
    better = sum(one.is_better for one in found)
    worse = sum(one.is_worse for one in found)
    lines = [
        f"{tickets(len(found))} decided otherwise: {better} now right, {worse} no longer",
        *table(
            ("ticket", "", "right", "first", "second"),
            [
                (
                    visible(one.ticket),
                    one.aspect,
                    visible(one.expected),
                    visible(one.first or "-"),
                    visible(one.second or "-"),
                )
                for one in found[:_MOST_DIFFERENCES]
            ],
            str,
        ),
    ]
    if len(found) > _MOST_DIFFERENCES:
        more = len(found) - _MOST_DIFFERENCES
        lines.append(f"  and {more} more; `--format json` has all")
    return "\n".join(lines) + "\n"


def percent(rate: float | None) -> str:
    """A rate for people; nothing where there is none."""
    return "" if rate is None else f"{100 * rate:.0f} %"


def _part(
    name: str, measured: Measured, precision: float, thresholds: bool, color: bool
) -> Iterator[str]:
    def head(text: str) -> str:
        return paint(text, Ink.MESSAGE, color)

    counted = measured.count
    yield head(f"{name}: {tickets(counted.total)}")
    for sentence in sentences(name, measured, precision, thresholds=thresholds):
        yield f"  {sentence}"
    if calibration := _calibration(measured):
        yield f"  {calibration}"
    yield ""
    rows = [
        (
            visible(one.label),
            str(one.expected),
            str(one.predicted),
            str(one.right),
            percent(one.precision),
            percent(one.recall),
        )
        for one in measured.labels
    ]
    header = (name, "tickets", "decided", "right", "precision", "recall")
    yield from table(header, rows, head)
    yield ""
    yield from _confusion(measured, head)
    if measured.knows_confidence:
        yield ""
        yield from table(
            ("threshold", "decided", "wrong", "precision", "coverage"),
            [
                (
                    f"{one.threshold:.2f}",
                    str(one.decided),
                    str(one.wrong),
                    percent(one.precision),
                    percent(one.coverage),
                )
                for one in measured.thresholds
            ],
            head,
        )
    yield ""


def _advice(name: str, measured: Measured, precision: float, thresholds: bool) -> str:
    wanted = percent(precision)
    if (lowest := measured.lowest(precision)) is not None:
        told = _with(name, lowest, thresholds)
        return f"{told}: the lowest threshold at which {wanted} are right."
    told = f"No threshold makes {wanted} of what is decided right."
    if (best := measured.best()) is not None:
        reached = percent(best.precision)
        told += f" {_with(name, best, thresholds)}: {reached} right is the most."
    return told


def _with(name: str, at: AtThreshold, thresholds: bool) -> str:
    """What a threshold does."""
    if at.threshold == 0:
        how = "Whatever the confidence"
    elif thresholds:
        how = f"With `{KEYS[name]}: {at.threshold}`"
    else:
        how = f"With a confidence of at least {at.threshold}"
    wrong = f"{at.wrong} wrongly" if at.wrong else "none wrongly"
    return f"{how}, {at.decided} of {tickets(at.total)} are {VERBS[name]} and {wrong}"


def _calibration(measured: Measured) -> str:
    error = measured.calibration_error
    if error is None:
        return ""
    return (
        f"Confidence and the part that is right differ by {error:.2f} on average"
        " (expected calibration error)."
    )


def _confusion(measured: Measured, head: Head) -> Iterator[str]:
    labels, rows = matrix(measured)
    if len(labels) <= _MOST_COLUMNS:
        yield head("right label (rows) against the decision (columns, by number)")
        numbers = [str(place + 1) for place in range(len(labels))]
        yield from table(
            ("", *numbers, "none"),
            [
                (
                    f"{place + 1} {visible(label)}",
                    *(str(times) if times else "." for times in given),
                    str(none) if none else ".",
                )
                for place, (label, given, none) in enumerate(rows)
            ],
            head,
        )
        return
    yield head("most frequent mistakes")
    mistakes = measured.mistakes()
    for expected, given, times in mistakes[:_MOST_MISTAKES]:
        yield f"  {times:5d}  {visible(expected)} -> {visible(given)}"
    if len(mistakes) > _MOST_MISTAKES:
        more = len(mistakes) - _MOST_MISTAKES
        yield f"         and {more} more kinds; `--html` and `--format json` have all"
