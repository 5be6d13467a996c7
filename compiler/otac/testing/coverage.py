"""Which steps tests have run, and what conditions came to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from otac.lower.project import Literal, Project, Runner, Step
from otac.source.source_text import SourceText
from otac.testing.steps import all_steps
from otac.testing.verdict import Verdict


@dataclass(slots=True)
class StepCoverage:
    """How often a step ran, and its condition was true and false.

    Without a condition that a run asks, `true` and `false` are None.
    """

    runner: Runner
    step: Step
    runs: int = 0
    true: int | None = None
    false: int | None = None

    @property
    def name(self) -> str:
        return ".".join(self.step.path)

    @property
    def parts(self) -> tuple[bool, ...]:
        """What there is to cover, and whether it was: the step, and both branches."""
        found = [self.runs > 0]
        if self.true is not None and self.false is not None:
            found += [self.true > 0, self.false > 0]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of all steps of a project, in the order of the configuration."""

    source: SourceText
    steps: tuple[StepCoverage, ...] = field(default=())

    @property
    def percent(self) -> float:
        """The part of steps and branches that was covered; 100 where there are none."""
        parts = [part for step in self.steps for part in step.parts]
        return 100.0 * sum(parts) / len(parts) if parts else 100.0

    def gaps(self) -> Iterator[str]:
        """A line for each step or branch that was not."""
        for one in self.steps:
            line = self.line(one)
            what = f"{self.source.name}:{line}: step `{one.name}` of `{one.runner.id}`"
            if not one.runs and one.true is None:
                yield f"{what} was never run"
            if one.true is not None and one.false is not None:
                if not one.true:
                    yield f"{what}: its condition was never true"
                if not one.false:
                    yield f"{what}: its condition was never false"

    def line(self, one: StepCoverage) -> int:
        """Where the step stands in the configuration."""
        return self.source.place(one.step.origin.start).line

    def as_data(self) -> dict[str, object]:
        """For programs."""
        return {
            "percent": round(self.percent, 1),
            "steps": [
                {
                    "runner": one.runner.id,
                    "step": one.name,
                    "line": self.line(one),
                    "runs": one.runs,
                    "true": one.true,
                    "false": one.false,
                }
                for one in self.steps
            ],
        }

    def lcov(self, file: PurePath) -> str:
        """As `geninfo` writes it: a line for each step, a branch for each condition."""
        lines = ["TN:otac", f"SF:{file.as_posix()}"]
        counts: dict[int, int] = {}
        branches: list[tuple[int, int, int | None]] = []
        for one in self.steps:
            line = self.line(one)
            counts[line] = counts.get(line, 0) + one.runs
            if one.true is not None and one.false is not None:
                at = one.step.condition
                where = line if at is None else self.source.place(at.origin.start).line
                counts.setdefault(where, one.true + one.false)
                asked = one.true + one.false > 0
                branches.append((where, 0, one.true if asked else None))
                branches.append((where, 1, one.false if asked else None))
        for block, (line, number, taken) in enumerate(branches):
            said = "-" if taken is None else str(taken)
            lines.append(f"BRDA:{line},{block // 2},{number},{said}")
        if branches:
            hit = sum(bool(taken) for _, _, taken in branches)
            lines += [f"BRF:{len(branches)}", f"BRH:{hit}"]
        lines += [f"DA:{line},{count}" for line, count in sorted(counts.items())]
        lines += [f"LF:{len(counts)}", f"LH:{sum(n > 0 for n in counts.values())}"]
        return "\n".join((*lines, "end_of_record", ""))


def coverage(
    project: Project, source: SourceText, verdicts: Sequence[Verdict]
) -> Coverage:
    """What these tests have covered together."""
    steps = {
        (runner.id, step.path): StepCoverage(runner, step, 0, *_unasked(step))
        for runner in project.runners
        for step in all_steps(runner.steps)
    }
    for verdict in verdicts:
        for end in verdict.answer.get("steps", ()):
            runner, path = verdict.case.runner.id, tuple(end["ids"])
            one = steps[runner, path]
            lists = [
                steps[runner, path[: n + 1]].step.for_each for n in range(len(path))
            ]
            # Of a for-each, each item runs, and not the whole.
            is_item = len(end["indices"]) == sum(one is not None for one in lists)
            # What was skipped without a question did not run.
            has_run = end["state"] != "Skipped" or end["condition"] is True
            one.runs += has_run and is_item
            if one.true is not None and one.false is not None:
                one.true += end["condition"] is True
                one.false += end["condition"] is False
    return Coverage(source, tuple(steps.values()))


def _unasked(step: Step) -> tuple[int | None, int | None]:
    if step.condition is None or isinstance(step.condition, Literal):
        return None, None
    return 0, 0
