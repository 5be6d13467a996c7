"""`LLMClassifier` on a real server: llama.cpp with a model that the tests make."""

import asyncio
from collections.abc import Callable

import pytest
from llm_labels import LABELS

from otac.components import Fail, LLMClassifier, Unavailable

Make = Callable[..., LLMClassifier]

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_the_answer_is_one_of_the_labels(classifier: Make) -> None:
    made = classifier()
    texts = [f"ticket {number} about something" for number in range(20)]
    answers = await made.classify_all(texts)
    await made.aclose()
    labels = {answer.label for answer in answers}
    assert labels <= {*LABELS, None}
    # An untaught model answers by chance, and chance has many sides.
    assert len(labels) > 1
    for answer in answers:
        assert set(answer.scores) == set(LABELS)
        assert answer.confidence is not None
        assert 0 <= answer.confidence <= 1


async def test_the_confidence_is_the_probability_of_the_tokens(
    classifier: Make,
) -> None:
    """A model that was taught nothing is not sure, and says so."""
    made = classifier()
    answers = await made.classify_all([f"text {number}" for number in range(20)])
    await made.aclose()
    sure = [answer.confidence for answer in answers if answer.label is not None]
    assert sure
    assert all(confidence is not None and confidence < 0.9 for confidence in sure)
    assert any(confidence is not None and confidence > 0 for confidence in sure)


async def test_the_same_text_gets_the_same_answer(classifier: Make) -> None:
    made = classifier()
    first = await made.classify("the printer is on fire")
    again = await made.classify("the printer is on fire")
    await made.aclose()
    assert first.label == again.label


async def test_a_text_of_a_megabyte_in_any_script(classifier: Make) -> None:
    made = classifier(longest_text=500)
    for text in ("x" * 1_000_000, "счёт не пришёл", "請求書が届きません", "\ud800 odd"):
        answer = await made.classify(text)
        assert answer.label in (*LABELS, None)
    await made.aclose()


async def test_an_empty_text_is_not_sent() -> None:
    made = LLMClassifier("tiny", "http://127.0.0.1:9/v1", "key", LABELS)
    answer = await made.classify(" \n ")
    assert (answer.label, answer.confidence) == (None, 0)
    assert answer.reason == "the text is empty"


async def test_a_wrong_key(classifier: Make) -> None:
    made = classifier(api_key="another")
    with pytest.raises(Fail, match="refuses the key"):
        await made.classify("hello")
    await made.aclose()


async def test_nobody_there() -> None:
    made = LLMClassifier(
        "tiny", "http://127.0.0.1:9/v1", "key", LABELS, retries=0, timeout_seconds=5
    )
    with pytest.raises(Unavailable, match="cannot be reached"):
        await made.classify("hello")
    await made.aclose()


async def test_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    made = LLMClassifier("tiny", "http://127.0.0.1:9/v1", labels=LABELS)
    with pytest.raises(Fail, match="OPENAI_API_KEY"):
        await made.classify("hello")


async def test_address_and_key_come_from_the_environment(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server)
    monkeypatch.setenv("OPENAI_API_KEY", "a key of the test")
    made = LLMClassifier("tiny", labels=LABELS)
    assert (await made.classify("hello")).label in (*LABELS, None)
    await made.aclose()


async def test_the_tokens_of_a_run_are_bounded(classifier: Make) -> None:
    made = classifier(tokens_per_run=1)
    await made.classify("the first is asked")
    with pytest.raises(Unavailable, match="`tokens_per_run`"):
        await made.classify("the second is not")
    await made.aclose()


async def test_requests_are_spread_over_the_minute(classifier: Make) -> None:
    made = classifier(requests_per_minute=300)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await made.classify_all([f"text {number}" for number in range(6)])
    await made.aclose()
    assert loop.time() - began >= 1.0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"labels": None}, "no `labels`"),
        ({"model_name": None}, "needs `model_name`"),
    ],
)
async def test_what_is_missing_fails_at_once(
    options: dict[str, object], said: str, classifier: Make
) -> None:
    with pytest.raises(Fail, match=said):
        await classifier(**options).classify("hello")
