"""Writes the pictures of docs/pictures: the README's configuration, run by the real program.

`routed.svg` is what a run says; `mistake.svg` is a short recording: a mistake is found, mended,
and the configuration compiled. python tools/pictures.py
"""

import io
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "pictures" / "routed.svg"
RECORDING = ROOT / "docs" / "pictures" / "mistake.svg"
_COMMAND = ("otac", "run", "config.yml", "ticket_processor")
# Rich names a font on the net; a picture fetches nothing.
_FORMAT = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
_MISTAKE = ("min_confidence", "min_confidance")
_RECORDED = (
    ("check", "config.yml"),
    ("check", "config.yml", "--fix"),
    ("build", "config.yml"),
)
# Seconds: a key, a line of an answer, and what a reader needs in between.
_KEY, _LINE, _PAUSE = 0.06, 0.03, 1.6
# A reader who wants nothing to move sees the end.
_MOTION = """
    @keyframes otac-shown { from { opacity: 0 } to { opacity: 1 } }
    @media (prefers-reduced-motion: reduce) { text { animation: none !important } }
"""


def _text() -> str:
    page = (ROOT / "README.md").read_text("utf-8")
    (text,) = re.findall(r"```yaml\n(services:.*?)```", page, re.DOTALL)
    return str(text)


def said() -> str:
    """What the program writes when it runs the README's configuration."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.yml").write_text(_text(), encoding="utf-8")
        (folder / "helpdesk.yml").write_bytes((ROOT / "helpdesk.yml").read_bytes())
        ran = subprocess.run(
            [Path(sys.executable).with_name("otac"), *_COMMAND[1:]],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
    return ran.stderr


def recorded() -> list[tuple[str, str]]:
    """Each command of the recording, and what the program answers, in its colours."""
    shown: list[tuple[str, str]] = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        text = _text().replace(*_MISTAKE)
        (folder / "config.yml").write_text(text, encoding="utf-8")
        for command in _RECORDED:
            ran = subprocess.run(
                [Path(sys.executable).with_name("otac"), *command, "--color", "always"],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
            shown.append((" ".join(("otac", *command)), ran.stderr + ran.stdout))
    return shown


def recording(shown: list[tuple[str, str]]) -> str:
    """A terminal in which the commands are typed and answered, as SVG that moves."""
    console = Console(record=True, width=92, file=io.StringIO(), force_terminal=True)
    times: list[float] = []
    now = 0.5
    for command, answer in shown:
        if times:
            console.print()
            times.append(now)
        console.print(Text(f"$ {command}", style="bold"))
        now += _KEY * len(command)
        times.append(now)
        now += _PAUSE / 4
        for line in answer.rstrip().splitlines():
            text = Text.from_ansi(line)
            console.print(text)
            times += [now] * len(text.wrap(console, console.width))
            now += _LINE
        now += _PAUSE
    drawn = console.export_svg(title="otac", code_format=_FORMAT, unique_id="otac")

    def timed(found: re.Match[str]) -> str:
        when = times[min(int(found[1]), len(times) - 1)]
        return f'{found[0]} style="animation: otac-shown 1ms {when:.2f}s both"'

    drawn = re.sub(r'clip-path="url\(#otac-line-(\d+)\)"', timed, drawn)
    return drawn.replace("<style>", f"<style>{_MOTION}", 1)


def picture(text: str) -> str:
    """A terminal with the text, as SVG."""
    console = Console(record=True, width=92, file=io.StringIO(), force_terminal=True)
    console.print(Text("$ " + " ".join(_COMMAND), style="bold"))
    for line in text.splitlines():
        if not line.startswith("starting "):
            shown = Text(line)
            shown.highlight_regex(r"(?<= to )\w+( Support)?$", "green")
            console.print(shown)
    return console.export_svg(title="otac", code_format=_FORMAT, unique_id="otac")


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(said()), encoding="utf-8", newline="\n")
    RECORDING.write_text(recording(recorded()), encoding="utf-8", newline="\n")
