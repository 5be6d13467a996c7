"""Which names promise a credential."""

import re

_WORDS = re.compile(
    r"(?:^|[_\-.])(?:password|passwd|passphrase|pwd|secret|token|credentials?|"
    r"api_?key|access_?key|private_?key|authorization)(?:$|[_\-.])",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def looks_secret(name: str) -> bool:
    """Whether a value of this name is a credential: `password`, `api_token`, `apiKey`."""
    return _WORDS.search(_CAMEL.sub("_", name)) is not None
