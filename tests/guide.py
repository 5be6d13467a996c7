"""The guide that Open Ticket AI printed: its blocks of code, by the heading above them."""

import re
from pathlib import Path
from textwrap import indent

_HERE = Path(__file__).with_name("guide.md")
# The whole guide, where it is.
PRINTED = Path(__file__).parents[2] / "shared" / "guide.md"


def blocks(path: Path = _HERE) -> dict[str, str]:
    """The blocks by heading; the heading of each is its own."""
    found: dict[str, str] = {}
    heading, lines = "", []
    inside = False
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("```"):
            if inside:
                assert heading not in found
                found[heading], lines = "".join(lines), []
            inside = not inside
        elif inside:
            lines.append(line)
        elif line.startswith("#"):
            heading = re.sub(r"^[^A-Za-z]*|\s*$", "", line)
    return found


BLOCKS = blocks()
BASIC = BLOCKS["Basic Usage with PrefectOrchestrator"]
INTERVAL, CRON = BLOCKS["Flexible Scheduling"].split("\n\n")
ONE_TIME = BLOCKS["One-Time Execution"]
EXAMPLE = BLOCKS["PrefectOrchestrator"]
CUSTOM = BLOCKS["Custom Deployments"]
APSCHEDULER, PREFECT = BLOCKS["Integration with Existing Code"].split("\n\n")


def script(*parts: str) -> str:
    """A program of these parts, in which the guide's modules are otac's."""
    body = "\n".join(parts)
    body = re.sub(
        r"from open_ticket_ai\.core\.pipeline(\.prefect_flows)?",
        "from otac.orchestrator",
        body,
    )
    return (
        "import asyncio\n\n\nasync def main() -> None:\n"
        f"{indent(body, '    ')}\n\n"
        'if __name__ == "__main__":\n    asyncio.run(main())\n'
    )
