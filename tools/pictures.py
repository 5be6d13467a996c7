"""Writes `docs/pictures/routed.svg`: the README's configuration, run by the real program.

python tools/pictures.py
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
_COMMAND = ("otac", "run", "config.yml", "ticket_processor")
# Rich names a font on the net; a picture fetches nothing.
_FORMAT = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


def said() -> str:
    """What the program writes when it runs the README's configuration."""
    (text,) = re.findall(
        r"```yaml\n(services:.*?)```",
        (ROOT / "README.md").read_text("utf-8"),
        re.DOTALL,
    )
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.yml").write_text(text, encoding="utf-8")
        (folder / "helpdesk.yml").write_bytes((ROOT / "helpdesk.yml").read_bytes())
        ran = subprocess.run(
            [Path(sys.executable).with_name("otac"), *_COMMAND[1:]],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
    return ran.stderr


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
