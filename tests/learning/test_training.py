"""From tickets to a model: what it promises, on tickets it has not seen."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZipFile

import pytest

from desk import desk
from otac.learning.examples import Example
from otac.learning.measures import Judged, calibration_error
from otac.learning.promise import lower_bound, promises
from otac.learning.selection import select
from otac.learning.training import Trained, train
from otac.models.linear import LinearModel, read_models
from otac.models.model_file import LARGEST_FILE

pytest.importorskip("sklearn")


def models(trained: Trained, tmp_path: Path) -> dict[str, LinearModel]:
    assert trained.data is not None
    (tmp_path / "m.otac").write_bytes(trained.data)
    return read_models(tmp_path / "m.otac")[1]


def unpacked(trained: Trained) -> str:
    """All bytes of the file as text, a character each."""
    assert trained.data is not None
    with ZipFile(BytesIO(trained.data)) as archive:
        members = [archive.read(name) for name in archive.namelist()]
    return b"\0".join([trained.data, *members]).decode("latin-1")


def said(trained: Trained) -> list[tuple[str, str, str]]:
    return [(one.code, one.severity.value, one.message) for one in trained.diagnostics]


def test_what_is_promised_is_kept_on_other_tickets(tmp_path: Path) -> None:
    trained = train(desk(400), "made up")
    part = trained.card["parts"]["queue"]
    model = models(trained, tmp_path)["queue"]
    judged = []
    for ticket in desk(800, seed=2):
        decision = model.decide(ticket.text)
        judged.append(Judged(decision.confidence, decision.label, ticket.queue))
    (promise,) = [one for one in part["promises"] if one["wanted"] == 0.9]
    decided = [one for one in judged if (one.confidence or 0) >= promise["threshold"]]
    assert len(decided) > 0.6 * len(judged)
    assert sum(one.is_right for one in decided) / len(decided) >= 0.88
    error = calibration_error(judged)
    assert error is not None
    assert error <= 0.08
    assert part["judged"]["tickets"] == 80
    assert part["held_out"]["tickets"] == 400


def test_the_same_tickets_make_the_same_bytes_in_any_order() -> None:
    tickets = desk(120)
    shuffled = tickets[:]
    Random(3).shuffle(shuffled)
    assert train(tickets, "x").data == train(shuffled, "x").data
    assert train(tickets, "x").data != train(tickets[1:], "x").data


def test_one_call_makes_queues_and_priorities(tmp_path: Path) -> None:
    trained = train(desk(300), "x")
    both = models(trained, tmp_path)
    assert both["queue"].labels == ("Billing", "Facilities", "HR", "IT")
    assert both["priority"].labels == ("3 normal", "4 high")
    assert trained.data is not None
    assert len(trained.data) < LARGEST_FILE


def test_names_do_not_lie_in_the_file(tmp_path: Path) -> None:
    """Each ticket has a word of its own, and one of two tickets more."""
    tickets = desk(200)
    tickets[3] = replace(tickets[3], body=f"{tickets[3].body} Yggdrasilson")
    tickets[9] = replace(tickets[9], body=f"{tickets[9].body} Yggdrasilson")
    # A mail that was forwarded three times is one ticket.
    letter = " ".join(f"{one} of ours" for one in "abcdefghijklmnopqr")
    for place in (20, 40, 60):
        body = f"Skuldardottir {letter} laptop password {place}"
        tickets[place] = replace(tickets[place], subject="", body=body)
    trained = train(tickets, "x")
    for model in models(trained, tmp_path).values():
        for block in model.blocks.values():
            assert not [
                term for term in block.rows if "case" in term[:5] and "x" in term
            ]
    everything = unpacked(trained).lower()
    # Longer pieces are in no list; shorter ones are those of other words, too.
    for name in ("yggdrasilson", "skuldardottir"):
        assert not [
            at for at in range(len(name) - 4) if name[at : at + 5] in everything
        ]
    trained = train(
        [replace(one, body=f"{one.body} Yggdrasilson") for one in tickets], "x"
    )
    assert "yggdrasilson" in models(trained, tmp_path)["queue"].blocks["words"].rows
    assert "yggdrasilson" in unpacked(trained)


def test_unknown_words_make_it_unsure(tmp_path: Path) -> None:
    model = models(train(desk(400), "x"), tmp_path)["queue"]
    sure = model.decide("printer laptop password")
    assert (sure.label, sure.confidence > 0.9) == ("IT", True)
    for text in (
        "",
        " \n",
        "!?",
        "Hm",
        "мой принтер не печатает",
        "你好",
        "x" * 1_000_000,
    ):
        found = model.decide(text)
        assert (found.label, found.confidence) == (None, 0.0), text[:10]
        assert found.reason
    mixed = model.decide("принтер не печатает совсем ничего сегодня printer")
    assert mixed.confidence < 0.5
    assert mixed.reason == "only 14% of its words occur in the tickets of the model"
    assert model.decide("please help").confidence < 0.7


NOTHING = [Example("1", "a", "b")]


@pytest.mark.parametrize(
    ("tickets", "message"),
    [
        ([], "no ticket tells its queue: there are no tickets"),
        (NOTHING, "no ticket tells its queue (1 have no queue)"),
        (
            desk(40, ["IT"]),
            (
                "a model of the queue needs two labels with 8 different tickets each; there"
                " are `IT` (40)"
            ),
        ),
        (
            desk(12),
            (
                "a model of the queue needs two labels with 8 different tickets each; there"
                " are `Billing` (3), `Facilities` (3), `HR` (3), `IT` (3)"
            ),
        ),
        (
            [replace(one, subject="", body="the same") for one in desk(40)],
            (
                "a model of the queue needs two labels with 8 different tickets each; there"
                " are `Facilities` (1)"
            ),
        ),
        (
            [
                replace(
                    one, subject="", body=f"{'the same long form ' * 9} no {n} q{n}"
                )
                for n, one in enumerate(desk(60))
            ],
            "all tickets with a queue say nearly the same: 1 different texts among 60",
        ),
    ],
)
def test_too_little_to_learn_from(tickets: list[Example], message: str) -> None:
    trained = train([replace(one, priority="") for one in tickets], "x")
    assert trained.data is None
    assert said(trained) == [("OTC620", "error", message)]


def test_rare_labels_are_named_left_out_and_judged_by() -> None:
    tickets = desk(200)
    strange = [
        replace(one, id=f"s{n}", queue="Fax", priority="", body=f"{one.body} fax{n}")
        for n, one in enumerate(desk(7, seed=9))
    ]
    trained = train([*tickets, *strange], "x")
    part = trained.card["parts"]["queue"]
    assert "Fax" not in part["labels"]
    assert part["rare"] == {"Fax": 7}
    assert part["held_out"]["tickets"] == 207
    assert (
        "OTC621",
        "note",
        "left out for fewer than 8 tickets as queue: `Fax` (7)",
    ) in said(trained)


def test_one_priority_only_is_a_note() -> None:
    trained = train([replace(one, priority="3 normal") for one in desk(120)], "x")
    assert list(trained.card["parts"]) == ["queue"]
    assert [(code, severity) for code, severity, _ in said(trained)] == [
        ("OTC620", "note")
    ]


def test_a_model_that_knows_nothing_says_so() -> None:
    chance = Random(5)
    tickets = [
        replace(one, priority="", queue=chance.choice(["A", "A", "A", "B"]))
        for one in desk(300)
    ]
    trained = train(tickets, "x")
    assert "OTC622" in {one.code for one in trained.diagnostics}


def test_the_newest_judge_and_those_like_older_ones_do_not() -> None:
    tickets = desk(200)
    again = [
        replace(
            one, id=f"again{n}", created=tickets[-1].created, body=f"{one.body} {n}"
        )
        for n, one in enumerate(desk(60, seed=4))
    ]
    older = [
        replace(one, id=f"older{n}", created=tickets[0].created)
        for n, one in enumerate(desk(60, seed=4))
    ]
    part: Any = train([*older, *tickets, *again], "x").card["parts"]["queue"]
    # The newest fifth of 320 are 64, and 60 of them say what older ones said.
    assert part["judged"]["tickets"] == 0


def test_selection_cleans() -> None:
    tickets = desk(20)
    tickets += [
        Example("a", "", " \n--\nBob", "IT"),
        replace(tickets[0], id="b", queue="HR", created=tickets[19].created),
        Example("c", "Q", "word words wording", ""),
    ]
    found = select(tickets, "queue")
    assert found.left_out["no queue"] == 1
    assert found.left_out["the same text as a newer one"] == 1
    assert found.labels.keys() | found.rare.keys() == {
        "Billing",
        "Facilities",
        "HR",
        "IT",
    }


def test_promises_have_a_margin() -> None:
    def judged(right: int, wrong: int, sure: float) -> list[Judged]:
        return [Judged(sure, "a", "a")] * right + [Judged(sure, "a", "b")] * wrong

    # 19 of 20 may be chance, 95 of 100 much less so.
    few = promises(judged(19, 1, 0.9), [])
    assert max(one.wanted for one in few) == 0.8
    many = promises(judged(285, 15, 0.9), [])
    assert max(one.wanted for one in many) == 0.9
    assert promises(judged(9, 0, 0.9), []) == []
    # The newest ones contradict.
    assert not list(promises(judged(285, 15, 0.9), judged(5, 15, 0.9)))
    assert lower_bound(0, 10) == pytest.approx(0, abs=1e-9)
