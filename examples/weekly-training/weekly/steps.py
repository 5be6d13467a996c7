"""Steps of the weekly run: how right were we, and a new model."""

import asyncio
import sys

from otac.components import Fail


async def review(config: str, min_precision: float, since: str = "30d") -> str:
    """Fails if agents have corrected too many decisions of the last 30 days."""
    wanted = f"--min-precision={min_precision}"
    return await _otac("review", config, f"--since={since}", wanted)


async def train(config: str) -> str:
    """A new model from closed tickets; the old one stays if that does not work."""
    return await _otac("train", config)


async def _otac(*arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "otac", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    if process.returncode != 0:
        raise Fail(
            f"otac {arguments[0]}: {(out + err).decode(errors='replace')[-2000:]}"
        )
    return out.decode(errors="replace")
