"""`TrainedClassifier` in a process that has its model, or not."""

import asyncio
import os
from pathlib import Path

import pytest

from desk import desk
from otac.components import Fail, TrainedClassifier
from otac.learning.training import train

pytest.importorskip("sklearn")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = train(desk(300), "made up").data
    assert data is not None
    path = tmp_path_factory.mktemp("models") / "m.otac"
    path.write_bytes(data)
    return path


def test_it_answers_for_queues_and_priorities(model: Path) -> None:
    classifier = TrainedClassifier(str(model))
    text = "urgent printer password laptop"

    async def work() -> None:
        queue = await classifier.classify(text)
        assert (queue.label, next(iter(queue.scores))) == ("IT", "IT")
        priority = await classifier.classify(
            text, labels={"3 normal": "", "4 high": "", "5 very high": ""}
        )
        assert priority.label in ("3 normal", "4 high")
        named = await classifier.classify(text, model_name="priority")
        assert named == priority
        with pytest.raises(Fail, match="has no part `colour`; it has `queue`, `prior"):
            await classifier.classify(text, model_name="colour")
        other = await classifier.classify(text, labels={"HR": "", "Billing": ""})
        assert other.label is None
        assert other.reason == "the model says `IT`, which is not asked for"
        none = await classifier.classify(text, labels={"Sales": ""})
        assert (none.label, none.confidence) == (None, 0)
        many = await classifier.classify_all([text, ""])
        assert [one.label for one in many] == ["IT", None]

    asyncio.run(work())


def test_below_the_wanted_precision_it_says_why(model: Path) -> None:
    classifier = TrainedClassifier(str(model), min_precision=0.9)
    found = asyncio.run(classifier.classify("please help office team account"))
    assert found.label is None
    assert found.reason is not None
    assert "for a precision of 0.9 the model needs 0." in found.reason
    assert asyncio.run(classifier.classify("printer password laptop")).label == "IT"


def test_a_new_file_is_read_and_a_damaged_one_refused(
    model: Path, tmp_path: Path
) -> None:
    path = tmp_path / "m.otac"
    classifier = TrainedClassifier(str(path))
    with pytest.raises(
        Fail, match=r"No such file or directory; `otac train` makes one"
    ):
        asyncio.run(classifier.classify("printer"))
    path.write_bytes(model.read_bytes())
    assert asyncio.run(classifier.classify("printer password laptop")).label == "IT"
    path.write_bytes(b"PK")
    os.utime(path, (1, 1))
    with pytest.raises(Fail, match="it is damaged"):
        asyncio.run(classifier.classify("printer"))
