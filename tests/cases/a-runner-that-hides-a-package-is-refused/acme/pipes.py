def triage(ticket_id: str) -> dict[str, str]:
    return {"ticket": ticket_id}
