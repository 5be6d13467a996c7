"""`otac worker start`: Prefect's own worker, and beside it a template that starts runs.

A run's process is forked from the template, which has imported Prefect already. What
Prefect's worker starts is a small client (`client.py`, the command `otac-engine`) that asks
the template, and starts the run as Prefect does wherever the answer is no.
"""

import sys
import time
from pathlib import Path

# Before anything of Prefect's is read.
BEGAN = time.time_ns()


def program(*arguments: str) -> list[str]:
    """The worker, or its template, as a command; no folder lies before the packages' own.

    Not by `-P`: what a run starts with the flags of its own interpreter would have that one.
    """
    return [sys.executable, str(Path(__file__).with_name("__main__.py")), *arguments]
