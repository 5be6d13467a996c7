"""`otac worker start`."""

import argparse
import os
import subprocess
import sys

from otac.cli.exit_status import Exit
from otac.worker import program


def run_worker(arguments: argparse.Namespace) -> Exit:
    """Become the worker: a process that is told to end is the one that it was told."""
    command = program("start", *_options(arguments))
    if sys.platform != "win32":
        sys.stdout.flush()
        os.execv(sys.executable, command)
    # There, a process that calls exec has ended for the one who waits for it.
    return Exit(subprocess.call(command))


def _options(arguments: argparse.Namespace) -> list[str]:
    given = [f"--pool={arguments.pool}", f"--grace={arguments.grace}"]
    if arguments.cold:
        given.append("--cold")
    if arguments.name is not None:
        given.append(f"--name={arguments.name}")
    if arguments.limit is not None:
        given.append(f"--limit={arguments.limit}")
    given += [f"--work-queue={queue}" for queue in arguments.work_queue]
    if arguments.with_healthcheck:
        given.append("--with-healthcheck")
    return given
