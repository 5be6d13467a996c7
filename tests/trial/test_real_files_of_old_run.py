"""The real files that images of September 2025 read do what those images did with tickets.

What is expected is worked out from the settings in a file, by the rules of its release: a
label is followed from the threshold on, and otherwise there is a name for it; each decision
is written, and noted once. Forms of our own stand for them in `test_before_steps_run`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from trying import run, trials

from otac.components.classifier import Classification
from otac.components.sqlite.seed import Seed, SeedTicket
from otac.diagnostics.correction import correction
from otac.diagnostics.diagnostic import Severity
from otac.pipeline import CompileOptions, compile_configuration
from otac.trial.helpdesk import Helpdesk
from otac.trial.trial import Given

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the real files are not here"),
]
_FLAT = sorted(CORPUS.glob("a1/*.yml"))
_NAMED = [
    p for p in sorted(CORPUS.glob("b2/*.yml")) if "pipes:\n" in p.read_text("utf-8")
]
_NAMED = [p for p in _NAMED if "queue_updater:\n" in p.read_text("utf-8")]
_BELOW = 1e-6


class Rule(NamedTuple):
    """A model, what it has to be sure of, and the name for what it is not."""

    model: str
    least: float
    low: str


class Release(NamedTuple):
    """What a file says, as its release read it."""

    queue: str
    between: str
    rules: dict[str, Rule]


def _read(file: Path) -> Release:
    said = yaml.safe_load(file.read_text("utf-8"))["open_ticket_ai"]
    if "hf_model" in said:
        least, low = said["confidence_threshold"], said["low_confidence_queue"]
        rules = {"queue": Rule(said["hf_model"], least, low)}
        return Release(said["filter_by_queue"], "", rules)
    pipes = said["pipes"]
    rules = {
        what: Rule(
            pipes[f"{what}_ai_model"]["hf_model"],
            pipes[f"{what}_low_confidence_handler"]["threshold"],
            pipes[f"{what}_low_confidence_handler"]["low_confidence_value"],
        )
        for what in ("queue", "priority")
    }
    (one,) = pipes["ticket_fetcher"]["filters"]
    return Release(one["value"], "\n", rules)


class Models:
    """Two labels for each model, surer with each ticket but one."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._what = {rule.model: what for what, rule in release.rules.items()}

    def says(self, what: str, number: int) -> tuple[str, float]:
        rule = self._release.rules[what]
        shift = number if what == "queue" else 3 * number
        sure = (0.0, rule.least - _BELOW, rule.least, rule.least + _BELOW, 1.0)
        return f"{what} {number % 3}", sure[shift % len(sure)]

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        subject, body = text.split(f"{self._release.between}body of ")
        assert subject == body
        what = self._what.get(model_name or "", "queue")
        label, sure = self.says(what, int(subject))
        return Classification(label=label, confidence=sure, scores={label: sure})


def _answered(file: Path, folder: Path) -> str:
    """The file with the proposed answers to what it has to be asked."""
    text = file.read_text("utf-8")
    while True:
        options = CompileOptions()
        found = compile_configuration("config.yml", text.encode(), folder, options)
        asked = [
            one
            for one in found.report.diagnostics
            if one.severity is Severity.ERROR and one.question is not None
        ]
        made = [m for one in asked if (m := correction(one, text)) is not None]
        if not made:
            return text
        text = made[0].applied(text)


@pytest.mark.parametrize("file", [*_FLAT, *_NAMED], ids=lambda file: file.name)
def test_real_files_route_as_their_release_did(file: Path, tmp_path: Path) -> None:
    release = _read(file)
    models = Models(release)
    queues = [f"queue {n}" for n in range(3)]
    priorities = ["had", *(f"priority {n}" for n in range(3))]
    lows = {what: rule.low for what, rule in release.rules.items()}
    desk = Helpdesk(
        Seed(
            queues=dict.fromkeys([release.queue, lows["queue"], *queues], ""),
            priorities=[
                *priorities,
                *([lows["priority"]] if "priority" in lows else []),
            ],
            tickets=[
                SeedTicket(
                    id=n,
                    subject=str(n),
                    body=f"body of {n}",
                    queue=release.queue,
                    priority="had",
                )
                for n in range(1, 21)
            ],
        )
    )
    given = Given(desk, {"classifier": models}, env={})
    outcome: Any = run(trials(tmp_path, _answered(file, tmp_path)), "classify", given)
    assert outcome.state == "Completed", outcome.message
    for n in range(1, 21):
        after = outcome.tickets[str(n)]
        expected = {"queue": release.queue, "priority": "had"}
        for what, rule in release.rules.items():
            label, sure = models.says(what, n)
            expected[what] = label if sure >= rule.least else rule.low
        found = {"queue": after.queue.name, "priority": after.priority.name}
        assert found == expected, n
        assert len(after.notes) == len(release.rules), n


def test_there_are_five_of_them() -> None:
    assert (len(_FLAT), len(_NAMED)) == (4, 1)
