"""`otac review` on a real store, through the command line."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from review_project import decide

from command import otac
from otac.learning.examples import read_examples


def dump(project: Path) -> list[str]:
    with closing(sqlite3.connect(project / "helpdesk.db")) as connection:
        return list(connection.iterdump())


def test_what_agents_corrected_is_counted_and_nothing_is_changed(
    project: Path,
) -> None:
    decide(project)
    before = dump(project)
    done = otac("review", "config.yml", "--format", "json", cwd=project)
    assert done.status == 0, done.err
    assert dump(project) == before
    found = json.loads(done.out)
    assert found["tickets"] == 5
    queue, priority = found["queue"], found["priority"]
    # 1, 2 and 3 from the inbox, 2 and 5 from IT; 4 went to HR as nothing was certain.
    assert (queue["decided"], queue["corrected"], queue["left"]) == (5, 1, 1)
    assert queue["open"] == 2
    assert queue["corrections"] == [{"from": "Billing", "to": "IT", "tickets": 1}]
    assert queue["precision"] == pytest.approx(0.8)
    assert queue["by"] == {"KeywordClassifier": {"decided": 5, "corrected": 1}}
    assert sum(week["decided"] for week in queue["weeks"]) == 5
    wrong = [one for one in queue["decisions"] if not one["right"]]
    assert [(one["ticket"], one["label"]) for one in wrong] == [("1", "Billing")]
    assert 0 < wrong[0]["confidence"] < 1
    assert (priority["decided"], priority["corrected"]) == (1, 1)
    assert priority["corrections"] == [
        {"from": "4 high", "to": "3 normal", "tickets": 1}
    ]


def test_the_text_says_it_in_sentences(project: Path) -> None:
    decide(project)
    done = otac("review", "config.yml", cwd=project)
    assert done.status == 0, done.err
    lines = done.out.splitlines()
    assert "  otac moved 5 tickets, agents corrected 1 of them: 80 % right" in lines
    assert "  2 of these are still open and may be corrected yet" in lines
    assert "  nothing was certain about 1 ticket" in lines
    assert "  Billing  IT  1" in lines


def test_what_states_are_called_does_not_matter(project: Path) -> None:
    decide(project)
    with closing(sqlite3.connect(project / "helpdesk.db")) as connection:
        connection.execute(
            "UPDATE states SET name = 'erfolgreich geschlossen'"
            " WHERE name = 'closed successful'"
        )
        connection.execute("UPDATE states SET name = 'closed shop' WHERE name = 'new'")
        connection.commit()
    done = otac("review", "config.yml", "--format", "json", cwd=project)
    assert json.loads(done.out)["queue"]["open"] == 2


def test_a_report_never_replaces_what_is_read(project: Path) -> None:
    decide(project)
    before = (project / "config.yml").read_bytes()
    for option in ("--csv", "--html"):
        done = otac("review", "config.yml", option, "config.yml", cwd=project)
        assert done.status == 2
        assert "`config.yml` would overwrite a file that is read" in done.err.replace(
            f"{option} ", ""
        )
    both = ("--csv", "report", "--html", "./report")
    done = otac("review", "config.yml", *both, cwd=project)
    assert (done.status, done.err) == (
        2,
        "error: `--csv` and `--html` name the same file\n",
    )
    assert (project / "config.yml").read_bytes() == before
    assert not (project / "report").exists()


def test_the_csv_is_what_train_reads(project: Path) -> None:
    decide(project)
    done = otac("review", "config.yml", "--csv", "corrections.csv", cwd=project)
    assert done.status == 0, done.err
    file = project / "corrections.csv"
    read = read_examples(file)
    assert not read.fails
    (example,) = read.tickets
    assert (example.id, example.subject, example.body) == (
        "1",
        "My invoice",
        "invoice, please",
    )
    assert (example.queue, example.priority) == ("IT", "3 normal")
    (row,) = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
    assert (row["otac_queue"], row["otac_priority"]) == ("Billing", "4 high")


def test_the_page_needs_nothing_from_anywhere(project: Path) -> None:
    decide(project)
    done = otac("review", "config.yml", "--html", "review.html", cwd=project)
    assert done.status == 0, done.err
    page = (project / "review.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "agents corrected 1 of them: 80 % right" in page
    assert '<td>Billing</td><td>IT</td><td class="number">1</td>' in page


def test_a_lower_precision_than_asked_for_is_a_fault(project: Path) -> None:
    decide(project)
    done = otac("review", "config.yml", "--min-precision", "0.9", cwd=project)
    assert done.status == 1
    assert "queue: 80.0 % right, less than the 90 % of --min-precision" in done.err
    done = otac("review", "config.yml", "--min-precision", "90", cwd=project)
    assert done.status == 2


def test_a_helpdesk_on_which_otac_decided_nothing(project: Path) -> None:
    done = otac("review", "config.yml", cwd=project)
    assert done.status == 0, done.err
    assert "nothing to review" in done.out


def test_older_tickets_do_not_count(project: Path) -> None:
    decide(project)
    done = otac("review", "config.yml", "--since", "1h", cwd=project)
    assert "nothing to review" in done.out
    done = otac("review", "config.yml", "--since", "last week", cwd=project)
    assert done.status == 2
    assert "--since last week" in done.err


def test_a_ticket_system_that_does_not_answer(project: Path) -> None:
    (project / "helpdesk.db").write_bytes(b"not a store" * 100)
    files = sorted(path.name for path in project.iterdir())
    done = otac(
        "review", "config.yml", "--csv", "c.csv", "--html", "r.html", cwd=project
    )
    assert done.status == 3
    assert "error[OTC572]: the tickets cannot be read" in done.err
    assert sorted(path.name for path in project.iterdir()) == files


def test_a_file_that_cannot_be_written(project: Path) -> None:
    decide(project)
    done = otac("review", "config.yml", "--csv", "no/where.csv", cwd=project)
    assert done.status == 3
    assert "where.csv" in done.err
