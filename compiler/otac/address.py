"""Addresses in messages: never with a login, also where they are malformed."""

from typing import Any
from urllib.parse import urlsplit

# What a component's schema says of the address of a service. Spaces around it do no harm;
# brackets of placeholders and wide signs are in no name of a host.
ADDRESS_SCHEMA: dict[str, Any] = {
    "pattern": (
        r"^\s*[Hh][Tt][Tt][Pp][Ss]?://(?:[^\s/?#@]*@)?"
        r"(?:\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\[\]<>{}\uFF1A\uFF0F]+)(?::\d{1,5})?"
        r"(?:[/?#]\S*)?\s*$"
    ),
    "x-expected": "an address that starts with `https://` or `http://`",
}

UNESCAPED = "in a name or password write `/` as %2F, `?` as %3F, `#` as %23, `@` as %40"


def without_login(url: str) -> str:
    """What may be shown of an address: no login, query or fragment.

    With a `/`, `?` or `#` in a password as it is, the address ends there for every
    parser, and the password stands for host, port or path: so all up to the last `@` is
    left out.
    """
    scheme, mark, rest = url.partition("://")
    if not mark:
        scheme, rest = "", url
    rest = rest.rpartition("@")[2]
    end = min((at for one in "?#" if (at := rest.find(one)) >= 0), default=len(rest))
    return f"{scheme}{mark}{rest[:end]}"


def is_torn(url: str) -> bool:
    """Whether a login ends, for a parser, before it does for the reader."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "@" in url
    return "@" in url.partition(parts.netloc)[2] if parts.netloc else "@" in url
