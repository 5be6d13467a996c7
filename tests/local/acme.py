"""Components of a user's, beside his configuration."""

import asyncio
import os
from pathlib import Path


def numbers(count: int = 3) -> list[int]:
    return list(range(count))


async def double(number: int) -> int:
    if number == 2:
        raise RuntimeError("two is bad")
    return number * 2


async def flaky(failures: int) -> dict[str, int]:
    """Fails so many times, and remembers that in a file."""
    file = Path("attempts")
    attempt = len(file.read_text()) + 1 if file.exists() else 1
    file.write_text("x" * attempt)
    print("attempt", attempt)
    if attempt <= failures:
        raise ValueError(f"boom {attempt} \x1b[31m")
    file.unlink()
    return {"attempt": attempt}


async def sleep() -> None:
    Path("asleep").touch()
    await asyncio.sleep(600)


def leave() -> None:
    os._exit(5)
