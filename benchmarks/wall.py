"""How many runs at once a server of Prefect's bears: `python -m benchmarks.wall [AT_ONCE ...]`.

On the database that `PREFECT_SERVER_DATABASE_CONNECTION_URL` names, or on SQLite. So many
runs of one step are asked for at once, of a worker that starts them warm and has no limit;
meanwhile the server is asked a small question again and again. Prints how long the runs took
in all, how many could not be asked for, how many did not end within three minutes, and the
longest answer.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from benchmarks.memory import ask, process
from benchmarks.warm import DATABASE, WORKERS, asked, highest, served

_PATIENCE = 180.0


def main() -> None:
    """Print a row for each number of runs at once."""
    counts = [int(one) for one in sys.argv[1:]] or [10, 20, 40, 80]
    url = os.environ.get(DATABASE)
    print("| runs at once | after | not taken | did not end | longest answer |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name, served(Path(name), url) as server:
        api = server.environment["PREFECT_API_URL"]
        with process(WORKERS["warm"], Path(name), server.environment):
            time.sleep(20)
            for count in counts:
                print(_row(api, count), flush=True)


def _row(api: str, count: int) -> str:
    begin = time.monotonic()
    with highest(lambda: _answer(api), 0.5) as longest:
        left = set(_all_asked(api, count))
        refused = count - len(left)
        while left and time.monotonic() - begin < _PATIENCE:
            left -= {one for one in left if _has_ended(api, one)}
        took = time.monotonic() - begin
    return f"| {count} | {took:.0f} s | {refused} | {len(left)} | {longest[0]:.1f} s |"


def _all_asked(api: str, count: int) -> Iterator[str]:
    for _ in range(count):
        # One that has no answer in a minute.
        with suppress(OSError):
            yield asked(api, "warm")


def _has_ended(api: str, one: str) -> bool:
    try:
        return bool(ask(f"{api}/flow_runs/{one}")["state_type"] == "COMPLETED")
    except OSError:
        return False


def _answer(api: str) -> float:
    """Seconds of an answer, also of one that did not come."""
    begin = time.monotonic()
    with suppress(OSError):
        ask(f"{api}/flow_runs/count", {})
    return time.monotonic() - begin


if __name__ == "__main__":
    main()
