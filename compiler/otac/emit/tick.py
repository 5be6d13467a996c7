"""The flow of a tick, which is a child of its runner's own."""


def tick_flow(runner: str) -> str:
    """Its name in Prefect; no runner can have it."""
    return f"{runner} tick"
