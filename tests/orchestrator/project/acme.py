"""Components of a user's, beside his configuration."""

import os
import time
from pathlib import Path


def flaky(failures: int, file: str = "attempts") -> dict[str, int]:
    """Fails so many times; the file has a letter for each call."""
    place = Path(file)
    calls = len(place.read_text()) + 1 if place.exists() else 1
    place.write_text("x" * calls)
    if calls <= failures:
        raise ValueError(f"boom {calls}")
    return {"calls": calls}


def note(file: str, text: str = "x") -> None:
    with Path(file).open("a") as output:
        output.write(text)


def login(password: str) -> str:
    return f"{len(password)} characters"


def sleep() -> None:
    Path("asleep").write_text(str(os.getpid()))
    time.sleep(600)
