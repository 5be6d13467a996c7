import asyncio
import subprocess
import time
from typing import Any

import requests

from otac.components import Component


async def sleeps() -> None:
    for _ in range(3):
        time.sleep(10)


async def asks() -> str:
    text: str = requests.get("https://reports.example.com", timeout=600).text
    return text


async def awaits() -> None:
    await asyncio.sleep(10)
    await asyncio.to_thread(lambda: time.sleep(10))


def plain() -> None:
    time.sleep(10)


class Calls(Component):
    async def run(self) -> Any:
        return subprocess.run(["true"], check=True)
