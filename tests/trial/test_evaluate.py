"""`otac evaluate` as a user has it."""

import csv
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from command import Finished, otac

_CONFIG = """\
services:
  desk: {use: SqliteTicketSystem, params: {path: helpdesk.db}}
  model: {use: "acme:Says"}
orchestrator:
  runners:
    - pipe_id: router
      pipe:
        use: ProcessTickets
        injects: {classification_service: model}
        queue: Incoming
        min_confidence: 0.6
    - pipe_id: clock
      pipe: {use: CheckEscalations}
"""
_SEED = "queues: {Incoming: '', Billing: invoices, Hardware: printers}\n"
# Ten tickets: right at 0.9 and 0.8, wrong at 0.7, and one that nobody can tell.
_TICKETS = [
    *[("Billing", "queue=Billing:0.9")] * 4,
    *[("Hardware", "queue=Hardware:0.8")] * 3,
    *[("Hardware", "queue=Billing:0.7")] * 2,
    ("Billing", "who knows"),
]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A project with ten labelled tickets, which no command writes into."""
    (tmp_path / "config.yml").write_text(_CONFIG)
    (tmp_path / "helpdesk.yml").write_text(_SEED)
    shutil.copy(Path(__file__).with_name("acme.py"), tmp_path)
    with (tmp_path / "tickets.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "subject", "body", "queue"])
        for number, (queue, body) in enumerate(_TICKETS):
            writer.writerow([number, f"Ticket {number}", body, queue])
    before = {path.name for path in tmp_path.iterdir()}
    yield tmp_path
    new = {path.name for path in tmp_path.iterdir()} - before
    assert new <= {"report.html", "other.yml", "__pycache__"}


def evaluate(project: Path, *arguments: str) -> Finished:
    """Of the project's tickets, where no server can be reached."""
    return otac(
        "evaluate",
        "config.yml",
        *arguments,
        cwd=project,
        timeout=300,
        PREFECT_API_URL="http://127.0.0.1:9/api",
        PREFECT_SERVER_ALLOW_EPHEMERAL_MODE="false",
        PYTHONDONTWRITEBYTECODE="1",
    )


def test_a_report_says_what_to_do(project: Path) -> None:
    done = evaluate(project, "tickets.csv", "--precision", "0.95")
    assert done.status == 0
    assert done.out.splitlines()[:17] == [
        "queue: 10 tickets",
        "  As it is configured, 9 of 10 tickets are routed, 2 of them wrongly.",
        (
            "  With `min_confidence: 0.8`, 7 of 10 tickets are routed and none wrongly: the"
            " lowest threshold at which 95 % are right."
        ),
        "  These are few tickets: take 30 or more before you rely on it.",
        (
            "  Confidence and the part that is right differ by 0.27 on average (expected"
            " calibration error)."
        ),
        "",
        "  queue     tickets  decided  right  precision  recall",
        "  Billing         5        6      4       67 %    80 %",
        "  Hardware        5        3      3      100 %    60 %",
        "",
        "right label (rows) against the decision (columns, by number)",
        "              1  2  none",
        "  1 Billing   4  .     1",
        "  2 Hardware  2  3     .",
        "",
        "  threshold  decided  wrong  precision  coverage",
        "  0.00             9      2       78 %      90 %",
    ]
    assert "  0.75             7      0      100 %      70 %" in done.out
    assert done.err == ""


def test_programs_get_one_object(project: Path) -> None:
    done = evaluate(project, "tickets.csv", "--format", "json")
    found = json.loads(done.out)
    assert {key: found[key] for key in ("tickets", "failed", "priority", "runner")} == {
        "tickets": 10,
        "failed": 0,
        "priority": None,
        "runner": "router",
    }
    queue = found["queue"]
    assert (queue["decided"], queue["right"]) == (9, 7)
    assert (queue["precision"], queue["coverage"], queue["accuracy"]) == (
        0.7778,
        0.9,
        0.7,
    )
    # Four at 0.9, three at 0.8, two wrong ones at 0.7.
    assert queue["calibration_error"] == round((4 * 0.1 + 3 * 0.2 + 2 * 0.7) / 9, 4)
    assert queue["labels"]["Hardware"] == {
        "expected": 5,
        "decided": 3,
        "right": 3,
        "precision": 1.0,
        "recall": 0.6,
    }
    assert queue["confusion"] == {
        "Billing": {"Billing": 4, "": 1},
        "Hardware": {"Billing": 2, "Hardware": 3},
    }
    assert queue["thresholds"][15] == {
        "threshold": 0.75,
        "decided": 7,
        "right": 7,
        "wrong": 0,
        "precision": 1.0,
        "coverage": 0.7,
    }


def test_the_threshold_that_is_advised_does_what_was_said(project: Path) -> None:
    text = _CONFIG.replace("min_confidence: 0.6", "min_confidence: 0.8")
    (project / "config.yml").write_text(text)
    queue = json.loads(evaluate(project, "tickets.csv", "--format", "json").out)[
        "queue"
    ]
    assert (queue["decided"], queue["right"]) == (7, 7)


