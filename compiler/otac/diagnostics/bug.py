"""What to say of an exception that nobody expected."""

import sys
import traceback
from pathlib import Path

from otac import __version__


def describe_bug(bug: Exception) -> str:
    """OTC901 with what a report needs, and nothing of the user's data but the message."""
    frame = traceback.extract_tb(bug.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}"
    version = ".".join(map(str, sys.version_info[:3]))
    return (
        f"error[OTC901]: this is a bug in otac: {type(bug).__name__}: {bug}\n"
        f"  = at: {place}\n"
        f"  = with: otac {__version__}, Python {version}, {sys.platform}\n"
        "  = help: please report these lines with the configuration that caused them;\n"
        "          `OTAC_TRACEBACK=1` shows the whole traceback\n"
    )
