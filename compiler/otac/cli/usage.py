"""Wrong usage that argparse cannot see."""

import sys

from otac.cli.exit_status import Exit


def wrong_usage(message: str) -> Exit:
    """Say what is wrong with the command line."""
    sys.stderr.write(f"error: {message}\n")
    return Exit.USAGE
