"""A generated flow against the same flow written by hand with plain Prefect."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.row import Row

_CONFIGURATION = """\
orchestrator:
  runners:
    - pipe_id: ten_steps
      pipe:
        steps:
""" + "".join(
    f"          - {{id: step_{number}, use: Expression, expression: {number}}}\n"
    for number in range(10)
)

# The same ten tasks, called one after the other.
_BY_HAND = (
    """\
from prefect import flow, task
"""
    + "".join(
        f"""

@task(name="step_{number}", retries=2, retry_delay_seconds=30)
async def step_{number}():
    return {{"value": {number}}}
"""
        for number in range(10)
    )
    + """

@flow(name="by_hand", log_prints=True)
async def by_hand():
    results = {}
"""
    + "".join(
        f'    results["step_{number}"] = await step_{number}()\n'
        for number in range(10)
    )
    + """    return results
"""
)

_MEASURE = """\
import asyncio, json, sys, time
from statistics import median
from prefect.testing.utilities import prefect_test_harness
sys.path.insert(0, ".")
from by_hand import by_hand
from generated.flows.ten_steps import ten_steps
async def once(flow):
    start = time.perf_counter()
    await flow()
    return time.perf_counter() - start
async def main():
    for flow in (by_hand, ten_steps):
        for _ in range(3):
            await once(flow)
    pairs = []
    for number in range(40):
        order = (by_hand, ten_steps) if number % 2 else (ten_steps, by_hand)
        times = {flow.name: await once(flow) for flow in order}
        pairs.append(times["ten_steps"] / times["by_hand"])
    print(json.dumps(median(pairs)))
with prefect_test_harness(server_startup_timeout=120):
    asyncio.run(main())
"""


def overhead() -> list[Row]:
    """The median of forty pairs, each pair run one right after the other."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.yml").write_text(_CONFIGURATION, encoding="utf-8")
        (folder / "by_hand.py").write_text(_BY_HAND, encoding="utf-8")
        otac = Path(sys.executable).with_name("otac")
        subprocess.run([otac, "build", "-q", "config.yml"], cwd=folder, check=True)
        done = subprocess.run(
            [sys.executable, "-c", _MEASURE],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
            env={
                **os.environ,
                "PREFECT_HOME": str(folder / "home"),
                "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
                "DO_NOT_TRACK": "1",
                "PREFECT_LOGGING_LEVEL": "ERROR",
            },
        )
        ratio = json.loads(done.stdout.splitlines()[-1])
    return [Row("a generated flow of ten steps", ratio, 1.05, "the same flow by hand")]