def test_two_configurations_on_the_same_tickets(project: Path) -> None:
    other = _CONFIG.replace("min_confidence: 0.6", "min_confidence: 0.85")
    (project / "other.yml").write_text(other)
    done = evaluate(project, "tickets.csv", "--compare", "other.yml")
    assert done.status == 0
    assert done.out.splitlines()[-7:] == [
        "5 tickets decided otherwise: 0 now right, 3 no longer",
        "  ticket            right     first  second",
        "  4       queue  Hardware  Hardware       -",
        "  5       queue  Hardware  Hardware       -",
        "  6       queue  Hardware  Hardware       -",
        "  7       queue  Hardware   Billing       -",
        "  8       queue  Hardware   Billing       -",
    ]
    found = json.loads(
        evaluate(
            project, "tickets.csv", "--compare", "other.yml", "--format", "json"
        ).out
    )
    assert found["compared"]["queue"]["decided"] == 4
    assert found["differences"][0] == {
        "ticket": "4",
        "aspect": "queue",
        "expected": "Hardware",
        "first": "Hardware",
        "second": None,
    }


def test_too_little_that_is_right_ends_with_1(project: Path) -> None:
    assert evaluate(project, "tickets.csv", "--min-accuracy", "0.7").status == 0
    done = evaluate(project, "tickets.csv", "--min-accuracy", "0.71")
    assert done.status == 1
    assert done.err == (
        "error: 70 % of the tickets get the right queue, and `--min-accuracy` wants"
        " 71 %\n"
    )


def test_a_page_needs_nothing_from_anywhere(project: Path) -> None:
    done = evaluate(project, "tickets.csv", "--html", "report.html")
    assert done.status == 0
    assert done.err == "report.html: written\n"
    page = (project / "report.html").read_text(encoding="utf-8")
    assert "<code>min_confidence: 0.8</code>" in page
    assert "prefers-color-scheme: dark" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page
    assert evaluate(project, "tickets.csv", "--html", "no/report.html").status == 3


def test_names_in_tickets_are_text_on_the_page(project: Path) -> None:
    (project / "tickets.csv").write_text(
        "subject,body,queue\na,queue=Billing:0.9,<script>alert(1)</script>\n"
    )
    evaluate(project, "tickets.csv", "--html", "report.html")
    page = (project / "report.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_a_priority_is_evaluated_where_the_file_has_it(project: Path) -> None:
    (project / "tickets.csv").write_text(
        "subject,body,queue,priority\n"
        "a,queue=Billing:0.9 priority=high:0.9,Billing,4 high\n"
        "b,queue=Billing:0.9 priority=high:0.9,,2 low\n"
        "c,queue=Billing:0.2 priority=low:0.3,Billing,\n"
    )
    found = json.loads(evaluate(project, "tickets.csv", "--format", "json").out)
    assert (found["queue"]["tickets"], found["queue"]["right"]) == (2, 1)
    assert found["priority"]["tickets"] == 2
    assert found["priority"]["confusion"] == {
        "2 low": {"4 high": 1},
        "4 high": {"4 high": 1},
    }


def test_a_misspelt_label_is_told_with_the_nearest_one(project: Path) -> None:
    (project / "tickets.csv").write_text(
        "subject,body,queue\na,queue=Billing:0.9,Biling\nb,queue=Billing:0.9,Billing\n"
    )
    done = evaluate(project, "tickets.csv")
    assert done.status == 0
    assert (
        "warning[OTC644]: runner `router` never gives the queue `Biling`, which is right"
        " for 1 of the tickets\n --> config.yml:6:16\n"
    ) in done.err
    assert "help: did you mean `Billing`?" in done.err


def test_tickets_without_a_label_are_left_out(project: Path) -> None:
    file = project / "tickets.csv"
    file.write_text("id,subject,queue\n7,queue=Billing:0.9,Billing\n8,hm,\n")
    done = evaluate(project, "tickets.csv")
    assert done.status == 0
    assert (
        "warning[OTC643]: `tickets.csv`: 1 ticket without a queue and a priority left"
        " out: `8`"
    ) in done.err
    assert done.out.startswith("queue: 1 ticket\n")
    assert json.loads(evaluate(project, "tickets.csv", "--format", "json").out)
    file.write_text("id,subject,queue\n8,hm,\n")
    assert evaluate(project, "tickets.csv").status == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "`tickets.csv` line 1: it has no header"),
        ("id,subject,queue\n", "`tickets.csv` has no tickets"),
        ("id,subject,quue\n1,a,b\n", "there is no column `queue` or `priority`"),
    ],
)
def test_a_file_that_is_none_is_refused(project: Path, text: str, told: str) -> None:
    (project / "tickets.csv").write_text(text)
    done = evaluate(project, "tickets.csv")
    assert done.status == 1
    assert told in done.err
    assert done.out == ""


