"""Which servers this works with."""

import re

from otac.deploy.api import Api
from otac.diagnostics.diagnostic import Diagnostic, error

_OLDEST = (3, 4, 20)
_NEWER = 4


def check_version(api: Api) -> Diagnostic | None:
    """What is wrong with the server's version, if anything is.

    Prefect Cloud has none.
    """
    version = api.find("/admin/version")
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", str(version))
    if version is None or found is None:
        return None
    numbers = tuple(int(number) for number in found.groups())
    if _OLDEST <= numbers < (_NEWER,):
        return None
    oldest = ".".join(str(number) for number in _OLDEST)
    return error(
        "OTC533",
        f"the server runs Prefect {found[0]}, which otac does not know",
        help=f"it works with {oldest} and newer ones before {_NEWER}",
    )
