"""Every configuration of `examples/`, and the one of the root, compiles as it stands."""

from pathlib import Path

import pytest

from command import otac
from otac.pipeline import CompileOptions, compile_configuration

_ROOT = Path(__file__).parents[1]
_EXAMPLES = sorted((_ROOT / "examples").glob("*/config.yml"))


def test_there_are_examples() -> None:
    assert [path.parent.name for path in _EXAMPLES] == [
        "own-components",
        "routing",
        "schedules-and-notifications",
        "test-and-production",
        "weekly-training",
    ]


@pytest.mark.parametrize("path", _EXAMPLES, ids=lambda path: path.parent.name)
def test_nothing_is_said_about_an_example(path: Path) -> None:
    compiled = compile_configuration(
        "config.yml", path.read_bytes(), path.parent, CompileOptions()
    )
    assert compiled.report.diagnostics == ()
    assert compiled.output is not None


@pytest.mark.parametrize(
    "path",
    [_ROOT / "config.yml", *_EXAMPLES],
    ids=lambda path: path.parent.name,
)
def test_its_tests_pass(path: Path) -> None:
    run = otac("test", path.relative_to(_ROOT), cwd=_ROOT, timeout=300)
    assert run.status == 0, run.out
    assert " passed in " in run.out
