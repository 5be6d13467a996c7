"""Which names are those of credentials."""

import re

_CREDENTIAL = re.compile(
    r"apikey|passw(or)?d|passphrase|secret|tokens?(_|$)"
    # `PWD` alone is the working directory.
    r"|_pwd(_|$)"
    r"|(^|_)(auth|authorization|cookie|credentials?|dsn|key|pass|pat|webhook)(_|$)",
    re.IGNORECASE,
)


def is_credential(name: str) -> bool:
    """Whether a variable or parameter of this name holds one."""
    return _CREDENTIAL.search(name) is not None
