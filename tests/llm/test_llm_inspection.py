"""What the server of a model says before anything is asked of the model."""

import asyncio
from collections.abc import Callable

import pytest
from llm_labels import LABELS

from otac.components import Asked, LLMClassifier, Problem
from scripted_helpdesk import ScriptedHelpdesk


def inspected(classifier: LLMClassifier, *models: str) -> list[Problem]:
    async def all_of_it() -> list[Problem]:
        try:
            asked = Asked(names={"model": models} if models else {})
            return [one async for one in classifier.inspect(asked)]
        finally:
            await classifier.aclose()

    return asyncio.run(all_of_it())


def test_a_real_server_lists_its_models(
    classifier: Callable[..., LLMClassifier],
) -> None:
    (found,) = inspected(classifier(), "no-such-model")
    assert (found.kind, found.name) == ("missing", "no-such-model")
    assert found.message == "the server has no model `no-such-model`"
    # What it calls its own is fine.
    assert inspected(classifier(), *found.known) == []


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, "login"), (403, "login"), (404, "unasked"), (500, "unreachable")],
)
def test_what_a_server_refuses(
    status: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scripted_helpdesk import Handler, say

    monkeypatch.setattr(
        Handler, "do_GET", lambda self: say({}, status)(self), raising=False
    )
    with ScriptedHelpdesk() as server:
        base = f"http://127.0.0.1:{server.server_address[1]}/v1"
        made = LLMClassifier("m", base, "a-key", LABELS, retries=0)
        (found,) = inspected(made)
        server.shutdown()
    assert found.kind == kind
    assert "a-key" not in found.message


def test_one_that_is_not_there() -> None:
    made = LLMClassifier("m", "http://127.0.0.1:9/v1", "key", LABELS, retries=0)
    (found,) = inspected(made)
    assert (found.kind, found.parameter) == ("unreachable", "base_url")
