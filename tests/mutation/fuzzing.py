"""Inputs that nobody would write: noise, and configurations that were damaged at random."""

import random
from collections.abc import Iterator, Sequence

# Pieces of YAML, of Jinja and of the language, so that noise gets past the first stage.
_PIECES = (
    *("{{ ", " }}", "{% if ", "%}", "{#", "#}", "{", "}", "[", "]", ", ", ": ", "- "),
    *("\n", "\n  ", "\n    ", "\n      - ", "\t", '"', "'", "|\n", ">\n", "&a ", "*a "),
    *("<<: ", "!!str ", "# otac: ignore[OTC334]", "---\n", "%YAML", "\\", "\0", "\x85"),
    *(
        "orchestrator",
        "runners",
        "pipe_id",
        "pipe",
        "steps",
        "use",
        "params",
        "if",
        "id",
    ),
    *("services", "notifications", "aliases", "open_ticket_ai", "interval_seconds"),
    *("cron", "FetchTickets", "Classify", "get_pipe_result('", "')", "params.", "item"),
    *(
        "true",
        "null",
        "1e999",
        ".nan",
        "0x10",
        "12:30:45",
        "2026-01-01",
        "😀",
        "é",
        "x",
    ),
    *("FREQ=DAILY;BYHOUR=8", "*/5 * * * *", "Europe/Berlin", "5m", "PT5M", "🦊" * 40),
)


def inputs(files: Sequence[bytes], count: int, seed: str) -> Iterator[bytes]:
    """`count` inputs, the same ones for the same seed: a tenth of them is mere noise."""
    chance = random.Random(seed)
    for number in range(count):
        match number % 10:
            case 0:
                yield chance.randbytes(chance.randrange(200))
            case 1:
                size = chance.randrange(60)
                yield "".join(chance.choices(_PIECES, k=size)).encode()
            case _:
                yield _damaged(chance.choice(files), chance, files)


def _damaged(data: bytes, chance: random.Random, files: Sequence[bytes]) -> bytes:
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((0, 1, 1, 2, 5, 20, 200)))
        match chance.randrange(7):
            case 0:
                new = b""
            case 1:
                new = chance.choice(_PIECES).encode()
            case 2:
                new = chance.randbytes(chance.randrange(1, 4))
            case 3:
                new = data[start:end] * chance.choice((2, 3, 50))
            case 4:
                other = chance.choice(files)
                at = chance.randrange(len(other) + 1)
                new = other[at : at + chance.randrange(200)]
            case 5:
                new = data[start:end][::-1]
            case _:
                lines = data.splitlines(keepends=True)
                chance.shuffle(lines)
                data, start, end, new = b"".join(lines), 0, 0, b""
        data = data[:start] + new + data[end:]
    return data
