"""`otac lsp`."""

import argparse
import importlib.util
import os
import sys

from otac.cli.exit_status import Exit
from otac.cli.terminal import Printing, print_problem
from otac.diagnostics.diagnostic import error
from otac.extras import install


def run_lsp(arguments: argparse.Namespace) -> Exit:
    """Serve an editor over standard input and output."""
    if importlib.util.find_spec("pygls") is None:
        return print_problem(
            error(
                "OTC560",
                "serving an editor needs pygls, which is not installed",
                help=install("lsp"),
            ),
            Printing(),
        )
    # Nothing but the protocol may reach the editor, whoever prints.
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    from otac.lsp.server import serve

    serve(sys.stdin.buffer, sink)
    return Exit.OK