def test_the_runner_is_the_one_that_classifies(project: Path) -> None:
    done = evaluate(project, "tickets.csv", "--runner", "roter")
    assert done.status == 2
    assert (
        "there is no runner `roter` in config.yml; did you mean `router`?" in done.err
    )
    none = evaluate(project, "tickets.csv", "--runner", "clock")
    assert none.status == 1
    assert "error[OTC640]: runner `clock` asks no classifier" in none.err
    (project / "config.yml").write_text(
        _CONFIG.replace("clock", "second").replace(
            "{use: CheckEscalations}",
            "{use: ProcessTickets, queue: a, injects: {classification_service: model}}",
        )
    )
    two = evaluate(project, "tickets.csv")
    assert two.status == 2
    assert "say which with `--runner`: `router`, `second`" in two.err


def test_a_component_of_ones_own_is_not_run_unless_asked(project: Path) -> None:
    config = """\
services:
  desk: {use: SqliteTicketSystem, params: {path: helpdesk.db}}
  model: {use: "acme:Says"}
orchestrator:
  runners:
    - pipe_id: router
      pipe:
        steps:
          - id: route
            use: ProcessTickets
            injects: {classification_service: model}
            params: {queue: Incoming, stop_when_empty: false}
          - {id: tell, use: "acme:page", params: {text: hello}}
"""
    (project / "config.yml").write_text(config)
    done = evaluate(project, "tickets.csv")
    assert done.status == 1
    assert (
        "error[OTC641]: `acme:page` may do more than write to tickets, and was not run\n"
        "  --> config.yml:13:29\n"
    ) in done.err
    assert evaluate(project, "tickets.csv", "--run-own").status == 0


def test_a_runner_that_fails_for_every_ticket_says_why(project: Path) -> None:
    (project / "acme.py").write_text(
        "class Says:\n"
        "    async def classify(self, text, *, labels=None, model_name=None):\n"
        "        raise ValueError('no model')\n"
    )
    done = evaluate(project, "tickets.csv")
    assert done.status == 1
    assert "error[OTC642]: runner `router` fails for 10 of 10 tickets: " in done.err
    assert "ValueError" in done.err


def test_a_module_that_cannot_be_imported_says_why(project: Path) -> None:
    before = (project / "acme.py").read_text()
    (project / "acme.py").write_text(f"import nothing_of_this_name\n{before}")
    done = evaluate(project, "tickets.csv")
    assert done.status == 1
    assert "error[OTC642]: runner `router` cannot be asked: ModuleNotFoundError" in (
        done.err
    )


def test_half_a_character_is_no_obstacle(project: Path) -> None:
    line = {"subject": "a \ud800", "body": "queue=Billing:0.9", "queue": "Billing"}
    (project / "tickets.jsonl").write_text(json.dumps(line))
    try:
        done = evaluate(project, "tickets.jsonl", "--format", "json")
    finally:
        (project / "tickets.jsonl").unlink()
    assert json.loads(done.out)["queue"]["right"] == 1


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "queue=Billing",
            "No confidence is known, so no threshold tells right from wrong",
        ),
        ("hello", "The classifier has a label for none of them."),
    ],
)
def test_what_no_threshold_can_tell(project: Path, body: str, told: str) -> None:
    rows = f"One,{body},Billing\nTwo,nothing,Hardware\n"
    (project / "tickets.csv").write_text(f"subject,body,queue\n{rows}")
    done = evaluate(project, "tickets.csv")
    assert told in done.out
    assert "threshold  decided" not in done.out


def test_a_hundred_tickets_in_one_run(project: Path) -> None:
    rows = "".join(f"Ticket {n},queue=Billing:0.9,Billing\n" for n in range(250))
    (project / "tickets.csv").write_text(f"subject,body,queue\n{rows}")
    done = evaluate(project, "tickets.csv", "--format", "json")
    assert json.loads(done.out)["queue"]["right"] == 250


def test_the_example_of_the_documentation() -> None:
    """Every line that the page shows is one that its command prints, in that order."""
    root = Path(__file__).parents[2]
    page = (root / "docs" / "evaluate.md").read_text(encoding="utf-8")
    start, report, *_ = re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    command, *first = start.splitlines()
    arguments = command.removeprefix("$ otac ").split()
    done = otac(*arguments, cwd=root)
    assert done.status == 0, done.err
    printed = done.out.splitlines()
    assert first == printed[: len(first)]
    left = iter(printed)
    assert [line for line in report.splitlines() if line not in left] == []
    found = json.loads(otac(*arguments, "--format", "json", cwd=root).out)
    shown = json.loads(_block(page, "json"))
    queue = shown.pop("queue")
    assert {key: found[key] for key in shown} == shown
    for key, value in queue.items():
        match value:
            case dict():
                assert {name: found["queue"][key][name] for name in value} == value
            case list():
                assert found["queue"][key][: len(value)] == value
            case _:
                assert found["queue"][key] == value


def _block(page: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", page, re.DOTALL)
    assert found is not None
    return found[1]
