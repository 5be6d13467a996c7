"""What `otac run` refuses before anything runs."""

from pathlib import Path

import pytest

from command import Finished, otac

CONFIG = """\
orchestrator:
  runners:
    - pipe_id: triage
      parameters: {queue: a, limit: 3, ratio: 0.5, dry: true, ids: [1], more: {a: 1}}
      pipe: {steps: [{id: one, use: Expression, expression: "{{ 1 }}"}]}
    - pipe_id: report
      pipe: {steps: [{id: one, use: Expression, expression: "{{ 1 }}"}]}
"""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["triag"],
            "there is no runner `triag` in config.yml; did you mean `triage`?",
        ),
        (
            ["nightly"],
            "there is no runner `nightly` in config.yml; it has `triage`, `report`",
        ),
        (
            ["triage", "--param", "queu=b"],
            "runner `triage` has no parameter `queu`; did you mean `queue`?",
        ),
        (
            ["report", "--param", "queue=b"],
            "runner `report` has no parameter `queue`; it takes none",
        ),
        (
            ["report", "--watch-step", "two"],
            "runner `report` has no step `two`; it has `one`",
        ),
        (
            ["triage", "--param", "queue"],
            "`queue` has no value: write `--param queue=VALUE`",
        ),
        (
            ["triage", "--param", "limit=1", "--param", "limit=2"],
            "`limit` is given twice",
        ),
        (
            ["triage", "--param", "ratio=1e309"],
            "`ratio` cannot be `1e309`: Prefect stores no such number",
        ),
        (
            ["triage", "--param", "ids=[[-1e999]]"],
            "`ids` cannot be `[[-1e999]]`: Prefect stores no such number",
        ),
        (
            ["triage", "--param", "limit=many"],
            "`limit` takes a whole number, and `many` is none",
        ),
        (
            ["triage", "--param", "limit=true"],
            "`limit` takes a whole number, and `true` is none",
        ),
        (
            ["triage", "--param", "ratio=NaN"],
            "`ratio` takes a number, and `NaN` is none",
        ),
        (
            ["triage", "--param", "dry=yes"],
            "`dry` takes `true` or `false`, and `yes` is none",
        ),
        (
            ["triage", "--param", "ids={}"],
            "`ids` takes a list in JSON, such as `[1, 2]`, and `{}` is none",
        ),
        (
            ["triage", "--param", "more=[]"],
            '`more` takes a mapping in JSON, such as `{"name": 1}`, and `[]` is none',
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_told_at_once(
    arguments: list[str], message: str, tmp_path: Path
) -> None:
    (tmp_path / "config.yml").write_text(CONFIG, encoding="utf-8")
    finished = otac("run", "config.yml", *arguments, cwd=tmp_path)
    assert finished == Finished(2, "", f"error: {message}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["config.yml"]
