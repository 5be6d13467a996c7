"""How the steps of a run ended, as lines for a person who looks on."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from otac.cli.live.cells import folded
from otac.diagnostics.frame import Ink, paint, visible, widths
from otac.local.job import RunEnded, StepEnded
from otac.lower.project import Composite, Runner, Step

Ids: TypeAlias = tuple[str, ...]

_STATE_WIDTH = len("Completed")
# Behind the name of the step: state, time and count.
_COLUMNS_WIDTH = len("  Completed  1234567 s  3 attempts")
_WORST_FIRST = ("Failed", "Stopped", "Completed", "Skipped")
_INKS = {
    "Completed": Ink.NOTE,
    "Stopped": Ink.NOTE,
    "Failed": Ink.ERROR,
    "Crashed": Ink.ERROR,
}


class RunnerSteps:
    """The steps of one runner as they end.

    A step of the outermost list comes with the steps inside of it below it, in the order
    of the configuration: they have ended before it. Where a terminal has `room` for fewer
    cells, a line goes on in the next one, and columns stand close together if they must.
    """

    def __init__(self, runner: Runner, *, color: bool, room: int | None) -> None:
        self._runner = runner
        self._color = color
        self._room = room
        self._is_close = False
        self._width = max(
            2 * len(ids) + sum(widths(visible(ids[-1])))
            for ids in step_paths(runner.steps)
        )
        if room is not None:
            self._is_close = self._width + _COLUMNS_WIDTH > room
        self._ended: dict[Ids, list[StepEnded]] = {}

    def lines(self, ended: StepEnded) -> list[str]:
        """What to print when this step has ended; nothing for one inside of another."""
        self._ended.setdefault(ended.ids, []).append(ended)
        if len(ended.ids) > 1 or ended.indices:
            return []
        lines = [
            line
            for ids in step_paths(self._runner.steps)
            if ids in self._ended
            for line in fitted(self._line(self._ended[ids]), self._room)
        ]
        self._ended.clear()
        return lines

    def _line(self, ends: Sequence[StepEnded]) -> str:
        """One line for a step that may have run for several items.

        The items of its own for-each have one index more than the step itself.
        """
        depths = [len(end.indices) for end in ends]
        steps = [end for end in ends if len(end.indices) == min(depths)]
        items = [end for end in ends if len(end.indices) == max(depths)]
        ids = ends[0].ids
        name = "  " * len(ids) + visible(ids[-1])
        name += " " * (self._width - sum(widths(name)))
        states = {end.state for end in steps}
        state = next(state for state in _WORST_FIRST if state in states)
        seconds = sum(end.seconds for end in steps)
        columns = [
            name,
            painted_state(state.ljust(_STATE_WIDTH), color=self._color),
            " " * 9 if state == "Skipped" else f"{seconds:7.1f} s",
            _count(items).ljust(len("3 attempts")),
            _remark(items),
        ]
        if self._is_close:
            close = [name.rstrip(), *(one.strip() for one in columns[1:])]
            return "  ".join(one for one in close if one)
        return "  ".join(columns).rstrip()


def fitted(line: str, room: int | None) -> list[str]:
    """The line, or several that fit and are indented further than it."""
    if room is None:
        return [line]
    return folded(line, room, len(line) - len(line.lstrip(" ")) + 4)


def summary(ended: RunEnded, *, color: bool) -> str:
    """The last line: how the run ended."""
    state = painted_state(ended.state, color=color)
    message = visible(ended.message)
    said = f": {message}" if message and ended.state != "Completed" else ""
    time = f" after {ended.seconds:.1f} s" if ended.seconds else ""
    return f"{state}{time}{said}"


def painted_state(name: str, *, color: bool) -> str:
    """The name of a state in its colour."""
    return paint(name, _INKS.get(name.rstrip(), Ink.PLAIN), color)


def step_paths(steps: Sequence[Step], above: Ids = ()) -> Iterator[Ids]:
    """The ids down to each step, a composite before its steps."""
    for step in steps:
        ids = (*above, step.id)
        yield ids
        if isinstance(step.action, Composite):
            yield from step_paths(step.action.steps, ids)


def _count(ends: Sequence[StepEnded]) -> str:
    """`3 attempts`, or `12 items`; nothing for a composite that ran once."""
    if ends[0].indices:
        count, word = len(ends), "item"
    else:
        count, word = ends[0].attempts, "attempt"
    return f"{count} {word}{'s' * (count > 1)}" if count else ""


def _remark(ends: Sequence[StepEnded]) -> str:
    """Why the step failed or was skipped; for items, how many of them."""
    first = next((end for end in ends if end.reason), None)
    if first is None:
        return ""
    label = ".".join(first.ids) + "".join(f"[{index}]" for index in first.indices)
    # The line says so much already.
    reason = first.reason.removeprefix(f"step `{label}` failed")
    reason = reason.removeprefix(f" after {first.attempts} attempts").removeprefix(": ")
    if len(ends) == 1:
        return visible(reason)
    states = Counter(end.state.lower() for end in ends if end.reason)
    counts = " and ".join(f"{count} {state}" for state, count in states.items())
    return visible(f"{counts}: {reason}")
