"""Flow modules that are run as a file: `python generated/flows/triage.py`."""

import sys
from pathlib import Path

_LOCK = "otac.lock"


def find_project() -> None:
    """Make modules be found as `python -m generated.flows.triage` finds them.

    Python looks for them beside the file that it runs: there lie other runners, one of
    which may be called like a module that somebody imports, and no `generated`. Generated
    modules import `otac.runtime` before anything of the project's, so that this is in time.
    """
    file = getattr(sys.modules.get("__main__"), "__file__", None)
    if file is None or not sys.path:
        return
    flows = Path(file).resolve().parent
    project = flows.parents[1]
    if flows != project / "generated" / "flows" or not (flows.parent / _LOCK).exists():
        return
    if sys.path[0] and Path(sys.path[0]).resolve() == flows:
        sys.path[0] = str(project)
