"""Texts of all layouts, and changes to them as people and their editors make them."""

import random

from benchmarks.large_configuration import large_configuration

_TYPED = (
    *" '\"{}[]:#-&*|>\nabx%@",
    "foo",
    "é😀",
    "- a\n",
    "---\n",
    "...\n",
    "key: value\n",
    "x: &a 1\n",
    "runners:\n",
    "    - pipe_id: new\n      pipe: {use: ProcessTickets}\n",
)
_AT_END = (" # c", " x", "'", " &a", " *a", "|", " *calm", ":", " {", "  ")


def texts(runners: int) -> dict[str, str]:
    """Configurations that differ in how the list of runners stands in the file."""
    plain = large_configuration(runners)
    head, _, list_ = plain.partition("  runners:\n")
    lines = list_.split("\n")
    return {
        "plain": plain,
        "dashes below the key": "\n".join(
            (f"{head}  runners:", *(line[2:] for line in lines))
        ),
        "sections below": f"{plain}prefect: {{project: x}}\nx-tail:\n  - a\n",
        "more of orchestrator below": plain.replace(
            "  defaults: {retries: 3, timeout_seconds: 60}\n", ""
        )
        + "  # end\n\n  defaults: {retries: 1}\n",
        "under a key": "open_ticket_ai:\n"
        + "".join(f"  {line}\n" for line in plain.splitlines())
        + "x-y: 1\n",
        "aliases in runners": "x-calm: &calm {retries: 1}\n"
        + plain.replace(
            "            depends_on: classify",
            "            depends_on: classify\n            <<: *calm",
        ),
        "anchors in runners": plain.replace(
            "interval_seconds: 900", "interval_seconds: &often 900", 1
        ).replace("retries: 2", "retries: *often"),
        "Windows": plain.replace("\n", "\r\n"),
        "tests": _tests(3 * runners),
        "tests and more": f"x-calm: &calm {{a: b}}\n{_tests(3 * runners)}x-tail:\n  - a\n",
    }


def _tests(count: int) -> str:
    """A file of tests."""
    tests = (
        f"  - name: number {number}\n"
        "    runner: queue-0\n"
        "    tickets:\n"
        "      - {id: 1, queue: Incoming, subject: an invoice}\n"
        "    expect:\n"
        "      state: Completed\n"
        "      tickets:\n"
        "        1: unchanged\n"
        for number in range(count)
    )
    return "tests:\n" + "\n".join(tests)


def edited(chance: random.Random, text: str) -> str:
    """The text after one more edit."""
    lines = text.split("\n")
    line = chance.randrange(len(lines))
    at = chance.randrange(len(text) + 1)
    match chance.randrange(9):
        case 0 | 1:
            return text[:at] + chance.choice(_TYPED) + text[at:]
        case 2:
            return text[:at] + text[at + chance.randrange(1, 4) :]
        case 3:
            del lines[line : line + chance.randrange(1, 4)]
        case 4:
            del lines[line : line + chance.randrange(1, 60)]
        case 5:
            other = chance.randrange(len(lines))
            lines[line:line] = lines[other : other + chance.randrange(1, 60)]
        case 6:
            lines[line] = " " * chance.randrange(1, 4) + lines[line]
        case 7:
            lines[line] = lines[line][chance.randrange(5) :]
        case _:
            lines[line] += chance.choice(_AT_END)
    return "\n".join(lines)
