"""Model files: written, read, damaged, foreign, newer, and made to fill the memory."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otac.models.card import card_labels, promised_threshold
from otac.models.linear import read_models
from otac.models.model_file import BadModel, Members, encode_model, read_card

PART: dict[str, Any] = {
    "labels": {"IT": 9, "HR": 8},
    "calibration": {"slope": 1.0, "shift": 0.0, "familiar": 0.5},
    "longest": 100,
    "promises": [
        {"wanted": 0.8, "threshold": 0.5},
        {"wanted": 0.9, "threshold": 0.7},
    ],
}
CARD = {"parts": {"queue": PART}}
TEXTS = {"queue/words.txt": ["mouse", "salary"], "queue/pieces.txt": []}
ARRAYS: dict[str, Any] = {
    "queue/words.rarity.npy": np.ones(2, "float32"),
    "queue/words.npy": np.array([[4, -4], [-4, 4]], "float16"),
    "queue/pieces.rarity.npy": np.ones(0, "float32"),
    "queue/pieces.npy": np.ones((0, 2), "float16"),
    "queue/bias.npy": np.zeros(2, "float32"),
}


def write(path: Path, card: Any = CARD, **arrays: Any) -> Path:
    named = {
        name.replace("__", "/").replace("_npy", ".npy"): a for name, a in arrays.items()
    }
    path.write_bytes(encode_model(card, TEXTS, {**ARRAYS, **named}))
    return path


def refused(path: Path) -> str:
    with pytest.raises(BadModel) as caught:
        read_models(path)
    return str(caught.value)


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = write(tmp_path / "a.otac")
    card, models = read_models(path)
    assert card_labels(path) == {"queue": ("IT", "HR")}
    assert card["version"] == 1
    found = models["queue"].decide("My mouse is broken")
    assert (found.label, found.reason) == (
        "IT",
        "only 25% of its words occur in the tickets of the model",
    )
    assert models["queue"].decide("mouse").confidence > 0.99
    assert path.read_bytes() == write(tmp_path / "b.otac").read_bytes()


def test_what_made_a_model_does_not_matter_to_who_reads_it(tmp_path: Path) -> None:
    """Of any scikit-learn, numpy and otac: the format alone counts."""
    made = {"otac": "97.1", "versions": {"scikit-learn": "0.1", "numpy": "99.0"}}
    path = write(tmp_path / "a.otac", {**CARD, **made})
    plain = write(tmp_path / "b.otac")
    for text in ("mouse", "salary", "My mouse is broken"):
        _, other = read_models(plain)
        _, models = read_models(path)
        assert models["queue"].decide(text) == other["queue"].decide(text)


def test_a_model_of_an_earlier_otac_is_read() -> None:
    """It was committed with 0.2.0, and is never written anew."""
    name = "a-trained-model-that-promises-less-than-is-asked-for-is-an-error"
    path = Path(__file__).parents[1] / "cases" / name / "models" / "queues.otac"
    card, models = read_models(path)
    assert card["otac"] == "0.2.0"
    assert models["queue"].decide("the printer").label == "IT"
    assert models["priority"].decide("urgent").label == "4 high"
    assert promised_threshold(card, "queue", 0.9) == 0.7


def test_a_card_is_read_without_numpy_and_pydantic(tmp_path: Path) -> None:
    path = write(tmp_path / "a.otac")
    code = (
        "import sys; from pathlib import Path; from otac.models.card import card_labels;"
        f"print(card_labels(Path({str(path)!r})));"
        "print({'numpy', 'pydantic', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "{'queue': ('IT', 'HR')}\nset()\n"


def test_promises(tmp_path: Path) -> None:
    card = read_card(write(tmp_path / "a.otac"))
    assert promised_threshold(card, "queue", 0.9) == 0.7
    assert promised_threshold(card, "queue", 0.85) == 0.7
    assert promised_threshold(card, "queue", 0.6) == 0.5
    with pytest.raises(BadModel, match=r"promises no precision of 0.95 .* 0.9 at most"):
        promised_threshold(card, "queue", 0.95)


def test_files_that_are_no_models(tmp_path: Path) -> None:
    path = tmp_path / "a.otac"
    assert refused(path) == "no such file or directory"
    path.write_bytes(b"")
    assert refused(path) == "it is damaged, or not a model of `otac train`"
    path.write_bytes(b"\x80\x04\x95pickle")
    assert refused(path) == "it is damaged, or not a model of `otac train`"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refused(path) == "it is not a model of `otac train`: it has no card"
    path.write_bytes(b"x" * 10_000_001)
    assert refused(path) == "it is larger than 10 MB, as no model is"


def with_card(path: Path, card: object) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "card.json", card if isinstance(card, str) else json.dumps(card)
        )
    return path


@pytest.mark.parametrize(
    ("card", "message"),
    [
        ("{", "its card is damaged"),
        ("[" * 50_000, "its card is damaged"),
        ([], "it is not a model of `otac train`: its card is another one"),
        (
            {"format": "other"},
            "it is not a model of `otac train`: its card is another one",
        ),
        ({"format": "otac-model"}, "its card has no version"),
        (
            {"format": "otac-model", "version": 2, "otac": "9.9"},
            (
                "it was written by a newer otac (9.9): this one reads model files up to"
                " version 1, and this is 2"
            ),
        ),
        ({"format": "otac-model", "version": 1}, "its card names no parts"),
        (
            {"format": "otac-model", "version": 1, "parts": {"queue": {}}},
            "its card does not describe `queue` as one does",
        ),
    ],
)
def test_cards_that_cannot_be_used(tmp_path: Path, card: object, message: str) -> None:
    assert refused(with_card(tmp_path / "a.otac", card)) == message


def test_arrays_that_cannot_be_used(tmp_path: Path) -> None:
    path = tmp_path / "a.otac"
    write(path, queue__bias_npy=np.zeros(3, "float32"))
    assert refused(path) == "its `queue/bias.npy` has another shape than the card says"
    write(path, queue__bias_npy=np.array([1, 2]))
    assert refused(path) == "its `queue/bias.npy` has another shape than the card says"
    write(path, queue__bias_npy=np.array([np.nan, 0], "float32"))
    assert refused(path) == "its `queue/bias.npy` holds what is not a number"


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    """An array of objects is a pickle, which could run anything."""
    path = tmp_path / "a.otac"
    evil = tmp_path / "evil.npy"
    np.save(evil, np.array([print, print], dtype=object), allow_pickle=True)
    write(path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["queue/bias.npy"] = evil.read_bytes()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    assert "its `queue/bias.npy` is damaged (Object arrays cannot be loaded" in refused(
        path
    )


def test_a_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    path = write(tmp_path / "a.otac")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("queue/zeros.npy", b"\0" * 70_000_000)
    assert path.stat().st_size < 1_000_000
    assert refused(path) == "it would unpack to more than any model holds"


@given(st.data())
def test_no_damage_gets_through(data: st.DataObject) -> None:
    """Any changed, cut or added byte: a clear error, or a model all the same."""
    whole = encode_model(CARD, TEXTS, ARRAYS)
    at = data.draw(st.integers(0, len(whole) - 1))
    kind = data.draw(st.sampled_from(["change", "cut", "double"]))
    damaged = {
        "change": whole[:at]
        + bytes([whole[at] ^ data.draw(st.integers(1, 255))])
        + whole[at + 1 :],
        "cut": whole[:at],
        "double": whole[:at] + whole[at:] * 2,
    }[kind]
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.otac"
        path.write_bytes(damaged)
        try:
            Members(path)
            read_models(path)
        except BadModel:
            pass
