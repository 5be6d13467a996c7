"""What the steps of a runner ask of the composites around them."""

from collections.abc import Iterator
from typing import NamedTuple

from otac.check.scope import StepScope
from otac.check.templates import TemplatePlace, templates_of
from otac.expressions.parse import parse
from otac.expressions.reference import NameReference, ParentParamReference, Reference
from otac.lower.project import Runner

Path = tuple[str, ...]


class Reading(NamedTuple):
    """What is asked of the composites of a runner, each by its path.

    The runner's own list has the empty path. `whole` are composites of which anything
    may be asked: `config` was used as a value.
    """

    names: dict[Path, dict[str, list[TemplatePlace]]]
    whole: dict[Path, list[TemplatePlace]]

    def reads(self, path: Path, name: str) -> bool:
        """Whether some step may read this parameter."""
        return path in self.whole or name in self.names.get(path, ())

    def readers(self, path: Path, name: str) -> Iterator[StepScope]:
        """Where the steps stand that read this parameter, by way of others as well."""
        pending, seen = [(path, name)], {(path, name)}
        while pending:
            path, name = pending.pop()
            places = self.names.get(path, {}).get(name, [])
            for place in (*places, *self.whole.get(path, ())):
                further = (place.parameter_of or (), place.parameter)
                if place.is_late and further not in seen:
                    seen.add(further)
                    pending.append(further)
                elif not place.is_late and place.scope is not None:
                    yield place.scope


def readings(runner: Runner) -> Reading:
    """What the templates of a runner ask of the composites around them."""
    reading = Reading({}, {})
    for template, place in templates_of(runner):
        path = _enclosing(place)
        if path is not None:
            for reference in parse(template.text).references:
                _read(reading, reference, path, place)
    return reading


def _enclosing(place: TemplatePlace) -> Path | None:
    """The composite around a step; None for the parameters of the runner's pipe."""
    scope = place.scope
    if scope is None or not place.owner.startswith("step ") or not scope.steps:
        return None
    return scope.steps[0].path[:-1]


def _read(
    reading: Reading, reference: Reference, path: Path, place: TemplatePlace
) -> None:
    match reference:
        case NameReference(name="config", path=keys):
            _ask(reading, path, keys[0].text if keys else None, place)
        case NameReference(name="parent", path=keys) if path:
            key = None
            if len(keys) > 1 and keys[0].text == "params":
                key = keys[1].text
            _ask(reading, path[:-1], key, place)
        case ParentParamReference(name=name):
            for length in range(len(path) + 1):
                key = None if name is None else name.text
                _ask(reading, path[:length], key, place)
        case _:
            pass


def _ask(reading: Reading, path: Path, name: str | None, place: TemplatePlace) -> None:
    if name is None:
        reading.whole.setdefault(path, []).append(place)
    else:
        reading.names.setdefault(path, {}).setdefault(name, []).append(place)
