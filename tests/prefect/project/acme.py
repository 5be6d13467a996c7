"""Components that go wrong in known ways, and count how often they are called."""

import os
import time
from pathlib import Path
from typing import Any

CALLS = Path("calls")


def count(name: str) -> dict[str, Any]:
    """How often this was called under the name, over all runs."""
    return {"calls": _called(name)}


def fails_until(name: str, attempt: int) -> dict[str, Any]:
    """Raises until it is called for the time that `attempt` says."""
    calls = _called(name)
    if calls < attempt:
        raise ValueError(f"attempt {calls} of {name}")
    return {"calls": calls}


def breaks() -> None:
    """Never works."""
    raise ValueError("out of paper")


def takes_long() -> None:
    """Takes longer than anybody waits."""
    time.sleep(60)


class Vault:
    """Needs a credential of its own."""

    def __init__(self, token: str) -> None:
        self.token = token


def opens(vault: Vault, password: str, name: str) -> dict[str, Any]:
    """Says in all the wrong places what it was given, the first time in an exception."""
    calls = _called(name)
    told = f"{vault.token} and {password} are {len(vault.token)}, {len(password)} long"
    if calls == 1:
        raise ConnectionError(f"refused: {told}")
    return {"lengths": [len(vault.token), len(password)]}


def note_failure(flow: Any, flow_run: Any, state: Any) -> None:
    """A hook."""
    with Path("failures").open("a", encoding="utf-8") as file:
        file.write(f"{flow_run.id} {flow.name}: {state.message}\n")


def _called(name: str) -> int:
    CALLS.mkdir(exist_ok=True)
    file = CALLS / name
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(descriptor, b".")
    os.close(descriptor)
    return file.stat().st_size
