"""Changes as a unified diff, for `--diff`."""

from collections.abc import Iterator

from otac.output.lock import normalised
from otac.output.plan import BuildPlan

_COLOURS = {"---": "1", "+++": "1", "@@": "36", "-": "31", "+": "32"}


def diff(plan: BuildPlan, *, colour: bool = False) -> str:
    """The pending changes in the order of their paths; empty if there are none.

    Line ends are shown as `\\n`, and no times are shown, so that the same change gives the
    same text everywhere.
    """
    return "".join(
        diff_of(one.path, one.old, one.new, colour=colour) for one in plan.pending
    )


def diff_of(
    path: str, old: bytes | None, new: bytes | None, *, colour: bool = False
) -> str:
    """One file's change; None stands for a file that is not there."""
    lines = _lines(path, old, new)
    return "".join(map(_coloured, lines) if colour else lines)


def _lines(path: str, old: bytes | None, new: bytes | None) -> Iterator[str]:
    from difflib import unified_diff  # 5 ms that most builds do not need

    for line in unified_diff(
        _split(old),
        _split(new),
        "/dev/null" if old is None else f"a/{path}",
        "/dev/null" if new is None else f"b/{path}",
    ):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _split(content: bytes | None) -> list[str]:
    """The lines with their ends; `str.splitlines` would also split at form feeds."""
    if not content:
        return []
    text = normalised(content).decode(errors="backslashreplace")
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _coloured(line: str) -> str:
    for opening, code in _COLOURS.items():
        if line.startswith(opening):
            return f"\x1b[{code}m{line.removesuffix(chr(10))}\x1b[0m\n"
    return line
