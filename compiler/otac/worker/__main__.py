"""`start` or `template`: the worker, and the process that it forks runs from.

A program of its own and not a part of `otac`: what is forked here becomes a flow run, and
must end as the interpreter ends, with nothing of a command line around it.
"""

import runpy
import socket
import sys
import warnings


def main() -> None:
    """Be one of the two; in a run's process, become the run."""
    match sys.argv[1:]:
        case ["template", control, address]:
            from otac.worker.template import serve

            is_run = serve(socket.socket(fileno=int(control)), address)
        case ["start", *arguments]:
            from otac.worker.start import start

            is_run = start(arguments)
        case _:
            sys.exit("usage: python -m otac.worker start [OPTION ...]")
    if is_run:
        # `prefect.engine` may be there already: that is what is wanted.
        warnings.filterwarnings("ignore", category=RuntimeWarning, module="runpy")
        sys.argv[:] = [""]
        runpy.run_module("prefect.engine", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    if __spec__ is None:
        # The folder of this file; see `program`.
        del sys.path[0]
    main()
