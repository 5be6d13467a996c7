"""`otac train` as a command: the whole way on a store, from a file, and what goes wrong."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from command import Finished, otac
from desk import BEGIN, desk
from otac.components.decision_record import unmark
from otac.models.card import read_card

pytest.importorskip("sklearn")

CONFIG = """
orchestrator:
  runners:
    - pipe_id: ticket_processor
      pipe: {use: ProcessTickets, queue: inbox, min_confidence: 0, priorities: {}}
      interval_seconds: 300
services:
  - {id: ticket_system, use: SqliteTicketSystem, path: helpdesk.db}
  - id: classification_service
    use: TrainedClassifier
    model: models/queues.otac
    min_precision: 0.8
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A store of 240 closed tickets and one that waits, as each came an hour later."""
    seeds = [
        {
            "subject": one.subject,
            "body": one.body,
            "queue": one.queue,
            "state": "closed successful",
            "created": (BEGIN + timedelta(hours=n)).isoformat(),
        }
        for n, one in enumerate(desk(240))
    ]
    waiting = {
        "subject": "laptop",
        "body": "my printer and my password",
        "queue": "inbox",
    }
    queues = {"inbox": "", "Billing": "", "IT": "", "HR": "", "Facilities": ""}
    seed = {"queues": queues, "tickets": [*seeds, waiting]}
    (tmp_path / "helpdesk.yml").write_text(json.dumps(seed), encoding="utf-8")
    (tmp_path / "config.yml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def write_csv(project: Path, number: int = 120) -> None:
    rows = [f"{one.id},{one.subject},{one.body},{one.queue}" for one in desk(number)]
    text = "\n".join(["id,subject,body,queue", *rows, ""])
    (project / "tickets.csv").write_text(text, encoding="utf-8")


def train(project: Path, *arguments: str) -> Finished:
    return otac("train", "config.yml", *arguments, cwd=project)


def test_a_model_of_the_store_is_found_by_the_configuration(project: Path) -> None:
    before = otac("check", "config.yml", cwd=project)
    assert "warning[OTC610]: there is no model `models/queues.otac`" in before.err
    done = train(project)
    assert done.status == 0, done.err
    assert "queue: 240 tickets, 4 labels" in done.out
    assert "models/queues.otac written" in done.err
    # Nothing is drawn where no terminal is.
    assert "\r" not in done.err
    assert list((project / ".otac" / "history").iterdir()) == []
    first = (project / "models" / "queues.otac").read_bytes()
    assert train(project).status == 0
    assert (project / "models" / "queues.otac").read_bytes() == first
    after = otac("check", "config.yml", cwd=project)
    assert (after.status, "OTC6" in after.err) == (0, False)
    assert notes(project) == []


@pytest.mark.slow
def test_the_flow_routes_a_ticket_by_the_model(project: Path) -> None:
    """The compiled flow, on Prefect, with the model that was made of the same store."""
    assert train(project).status == 0
    run = otac("run", "config.yml", "ticket_processor", cwd=project, timeout=500)
    assert run.status == 0, run.err
    (routed,) = json.loads(run.out)["ticket_processor"]["routed"]
    assert (routed["ticket_id"], routed["queue"]) == ("241", "IT")
    with closing(sqlite3.connect(project / "helpdesk.db")) as store:
        found = store.execute(
            "SELECT q.name FROM tickets t JOIN queues q ON q.id = t.queue_id"
            " WHERE t.id = 241"
        ).fetchone()
    assert found == ("IT",)
    (note,) = notes(project)
    assert "queue: IT, confidence 0." in note
    assert "decided by TrainedClassifier" in note
    marked = unmark(note)
    assert marked.decision is not None
    assert marked.decision.queue is not None
    assert marked.decision.queue.label == "IT"
    assert marked.decision.queue.confidence == pytest.approx(routed["queue_confidence"])


def notes(project: Path) -> list[str]:
    """The notes of all tickets, as the store has them."""
    with closing(sqlite3.connect(project / "helpdesk.db")) as store:
        return [str(body) for (body,) in store.execute("SELECT body FROM notes")]


def test_from_a_file_with_the_card_as_json(project: Path) -> None:
    write_csv(project)
    done = train(
        project, "--tickets", "tickets.csv", "-o", "m.otac", "--format", "json"
    )
    assert done.status == 0, done.err
    card = read_card(project / "m.otac")
    assert json.loads(done.out).items() <= card.items()
    assert (card["source"], card["tickets"]["read"]) == ("tickets.csv", 120)
    newest = train(
        project, "--tickets", "tickets.csv", "-o", "m.otac", "--newest", "60"
    )
    assert newest.status == 0
    assert read_card(project / "m.otac")["tickets"]["read"] == 60


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: it has no header"),
        ("id,text\n1,a\n", "line 2: there is no column `subject` or `body`"),
        ("body,queue\na,IT\nb,IT\n", "needs two labels with 8 different tickets"),
        ("body,queue\n" + "same,IT\nsame,HR\n" * 50, "needs two labels"),
        (None, "cannot be read: no such file or directory"),
    ],
)
def test_tickets_that_make_no_model(
    project: Path, text: str | None, message: str
) -> None:
    """The model that was there is as it was."""
    (project / "models").mkdir()
    model = project / "models" / "queues.otac"
    model.write_bytes(b"an older one")
    if text is not None:
        (project / "tickets.csv").write_text(text)
    done = train(project, "--tickets", "tickets.csv")
    assert (done.status, done.out) == (1, "")
    assert message in done.err
    assert model.read_bytes() == b"an older one"
    assert [path.name for path in model.parent.iterdir()] == ["queues.otac"]


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("config.yml", "`--output config.yml` would overwrite a file that is read"),
        ("./tickets.csv", "would overwrite a file that is read"),
        ("notes.txt", "`notes.txt` is there, and no model: choose another name"),
    ],
)
def test_no_other_file_becomes_a_model(
    project: Path, output: str, message: str
) -> None:
    write_csv(project)
    (project / "notes.txt").write_text("mine", encoding="utf-8")
    before = (project / output).read_bytes()
    done = train(project, "--tickets", "tickets.csv", "-o", output)
    assert (done.status, done.out) == (2, "")
    assert message in done.err
    assert (project / output).read_bytes() == before


def test_corrections_are_learned_from_beside_other_tickets(project: Path) -> None:
    write_csv(project)
    _, first, *_ = (project / "tickets.csv").read_text().splitlines()
    text, label = first.rsplit(",", 1)
    corrected = next(one for one in ("HR", "IT") if one != label)
    (project / "corrections.csv").write_text(
        f"id,subject,body,queue,created,otac_queue\n{text},{corrected},2026-06-01,{label}\n",
        encoding="utf-8",
    )
    counts = []
    for more in ((), ("--tickets", "corrections.csv")):
        done = train(project, "--tickets", "tickets.csv", *more)
        assert done.status == 0, done.err
        card = read_card(project / "models" / "queues.otac")
        counts.append(card["parts"]["queue"]["labels"])
    assert card["source"] == "tickets.csv, corrections.csv"
    before, after = counts
    assert after[label] == before[label] - 1
    assert after[corrected] == before[corrected] + 1


def test_strict_does_not_count_labels_that_every_helpdesk_has(project: Path) -> None:
    write_csv(project)
    with (project / "tickets.csv").open("a", encoding="utf-8") as file:
        file.write("r1,fax,the fax is broken,Fax\n")
    done = train(project, "--tickets", "tickets.csv", "--strict")
    assert done.status == 0, done.err
    assert "note[OTC621]: left out for fewer than 8 tickets as queue: `Fax` (1)" in (
        done.err
    )
    assert (project / "models" / "queues.otac").exists()


def test_strict_keeps_the_old_model_where_the_new_one_only_guesses(
    project: Path,
) -> None:
    chance = Random(5)
    rows = [
        f"{one.id},{one.subject},{one.body},{chance.choice('AAAB')}"
        for one in desk(300)
    ]
    text = "\n".join(["id,subject,body,queue", *rows, ""])
    (project / "tickets.csv").write_text(text, encoding="utf-8")
    (project / "models").mkdir()
    model = project / "models" / "queues.otac"
    model.write_bytes(b"an older one")
    done = train(project, "--tickets", "tickets.csv", "--strict")
    assert (done.status, done.out) == (1, "")
    assert "error[OTC622]: the model of the queue is right for" in done.err
    assert done.err.endswith(
        "no model was written, for what `--strict` makes an error\n"
    )
    assert model.read_bytes() == b"an older one"
    done = train(project, "--tickets", "tickets.csv")
    assert done.status == 0
    assert "warning[OTC622]" in done.err
    assert model.read_bytes() != b"an older one"


def test_a_ticket_system_that_fails_leaves_no_model(project: Path) -> None:
    (project / "helpdesk.db").write_bytes(b"no database" * 100)
    done = train(project)
    assert done.status == 3
    assert "error[OTC571]: the tickets of `ticket_system` cannot be read" in done.err
    assert not (project / "models").exists()


def test_wrong_usage(project: Path) -> None:
    done = train(project, "--runner", "ticket_procesor")
    assert done.status == 2
    assert "did you mean `ticket_processor`?" in done.err
    done = train(project, "--since", "yesterday")
    assert done.status == 2
    assert "`--since yesterday` is not a time" in done.err


def test_a_model_is_checked_when_compiling(project: Path) -> None:
    write_csv(project)
    assert train(project, "--tickets", "tickets.csv").status == 0
    config = project / "config.yml"
    config.write_text(CONFIG.replace("0.8", "0.99"))
    asked = otac("check", "config.yml", "--format", "concise", cwd=project)
    assert "OTC613" in asked.err
    assert "config.yml:12" in asked.err
    config.write_text(CONFIG.replace("0.8", "90"))
    asked = otac("check", "config.yml", "--format", "concise", cwd=project)
    assert "OTC206" in asked.err
    assert "OTC613" not in asked.err
    config.write_text(
        CONFIG.replace("queue: inbox,", "queue: inbox, queues: {Sales: x},")
    )
    foreign = otac("check", "config.yml", cwd=project)
    assert (
        "error[OTC612]: model `models/queues.otac` answers with `Billing`"
        in foreign.err
    )
    (project / "models" / "queues.otac").write_bytes(b"PK damaged")
    config.write_text(CONFIG)
    damaged = otac("check", "config.yml", cwd=project)
    assert damaged.status == 1
    assert "error[OTC611]" in damaged.err
