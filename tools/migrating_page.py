"""Writes the walk through the forms in `docs/migrating.md`, by running otac on `docs/migrating/`.

python tools/migrating_page.py
"""

import contextlib
import io
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from otac.cli import main

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "migrating.md"
FILES = ROOT / "docs" / "migrating"
_BEGIN, _END = "<!-- written by tools/migrating_page.py -->", "<!-- until here -->"
_OPTIONS = ("--fix", "--unsafe-fixes", "--accept")
# Each file, and what is to be seen in it.
WALK = {
    "a1": (
        "`filter_by_queue` and `hf_model`",
        (
            "The first form that worked, in September 2025. The address has no path, which only the author of the "
            "file can add: otac asks, and `--accept` takes its proposal."
        ),
    ),
    "a1-priority": (
        "`hf_model_queue` and `hf_model_priority` (with priority)",
        "The same with a second model.",
    ),
    "a2": (
        "Parts wired by their ids",
        (
            "June 2025. No release did what such a file says; it is read as it was meant, with a warning (OTC212). "
            "`basic_ticket_fetcher` is no id here, and the login has a slip."
        ),
    ),
    "b1": (
        "One list of `pipes`, and `pipelines` of their ids",
        "The same with all parts in one list.",
    ),
    "b1-half": (
        "Two configurations in one file",
        (
            "Two files of this time have both, with other queues and models. otac asks which is meant; "
            "`--answer configuration=parts` takes the other one."
        ),
    ),
    "b2-mapping": (
        "`pipes` by their names",
        (
            "In use for one day. The release read `to_value_from_list` and ignored `to_values_from_list`: the "
            "proposal is to go on ignoring it. `--answer label-map.queue_mapper=follow` makes it count."
        ),
    ),
    "b2-steps": (
        "`pipelines` of `steps`",
        "The release ran such a file and changed nothing; it is read as it was meant.",
    ),
    "b2-events": (
        "Steps that put out events",
        "Never started. The definition is expanded where it is used.",
    ),
    "b3": (
        "`pipe_definitions`",
        (
            "Never started either. No service is called `otobo`, and nobody sets `data.ticket`: there is one "
            "helpdesk and one step that fetches."
        ),
    ),
    "b4": (
        "Definitions by anchors",
        (
            "`error_queue_name` is given by nobody, so that it comes from the environment, and a label that is not "
            "in the map is asked about. This one needs a list of steps: a failed update has a second try."
        ),
    ),
    "c": (
        "`orchestrator` as a list",
        (
            "September 2025. The steps share a definition through an anchor. What it expects, `ticket_id`, nobody "
            "gives."
        ),
    ),
    "d": (
        "`run_every_milli_seconds`",
        "October 2025. A step is misspelt, and a password stands in the file.",
    ),
    "e": ("`on` and `run`", "Release 1.0. Nothing is wrong here."),
    "f": ("`orchestrator.steps`", "Releases 1.1 to 1.5, with a misspelt service."),
    "tutorial": (
        "`pipelines` of the tutorials",
        "A form that the tutorials showed. No release read it.",
    ),
}


def render() -> str:
    """The whole page."""
    page = PAGE.read_text(encoding="utf-8")
    head, rest = page.split(_BEGIN, 1)
    tail = rest.split(_END, 1)[1]
    sections = "\n".join(_section(name, *said) for name, said in WALK.items())
    return f"{head}{_BEGIN}\n\n{sections}\n{_END}{tail}"


def _section(name: str, title: str, said: str) -> str:
    old = (FILES / f"{name}.yml").read_text(encoding="utf-8")
    told, new = migrated(name, old)
    command = f"otac migrate {name}.yml {' '.join(_OPTIONS)} -o config.yml"
    return (
        f"### {title}\n\n{said}\n\n```yaml\n{old}```\n\n"
        f"```console\n$ {command}\n{told}```\n\n```yaml\n{new}```\n"
    )


def migrated(name: str, old: str) -> tuple[str, str]:
    """What the command says, and what it writes."""
    here, told = Path.cwd(), io.StringIO()
    with TemporaryDirectory() as folder, contextlib.redirect_stderr(told):
        os.chdir(folder)
        try:
            Path(f"{name}.yml").write_text(old, encoding="utf-8")
            status = main(["migrate", f"{name}.yml", *_OPTIONS, "-o", "config.yml"])
            assert status == 0, told.getvalue()
            return told.getvalue(), Path("config.yml").read_text(encoding="utf-8")
        finally:
            os.chdir(here)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
