"""What becomes of each mutant, and what share of them is told well."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeAlias

import expression_mistakes
import key_mistakes
import step_mistakes
import value_mistakes
import yaml_mistakes
from mutant import Mutant
from subject import Subject, take_apart

from otac.diagnostics.correction import correction
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.edit import Safety
from otac.diagnostics.report import Report
from otac.dialects import Form
from otac.pipeline import CompileOptions, compile_configuration

Mistake: TypeAlias = Callable[[Subject, random.Random], Iterator[Mutant]]

MISTAKES: tuple[Mistake, ...] = (
    key_mistakes.misspelt_key,
    key_mistakes.otherwise_spelt_key,
    key_mistakes.misspelt_step_key,
    key_mistakes.misspelt_service_key,
    key_mistakes.misspelt_parameter,
    key_mistakes.removed_key,
    key_mistakes.removed_parameter,
    key_mistakes.duplicated_key,
    value_mistakes.wrong_type,
    value_mistakes.wrong_collection,
    value_mistakes.wrong_parameter_type,
    value_mistakes.unknown_choice,
    value_mistakes.unknown_component,
    value_mistakes.unknown_service,
    value_mistakes.unknown_runner,
    value_mistakes.bad_duration,
    value_mistakes.bad_cron,
    value_mistakes.bad_timezone,
    value_mistakes.unknown_alias,
    step_mistakes.unknown_step,
    step_mistakes.unknown_result_key,
    step_mistakes.unknown_dependency,
    step_mistakes.renamed_step,
    step_mistakes.moved_step,
    expression_mistakes.unknown_filter,
    expression_mistakes.unknown_function,
    expression_mistakes.wrong_env_function,
    expression_mistakes.unknown_name,
    expression_mistakes.unknown_run_parameter,
    expression_mistakes.missing_brace,
    expression_mistakes.single_equals,
    expression_mistakes.missing_parenthesis,
    expression_mistakes.open_string,
    expression_mistakes.dangling_operator,
    expression_mistakes.other_language,
    yaml_mistakes.dedented_line,
    yaml_mistakes.indented_line,
    yaml_mistakes.missing_colon,
    yaml_mistakes.missing_colon_before_block,
    yaml_mistakes.missing_space,
    yaml_mistakes.equals_for_colon,
    yaml_mistakes.unquoted_template,
    yaml_mistakes.missing_dash,
    yaml_mistakes.open_quote,
    yaml_mistakes.tab_for_indent,
    yaml_mistakes.open_bracket,
    yaml_mistakes.missing_comma,
)


MEASURES = ("found", "line", "column", "alone", "suggestion", "mended")


class Verdict(NamedTuple):
    """How a mutant was told; each is None where the question does not arise."""

    mutant: Mutant
    found: bool
    line: bool | None = None
    column: bool | None = None
    alone: bool | None = None
    suggestion: bool | None = None
    mended: bool | None = None
    said: tuple[Diagnostic, ...] = ()


@dataclass
class Tally:
    """Verdicts, added up by the kind of mistake."""

    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    right: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, verdict: Verdict) -> None:
        for measure in MEASURES:
            outcome = getattr(verdict, measure)
            if outcome is not None:
                for kind in ("", verdict.mutant.kind):
                    self.asked[kind, measure] += 1
                    self.right[kind, measure] += outcome

    def share(self, measure: str, kind: str = "") -> float:
        return self.right[kind, measure] / max(1, self.asked[kind, measure])

    def kinds(self) -> list[str]:
        return sorted({kind for kind, _ in self.asked if kind})

    def table(self) -> str:
        measures = MEASURES
        lines = [f"{'':30} {'number':>7} " + " ".join(f"{m:>10}" for m in measures)]
        for kind in (*self.kinds(), ""):
            shares = (
                f"{100 * self.share(m, kind):9.1f}%"
                if self.asked[kind, m]
                else " " * 10
                for m in measures
            )
            number = self.asked[kind, "found"]
            lines.append(f"{kind or 'all':30} {number:7} " + " ".join(shares))
        return "\n".join(lines)


def mutants(subject: Subject, seed: str, most: int) -> Iterator[Mutant]:
    """At most `most` of each mistake, the same ones for the same seed."""
    for mistake in MISTAKES:
        chance = random.Random(f"{seed} {subject.name} {mistake.__name__}")
        made = [m for m in mistake(subject, chance) if m.text != subject.text]
        yield from chance.sample(made, min(most, len(made)))


def judge(mutant: Mutant, folder: Path, before: Report) -> Verdict:
    """Compile a mutant and compare what is said with what was said of the original."""
    report = compiled(mutant.text.encode(), folder)
    said = _new(report, before)
    if not said:
        return Verdict(mutant, False)
    first = said[0]
    source = report.source
    line = column = False
    if first.span is not None:
        place = source.place(first.span.start)
        wanted = [source.place(at) for at in mutant.places]
        line = any(place.line == one.line for one in wanted)
        column = place in wanted
    due = None if mutant.original is None else first.suggestion == mutant.original
    alone = len(said) == mutant.count
    mended = _mended(report, said, folder, before)
    return Verdict(mutant, True, line, column, alone, due, mended, tuple(said))


def _mended(
    report: Report, said: list[Diagnostic], folder: Path, before: Report
) -> bool | None:
    """Whether what is proposed, typed in, takes the finding away and brings no other.

    What has to be confirmed may leave a warning: of services that nothing uses yet.
    """
    meant = correction(said[0], report.source.text)
    if meant is None:
        return None
    after = _new(compiled(meant.applied(report.source.text).encode(), folder), before)
    if meant.safety is not Safety.CERTAIN and said[0].severity is Severity.ERROR:
        after = [one for one in after if one.severity is Severity.ERROR]
    left = Counter((one.code, one.message) for one in after)
    others = [(one.code, one.message) for one in said[1:]]
    return not left - Counter(others)


def _new(report: Report, before: Report) -> list[Diagnostic]:
    """What is said now and was not said of the original."""
    known = Counter((one.code, one.message) for one in _heard(before))
    said: list[Diagnostic] = []
    for one in _heard(report):
        if known[one.code, one.message]:
            known[one.code, one.message] -= 1
        else:
            said.append(one)
    return said


def compiled(data: bytes, folder: Path) -> Report:
    return compile_configuration("config.yml", data, folder, CompileOptions()).report


def measure(files: Iterable[Path], seed: str, most: int) -> Iterator[Verdict]:
    """All mutants of the files that are valid; of those in today's form alone.

    `tests/corpus` has the mutants of older forms.
    """
    for file in files:
        data = file.read_bytes()
        if not _is_in_todays_form(data, file.parent):
            continue
        before = compiled(data, file.parent)
        subject = None if before.fails else take_apart(file.parent.name, data)
        if subject is not None:
            for mutant in mutants(subject, seed, most):
                yield judge(mutant, file.parent, before)


def _is_in_todays_form(data: bytes, folder: Path) -> bool:
    dialect = compile_configuration(
        "config.yml", data, folder, CompileOptions()
    ).dialect
    return dialect is None or dialect.form is Form.TODAY


def _heard(report: Report) -> list[Diagnostic]:
    return [one for one in report.diagnostics if one.severity is not Severity.NOTE]
