"""What the commands of every day import, and that is little."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command import SOUND

HEAVY = ("prefect", "pydantic", "jsonschema", "httpx", "asyncio", "otac.runtime")

PROBE = """
import sys
from otac.cli import main
try:
    main(sys.argv[2:])
except SystemExit:
    pass
print(*(name for name in sys.argv[1].split(",") if name in sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["build", "config.yml", "-q"],
        ["build", "config.yml", "-q", "--check"],
        ["build", "config.yml", "-q", "--diff"],
        ["check", "config.yml", "-q"],
        ["explain", "OTC301"],
        ["migrate", "config.yml", "-q", "--diff"],
        ["schema"],
        ["graph", "config.yml", "--format", "html"],
        ["init", "starter"],
        ["run", "config.yml", "unknown"],
        ["run", "config.yml", "triage", "--param", "unknown=1"],
    ],
    ids=" ".join,
)
def test_nothing_heavy_is_imported(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(SOUND, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", PROBE, ",".join(HEAVY), *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stderr.splitlines()[-1] == ""


def test_an_unchanged_build_does_not_even_import_the_compiler(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(SOUND, encoding="utf-8")
    modules = "jinja2,yaml,otac.pipeline,otac.emit.flow_module"
    command = [sys.executable, "-c", PROBE, modules, "build", "config.yml", "-q"]
    first, second = (
        subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        for _ in range(2)
    )
    assert first.stderr == "jinja2 yaml otac.pipeline otac.emit.flow_module\n"
    assert second.stderr == "\n"


COUNT = """
import sys
from otac.cli import main
try:
    main(["check", sys.argv[1], "-q"])
except SystemExit:
    pass
ours = [m for n, m in sys.modules.items() if n.partition(".")[0] == "otac"]
print(sum(getattr(module, "__file__", None) is not None for module in ours))
"""


def test_a_check_loads_few_modules_of_ours(tmp_path: Path) -> None:
    """The first example that users see; more modules are more to wait for, and to read."""
    shutil.copy(Path(__file__).parents[2] / "config.yml", tmp_path)
    run = subprocess.run(
        [sys.executable, "-c", COUNT, "config.yml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert 50 < int(run.stdout.split()[-1]) <= 110
