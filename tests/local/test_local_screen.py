"""What is drawn is what a terminal shows, to the last character."""

import sys
from pathlib import Path

from terminal import Terminal

_DRAWS = """\
import time
from otac.cli.live.screen import Screen

with Screen(2) as screen:
    columns, lines = screen.size
    for count in (lines, lines - 1):
        screen.draw([f"{'-' * (columns - 1)}{chr(97 + n)}" for n in range(count)])
        time.sleep(0.5)
    time.sleep(600)
"""


def test_a_full_line_keeps_its_last_character(tmp_path: Path) -> None:
    terminal = Terminal([sys.executable, "-c", _DRAWS], tmp_path, 30, 5)
    try:
        full = [f"{'-' * 29}{letter}" for letter in "abcde"]
        terminal.wait_for("\n".join(full))
        # A picture that is shorter leaves nothing of the one before.
        gone = "\n".join([*full[:4], ""])
        assert terminal.see("four lines", lambda text: text == gone)
    finally:
        terminal.process.kill()
        terminal.process.wait()
        terminal.close()
