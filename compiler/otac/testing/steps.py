"""How tests call steps: `move`, `each.move`, `each.move[0]`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from otac.diagnostics.suggest import nearest
from otac.lower.project import Composite, Step

_INDEX = re.compile(r"\[(\d{1,9})\]")


@dataclass(frozen=True, slots=True)
class StepAddress:
    """A step, and of which items; no `indices` for all of them.

    `keys` lead on into its result.
    """

    step: Step
    indices: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing that is called so. `similar` is what may have been meant."""

    reason: str
    similar: str | None = None


def all_steps(steps: Sequence[Step]) -> Iterator[Step]:
    """Every step, each before those inside of it."""
    for step in steps:
        yield step
        if isinstance(step.action, Composite):
            yield from all_steps(step.action.steps)


def find_step(text: str, steps: Sequence[Step]) -> StepAddress | Unknown:
    """The step that a text names by its id, or by the last ids of the way to it."""
    ids, indices = _read(text)
    return _resolve(text, ids, indices, _by_path(steps))


def find_result(text: str, steps: Sequence[Step]) -> StepAddress | Unknown:
    """The same for a text that goes on into the step's result: `classify.label`."""
    known = _by_path(steps)
    parts = text.split(".")
    for count in range(len(parts), 0, -1):
        ids, indices = _read(".".join(parts[:count]))
        found = _resolve(text, ids, indices, known)
        if isinstance(found, StepAddress):
            keys = [re.sub(r"\[(\d+)\]", r".\1", part) for part in parts[count:]]
            split = tuple(".".join(keys).split(".")) if keys else ()
            return StepAddress(found.step, found.indices, split)
    return _resolve(text, _read(parts[0])[0], (), known)


def _by_path(steps: Sequence[Step]) -> Mapping[tuple[str, ...], Step]:
    return {step.path: step for step in all_steps(steps)}


def _read(text: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    indices = tuple(int(one) for one in _INDEX.findall(text))
    return tuple(_INDEX.sub("", text).split(".")), indices


def _resolve(
    text: str,
    ids: tuple[str, ...],
    indices: tuple[int, ...],
    known: Mapping[tuple[str, ...], Step],
) -> StepAddress | Unknown:
    if ids in known:
        return StepAddress(known[ids], indices)
    fitting = [path for path in known if path[-len(ids) :] == ids]
    if len(fitting) == 1:
        return StepAddress(known[fitting[0]], indices)
    if fitting:
        listed = " or ".join(f"`{'.'.join(path)}`" for path in fitting)
        return Unknown(f"several steps are called `{text}`: {listed}")
    names = {".".join(path) for path in known} | {path[-1] for path in known}
    similar = nearest(".".join(ids), names) or nearest(ids[-1], names)
    return Unknown(f"there is no step `{'.'.join(ids)}`", similar)
