"""Follows a page of the documentation to the letter: its commands, and its changes of files."""

import os
import re
import subprocess
import sys
from pathlib import Path

_FILE = re.compile(r"`((?:config|tests/routing)\.yml)`")
_MARK = "=== "


def follow(page: Path, folder: Path, **variables: str) -> str:
    """What was on the screen at the end.

    Every `console` block is run and has to print the lines that stand there, whatever the
    numbers; each `diff` is made in the file that the page named last. `variables` take the
    place of those that the page exports.
    """
    text = page.read_text(encoding="utf-8")
    script, wanted = ["set -u"], []
    for place in re.finditer(r"```(console|diff)\n(.*?)```", text, re.DOTALL):
        kind, block = place.groups()
        if kind == "diff":
            name = _FILE.findall(text[: place.start()])[-1]
            script.append(f"{sys.executable} {__file__} {name} <<'EOF'\n{block}EOF")
            continue
        for line in block.splitlines():
            if line.startswith("$ "):
                script += [f"echo '{_MARK}{len(wanted)}'", line[2:], "at_end $?"]
                wanted.append((line[2:], []))
            elif line.strip() not in ("", "..."):
                wanted[-1][1].append(line)
    script.insert(1, f'at_end() {{ [ "$1" = 0 ] || echo "{_MARK}status $1"; }}')
    body = "\n".join(script)
    for name, value in variables.items():
        body, times = re.subn(
            rf"^export {name}=.*$", f"export {name}='{value}'", body, flags=re.MULTILINE
        )
        assert times == 1, name
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    ran = subprocess.run(
        ["bash", "-c", body],
        cwd=folder,
        env={**os.environ, "PATH": path, "COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    assert f"{_MARK}status" not in ran.stdout, ran.stdout
    for place, (command, lines) in enumerate(wanted):
        said = ran.stdout.partition(f"{_MARK}{place}\n")[2].partition(_MARK)[0]
        for line in lines:
            assert _plain(line) in _plain(said), f"{command}: {line}\n{said}"
    return ran.stdout


def _plain(text: str) -> str:
    return " ".join(re.sub(r"\d+(\.\d+)?", "0", text).split())


def _patch(path: Path, block: str) -> None:
    lines = block.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line[0] != "+")
    after = "".join(line[1:] for line in lines if line[0] != "-")
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{path}: {before}"
    path.write_text(text.replace(before, after), encoding="utf-8")


if __name__ == "__main__":
    _patch(Path(sys.argv[1]), sys.stdin.read())
