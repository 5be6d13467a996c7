"""`otac worker start`, in a process of its own: becomes Prefect's worker."""

import argparse
import os
import runpy
import sys
import warnings
from pathlib import Path


def start(arguments: list[str]) -> bool:
    """Be the worker. `arguments`: what `otac worker start` takes, in part for Prefect.

    With `--warm`, runs whose deployment names no command are forked, too. True in a run that
    was forked.
    """
    ours = argparse.ArgumentParser(allow_abbrev=False, add_help=False)
    ours.add_argument("--grace", type=float, default=90.0)
    ours.add_argument("--cold", action="store_true")
    ours.add_argument("--warm", action="store_true")
    mine, rest = ours.parse_known_args(arguments)
    with warnings.catch_warnings():
        # Prefect finds its worker by its type, and ours in the place of its own.
        warnings.filterwarnings("ignore", message=".*existing type will be overridden")
        from otac.worker.draining import DrainingWorker, EngineOnce

    DrainingWorker.grace_seconds = mine.grace
    # `otac-engine` is found, also by a worker that was started by its whole path.
    beside = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join((beside, os.environ.get("PATH", os.defpath)))
    if not mine.cold and sys.platform == "linux":
        from otac.worker.keeper import Keeper

        keeper = Keeper()
        if keeper.start():
            return True
        DrainingWorker.others = (keeper.pids,)
        if mine.warm:
            EngineOnce.usual = "otac-engine"
    sys.argv[:] = ["prefect", "worker", "start", "--type", "process", *rest]
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)
    return False
