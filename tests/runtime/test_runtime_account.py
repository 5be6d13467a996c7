"""The artifact of a run: which tickets, what was found, what was done, and no texts."""

import asyncio
import json
from typing import Any

import pytest
from prefect import flow, get_client, task
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId
from prefect.client.schemas.objects import Artifact, State

from otac.components import (
    Classify,
    KeywordClassifier,
    SqliteTicketSystem,
    UpdateTicket,
    report,
)
from otac.runtime import Fail, Run, Template

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_api")]

TEXT = "my invoice is wrong, my password is swordfish"


def artifacts(state: State[Any]) -> list[Artifact]:
    """Those of a flow run that has ended."""
    run = state.state_details.flow_run_id
    assert run is not None

    async def read() -> list[Artifact]:
        async with get_client() as client:
            chosen = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run]))
            return await client.read_artifacts(artifact_filter=chosen)

    return asyncio.run(read())


def ended(play: Any) -> State[Any]:
    state: State[Any] = asyncio.run(play(return_state=True))
    return state


def rows(artifact: Artifact) -> list[dict[str, str]]:
    assert isinstance(artifact.data, str)
    found: list[dict[str, str]] = json.loads(artifact.data)
    return found


def about(ticket: str, fails: bool = False) -> dict[str, str]:
    report(ticket, done="seen")
    if fails:
        raise Fail("no more")
    return {"text": TEXT}


def test_a_for_each_over_tickets(tmp_path: Any) -> None:
    """Of a step that is given text alone, the item tells which ticket it is."""
    classifier = KeywordClassifier(labels={"Billing": ["invoice"]}, word_precision=0.8)

    @task
    async def classify(run: Run) -> Any:
        return await run.call(
            Classify,
            text=Template("{{ item.subject }}"),
            classification_service=classifier,
        )

    @task
    async def update(run: Run) -> Any:
        return await run.call(
            UpdateTicket,
            ticket_id=Template("{{ item.id }}"),
            updated_ticket={"queue": {"name": "Billing"}, "subject": TEXT},
            ticket_system=run.service(system),
        )

    def system() -> SqliteTicketSystem:
        seed = tmp_path / "seed.yml"
        seed.write_text(
            "queues: {In: '', Billing: ''}\n"
            f"tickets: [{{queue: In, subject: '{TEXT}', body: x}}]\n"
        )
        return SqliteTicketSystem(path=str(tmp_path / "a.db"), seed=str(seed))

    async def each(run: Run) -> None:
        await run.step("classify", classify)
        await run.step("update", update)

    @flow
    async def play() -> Any:
        async with Run("Ticket.processor_1") as run:
            await run.step("each", each, for_each=[{"id": 1, "subject": TEXT}])
        return run.outcome()

    (artifact,) = artifacts(ended(play))
    assert (artifact.key, artifact.type) == ("tickets-ticket-processor-1", "table")
    assert artifact.description == "1 ticket"
    (row,) = rows(artifact)
    assert row["ticket"] == "1"
    assert row["label"] == "Billing"
    assert float(row["confidence"]) > 0
    assert row["done"] == "queue Billing, subject"
    assert "swordfish" not in str(artifact)


def test_a_classifier_that_knows_no_ticket_is_no_further_one(tmp_path: Any) -> None:
    classifier = KeywordClassifier(labels={"Billing": ["invoice"]}, word_precision=0.8)

    @task
    async def classify(run: Run) -> Any:
        return await run.call(Classify, text=TEXT, classification_service=classifier)

    @task
    async def update(run: Run) -> Any:
        return await run.call(about, ticket="7")

    @flow
    async def play() -> Any:
        async with Run("triage") as run:
            await run.step("classify", classify)
            await run.step("update", update)
        return run.outcome()

    (artifact,) = artifacts(ended(play))
    assert [row["ticket"] for row in rows(artifact)] == ["classify", "7"]
    assert artifact.description == "1 ticket"


def test_what_was_done_before_a_failure_is_shown() -> None:
    @task
    async def first(run: Run) -> Any:
        return await run.call(about, ticket="7", fails=True)

    @flow
    async def play() -> Any:
        async with Run("triage") as run:
            await run.step("first", first)
        return run.outcome()

    state = ended(play)
    assert state.is_failed()
    (artifact,) = artifacts(state)
    assert [row["ticket"] for row in rows(artifact)] == ["7"]


def test_a_run_with_nothing_to_show_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    @task
    async def first(run: Run) -> Any:
        return await run.call(lambda: {"a": 1})

    @task
    async def second(run: Run) -> Any:
        return await run.call(about, ticket="7")

    @flow
    async def idle() -> Any:
        async with Run("triage") as run:
            await run.step("first", first)
        return run.outcome()

    @flow
    async def busy() -> Any:
        async with Run("triage") as run:
            await run.step("second", second)
        return run.outcome()

    assert artifacts(ended(idle)) == []
    monkeypatch.setenv("OTAC_ARTIFACTS", "false")
    assert artifacts(ended(busy)) == []
    monkeypatch.delenv("OTAC_ARTIFACTS")
    assert len(artifacts(ended(busy))) == 1


def test_credentials_and_long_words_are_kept_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "correct horse")

    def tell(token: str) -> None:
        report("1", label="x" * 5000, done=f"sent with {token}")

    @task
    async def first(run: Run) -> Any:
        return await run.call(tell, token=Template("{{ env.ACME_TOKEN }}"))

    @flow
    async def play() -> Any:
        async with Run("triage") as run:
            await run.step("first", first)
        return run.outcome()

    (artifact,) = artifacts(ended(play))
    (row,) = rows(artifact)
    assert row["done"] == "sent with ***"
    assert len(row["label"]) == 200
