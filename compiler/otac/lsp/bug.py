"""Telling of a bug where the protocol is not spoken."""

import os
import sys
import traceback

from otac.diagnostics.bug import describe_bug


def report(bug: Exception) -> None:
    """Says on standard error what went wrong; a bug must not end the session."""
    if os.environ.get("OTAC_TRACEBACK"):
        traceback.print_exception(bug, file=sys.stderr)
    sys.stderr.write(describe_bug(bug))
    sys.stderr.flush()
