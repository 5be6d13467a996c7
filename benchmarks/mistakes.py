"""The same mistakes in a configuration, and in a project by hand: who says so, and when.

`python -m benchmarks.mistakes` types each into a copy of `benchmarks/by_hand` and asks, in
this order: `otac check` for ours; for the other, mypy --strict, Python's import and
`prefect deploy --all` on a server of its own.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.deploy import server

BY_HAND = Path(__file__).parent / "by_hand"
_BIN = Path(sys.executable).parent
_FLOW, _DEPLOYMENTS = "routing.py", "prefect.yaml"


class Mistake(NamedTuple):
    """What is typed in place of what, in our file and in one of theirs."""

    what: str
    ours: tuple[str, str]
    file: str
    theirs: tuple[str, str]


MISTAKES = (
    Mistake(
        "a key of the search is misspelt",
        ('queue: {name: "{{ params.queue }}"}', 'quue: {name: "{{ params.queue }}"}'),
        _FLOW,
        ("Queues=[queue]", "Quues=[queue]"),
    ),
    Mistake(
        "a field of a ticket is misspelt",
        ("{{ item.body }}", "{{ item.bdy }}"),
        _FLOW,
        ("['Body']", "['Bdy']"),
    ),
    Mistake(
        "a result that is not there is asked for",
        (
            "get_pipe_result('classify', 'confidence')",
            "get_pipe_result('classify', 'score')",
        ),
        _FLOW,
        ("answer.json()", "answer.body()"),
    ),
    Mistake(
        "a step is called by a wrong name",
        ("depends_on: move", "depends_on: moove"),
        _FLOW,
        ("            note(ticket, label)", "            noote(ticket, label)"),
    ),
    Mistake(
        "a policy is misspelt",
        ("timeout_seconds: 120", "timeout_secs: 120"),
        _FLOW,
        ("timeout_seconds=120", "timeout_secs=120"),
    ),
    Mistake(
        "a timeout below zero",
        ("timeout_seconds: 120", "timeout_seconds: -120"),
        _FLOW,
        ("timeout_seconds=120", "timeout_seconds=-120"),
    ),
    Mistake(
        "a cron expression of four fields",
        ('"*/5 8-18 * * 1-5"', '"*/5 8-18 * 1-5"'),
        _DEPLOYMENTS,
        ('"*/5 8-18 * * 1-5"', '"*/5 8-18 * 1-5"'),
    ),
    Mistake(
        "a day that never comes",
        ('"*/5 8-18 * * 1-5"', '"0 8 31 2 *"'),
        _DEPLOYMENTS,
        ('"*/5 8-18 * * 1-5"', '"0 8 31 2 *"'),
    ),
    Mistake(
        "a step that means less than it says (`*/90` minutes)",
        ('"*/5 8-18 * * 1-5"', '"*/90 8-18 * * 1-5"'),
        _DEPLOYMENTS,
        ('"*/5 8-18 * * 1-5"', '"*/90 8-18 * * 1-5"'),
    ),
    Mistake(
        "an unknown time zone",
        ("Europe/Berlin", "Europe/Berln"),
        _DEPLOYMENTS,
        ("Europe/Berlin", "Europe/Berln"),
    ),
    Mistake(
        "a key of a deployment is misspelt",
        ("timezone: Europe", "timzone: Europe"),
        _DEPLOYMENTS,
        ("timezone: Europe", "timzone: Europe"),
    ),
    Mistake(
        "a parameter that the flow does not take",
        ("{{ params.limit }}", "{{ params.limt }}"),
        _DEPLOYMENTS,
        ("limit: 10", "limt: 10"),
    ),
    Mistake(
        "a number that is text",
        ('limit: "{{ params.limit }}"', "limit: ten"),
        _DEPLOYMENTS,
        ("limit: 10", "limit: ten"),
    ),
    Mistake(
        "a password in the file",
        ("\"{{ get_env('DESK_PASSWORD') }}\"", "hunter2hunter2"),
        _FLOW,
        ('os.environ["DESK_PASSWORD"]', '"hunter2hunter2"'),
    ),
    Mistake(
        "the address of a page in place of the interface",
        ("nph-genericinterface.pl", "index.pl"),
        _FLOW,
        ("nph-genericinterface.pl", "index.pl"),
    ),
    Mistake(
        "a template without its end",
        (
            "moved to {{ get_pipe_result('classify', 'label') }}",
            "moved to {{ get_pipe_result('classify', 'label')",
        ),
        _FLOW,
        ('f"moved to {queue}"', 'f"moved to {queue"'),
    ),
)


def main() -> None:
    """Prints the table."""
    told = [0, 0]
    print("| mistake | otac | Prefect by hand |")
    print("|---|---|---|")
    with (
        tempfile.TemporaryDirectory() as name,
        server(Path(name), {}) as environment,
    ):
        for number, mistake in enumerate(MISTAKES):
            folder = Path(name) / str(number)
            shutil.copytree(BY_HAND, folder)
            type_into(folder / "config.yml", mistake.ours)
            type_into(folder / mistake.file, mistake.theirs)
            our, their = ours(folder), _theirs(folder, environment)
            told[0] += our is not None
            told[1] += their is not None
            silent = "not before the run"
            print(f"| {mistake.what} | {our or silent} | {their or silent} |")
    print(
        f"| told before a run | {told[0]} of {number + 1} | {told[1]} of {number + 1} |"
    )


def type_into(file: Path, change: tuple[str, str]) -> None:
    text = file.read_text("utf-8")
    if change[0] not in text:
        raise RuntimeError(f"{file.name} has no {change[0]}")
    file.write_text(text.replace(change[0], change[1], 1), "utf-8")


def ours(folder: Path) -> str | None:
    """The code, the line and the column of the first finding."""
    command = [str(_BIN / "otac"), "check", "config.yml", "--format", "json"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    found = [one for one in json.loads(done.stdout) if one["severity"] != "note"]
    if not found:
        return None
    first = found[0]
    return f"{first['severity']} {first['code']} at {first['line']}:{first['column']}"


def _theirs(folder: Path, environment: dict[str, str]) -> str | None:
    """The first that says anything; an exit status above 0 is taken for it."""
    for what, command in (
        ("mypy", [str(_BIN / "mypy"), "--strict", "routing.py"]),
        ("import", [sys.executable, "-c", "import routing"]),
        ("`prefect deploy`", [str(_BIN / "prefect"), "deploy", "--all"]),
    ):
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, check=False
        )
        if done.returncode:
            return what
    return None


if __name__ == "__main__":
    main()
