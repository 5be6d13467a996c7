"""What `config.yml` beside it says, written with Prefect alone."""

import os
from typing import Any

import httpx
from prefect import flow, task

WORDS = {"Billing": ("invoice", "refund"), "IT": ("password", "printer")}


def ask(operation: str, **data: Any) -> dict[str, Any]:
    """One request to the Generic Interface."""
    login = {"UserLogin": "agent", "Password": os.environ["DESK_PASSWORD"]}
    answer = httpx.post(
        "https://desk.example/otobo/nph-genericinterface.pl/Webservice/"
        f"OpenTicketAI/{operation}",
        json={**login, **data},
        timeout=60,
    )
    answer.raise_for_status()
    told: dict[str, Any] = answer.json()
    if "Error" in told:
        raise RuntimeError(told["Error"]["ErrorMessage"])
    return told


@task(retries=2, retry_delay_seconds=30, timeout_seconds=120)
def fetch(queue: str, limit: int) -> list[dict[str, Any]]:
    found = ask("ticket-search", Queues=[queue], StateType="Open", Limit=limit)
    ids = found.get("TicketID", [])
    if not ids:
        return []
    told = ask("ticket-get", TicketID=ids, AllArticles=1)
    return list(told["Ticket"])


@task(retries=2, retry_delay_seconds=30)
def classify(ticket: dict[str, Any]) -> tuple[str | None, float]:
    text = f"{ticket['Title']} {ticket['Article'][0]['Body']}".lower()
    counts = {
        queue: sum(word in text for word in words) for queue, words in WORDS.items()
    }
    best = max(counts, key=lambda queue: counts[queue])
    total = sum(counts.values())
    return (best, counts[best] / total) if total else (None, 0.0)


@task(retries=2, retry_delay_seconds=30)
def move(ticket: dict[str, Any], queue: str) -> None:
    ask("ticket-update", TicketID=ticket["TicketID"], Ticket={"Queue": queue})


@task(retries=2, retry_delay_seconds=30)
def note(ticket: dict[str, Any], queue: str) -> None:
    article = {
        "Subject": "Sorted",
        "Body": f"moved to {queue}",
        "ContentType": "text/plain; charset=utf8",
        "CommunicationChannel": "Internal",
    }
    ask("ticket-update", TicketID=ticket["TicketID"], Article=article)


@flow(name="routing", log_prints=True)
def routing(queue: str = "Raw", limit: int = 10) -> None:
    for ticket in fetch(queue, limit):
        label, confidence = classify(ticket)
        if label is not None and confidence > 0.6:
            move(ticket, label)
            note(ticket, label)
