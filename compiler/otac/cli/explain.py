"""`otac explain CODE`."""

import argparse
import sys

from otac.cli.exit_status import Exit
from otac.diagnostics.catalogue import codes, page
from otac.diagnostics.frame import visible
from otac.diagnostics.suggest import nearest


def run_explain(arguments: argparse.Namespace) -> Exit:
    """Print the page of a diagnostic."""
    code = arguments.code.upper()
    if not code.startswith("OTC"):
        code = f"OTC{code}"
    text = page(code)
    if text is None:
        similar = nearest(code, codes())
        advice = f"; did you mean {similar}?" if similar else ""
        sys.stderr.write(
            f"error: there is no diagnostic {visible(arguments.code)}{advice}\n"
        )
        return Exit.USAGE
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
    return Exit.OK
