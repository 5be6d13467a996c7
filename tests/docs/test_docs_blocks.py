"""Commands and configurations on every page are ones that otac takes today.

What they do is tried by other tests; here nothing on a page is left out.
"""

import re
import shlex
from pathlib import Path

import pytest

from otac.cli.arguments import parser
from otac.cli.commands import COMMANDS
from otac.diagnostics.diagnostic import Severity
from otac.pipeline import CompileOptions, compile_configuration

ROOT = Path(__file__).parents[2]
_PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]
_RECORDS = ("commands.md", "migrating.md")
# Written by tools from the parsers and from what the forms are; decisions are of their day.
PAGES = [p for p in _PAGES if p.name not in _RECORDS and p.parent.name != "decisions"]
_BLOCK = re.compile(r"^ *```(\w*)[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(otac [^`\n]+)`")
_RUNNER = """
orchestrator:
  runners:
    - pipe_id: triage
      pipe: {use: CheckEscalations}
"""


def _commands(text: str) -> list[str]:
    """Typed in blocks or named in a sentence; with a prompt, the other lines are output."""
    typed: list[str] = []
    for language, block in _BLOCK.findall(text):
        lines = [line.strip() for line in block.splitlines()]
        asked = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        if language != "yaml":
            typed += asked or lines
    typed = [line for line in typed if re.match(r"otac [a-z-]+( |$)", line)]
    return [*typed, *_INLINE.findall(_BLOCK.sub("", text))]


def _arguments(command: str) -> list[str]:
    """As a shell would hand them over, up to a pipe, a comment or what follows."""
    words = shlex.split(command, comments=True)[1:]
    ends = [i for i, w in enumerate(words) if w in ("|", "||", "&&", ">", "<", "&")]
    return [word.rstrip(";") for word in words[: min(ends, default=len(words))]]


def _is_refused(command: str) -> bool:
    words = _arguments(command)
    if words in [[each.name] for each in COMMANDS]:
        return False  # a sentence names it without its operands
    try:
        parser(COMMANDS).parse_args(words)
    except SystemExit as ended:
        return bool(ended.code)
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands(page: Path) -> None:
    commands = dict.fromkeys(_commands(page.read_text(encoding="utf-8")))
    assert [command for command in commands if _is_refused(command)] == []


def test_a_command_that_is_not_there_would_be_seen() -> None:
    assert _commands("```\n$ otac biuld config.yml\n```\nor `otac check --fxi`") == [
        "otac biuld config.yml",
        "otac check --fxi",
    ]
    assert _is_refused("otac biuld config.yml")
    assert _is_refused("otac check --fxi")
    assert not _is_refused("otac check config.yml --fix && mail")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_configurations(page: Path, tmp_path: Path) -> None:
    """Those that are whole, and services alone: a runner is put to them."""
    options = CompileOptions(unresolved=Severity.WARNING)
    wrong = []
    for language, text in _BLOCK.findall(page.read_text(encoding="utf-8")):
        keys = re.findall(r"^(orchestrator|services):", text, re.MULTILINE)
        # A service without `use` is one of compose.
        if language != "yaml" or not keys or "use:" not in text:
            continue
        whole = text if "orchestrator" in keys else text + _RUNNER
        report = compile_configuration(
            "config.yml", whole.encode(), tmp_path, options
        ).report
        wrong += [
            (one.code, one.message, text)
            for one in report.diagnostics
            # A page does not show all of `acme`, and other tests have modules of that name.
            if one.severity is Severity.ERROR and "acme" not in one.message
        ]
    assert wrong == []
