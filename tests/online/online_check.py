"""What a check has said, a finding a line: that of the world, but for a missing Prefect
server, and not the guess that a priority is misspelt."""

from collections.abc import Callable

from command import Finished

Check = Callable[..., Finished]


def lines(done: Finished) -> list[str]:
    return [
        line
        for line in done.err.splitlines()
        if not line.startswith(("found ", "OTC530 ")) and "OTC393" not in line
    ]
