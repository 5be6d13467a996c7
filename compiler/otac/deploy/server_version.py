"""Which servers this works with."""

import re

from otac.deploy.api import Api
from otac.diagnostics.diagnostic import Diagnostic, error

Version = tuple[int, ...]

_OLDEST = (3, 4, 20)
_NEWER = 4


def read_version(api: Api) -> Version | Diagnostic | None:
    """The server's version, or what is wrong with it. Prefect Cloud has none."""
    version = api.find("/admin/version")
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", str(version))
    if version is None or found is None:
        return None
    numbers = tuple(int(number) for number in found.groups())
    if _OLDEST <= numbers < (_NEWER,):
        return numbers
    oldest = ".".join(str(number) for number in _OLDEST)
    return error(
        "OTC533",
        f"the server runs Prefect {found[0]}, which otac does not know",
        help=f"it works with {oldest} and newer ones before {_NEWER}",
    )
