"""`otac init`."""

import argparse
import shlex
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from otac import __version__, resources
from otac.catalogue.editor_schema import as_text, editor_schema
from otac.cli.exit_status import Exit
from otac.cli.terminal import Printing, print_problem
from otac.config.schema import configuration_schema, schema_of_tests
from otac.output.environment import environment

# Where each file of `templates` goes. Its own name would hide some of them from git or make
# tools take that folder for a project.
_COMMON = {
    "init/gitignore": ".gitignore",
    "init/pre-commit-config.yaml": ".pre-commit-config.yaml",
    "init/workflow.yml": ".github/workflows/otac.yml",
}
_STARTERS = {
    "guide": {
        "init/config.yml": "config.yml",
        "init/helpdesk.yml": "helpdesk.yml",
        "init/tests.yml": "tests/routing.yml",
        "init/README.md": "README.md",
        **_COMMON,
    },
    "otobo": {
        "init-otobo/config.yml": "config.yml",
        "init-otobo/otac.yml": "otac.yml",
        "init-otobo/tests.yml": "tests/routing.yml",
        "init-otobo/README.md": "README.md",
        **_COMMON,
    },
}


def run_init(arguments: argparse.Namespace) -> Exit:
    """`otac init [DIR]`."""
    folder: Path = arguments.folder
    files = dict(_starter(arguments.template))
    there = [target for target in files if (folder / target).exists()]
    if there:
        listed = ", ".join(f"`{(folder / target).as_posix()}`" for target in there)
        are = "exists" if len(there) == 1 else "exist"
        sys.stderr.write(f"error: {listed} already {are}; nothing was written\n")
        return Exit.FAULT
    try:
        _write(folder, files)
    except OSError as problem:
        return print_problem(environment(problem, folder), Printing())
    for target in files:
        sys.stderr.write(f"created {(folder / target).as_posix()}\n")
    sys.stderr.write(_next_steps(folder, arguments.template))
    return Exit.OK


def _starter(template: str) -> Iterator[tuple[str, str]]:
    """The path of each file and its text."""
    templates = resources.folder("templates")
    for name, target in _STARTERS[template].items():
        text = (templates / name).read_text(encoding="utf-8")
        yield target, text.replace("OTAC_VERSION", __version__)
    yield "config.schema.json", as_text(editor_schema(configuration_schema(), None))
    yield "tests.schema.json", as_text(schema_of_tests())


def _write(folder: Path, files: dict[str, str]) -> None:
    """Write all files, or leave nothing behind. Raises OSError."""
    made: list[Path] = []
    try:
        for target, text in files.items():
            path = folder / target
            made += _make_folder(path.parent)
            # `x`: not even a file that has come into being just now is overwritten.
            with path.open("x", encoding="utf-8", newline="\n") as file:
                made.append(path)
                file.write(text)
    except OSError:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder; those that were missing, outermost first."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _next_steps(folder: Path, template: str) -> str:
    lines = [
        "otac build config.yml   # writes prefect.yaml and generated/",
        "otac test config.yml    # runs tests/, each on a helpdesk in memory",
        "otac dev config.yml     # runs everything here, with Prefect's user interface",
    ]
    if template == "otobo":
        lines.insert(0, "cat README.md           # what the helpdesk needs first")
    if folder != Path():
        lines.insert(0, f"cd {shlex.quote(folder.as_posix())}")
    return "\n".join(("", "next:", *(f"  {line}" for line in lines), ""))
