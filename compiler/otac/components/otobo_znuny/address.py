"""Where the web service is."""

from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

from otac.address import ADDRESS_SCHEMA, UNESCAPED, is_torn
from otac.components.outcome import Fail

# People copy the address of the page that they work in: no web service answers there.
GENERIC_INTERFACE_SCHEMA: dict[str, Any] = {
    "pattern": r"^(?!\S*/(?:index|customer|public)\.pl)"
    + ADDRESS_SCHEMA["pattern"].removeprefix("^"),
    "x-expected": f"{ADDRESS_SCHEMA['x-expected']}, and not that of a page: the Generic"
    " Interface is at `.../nph-genericinterface.pl`",
}


class Address(NamedTuple):
    """`url` may be shown; what a proxy in front of the helpdesk asks for is in `login`."""

    url: str
    login: tuple[str, str] | None


def read_address(base_url: str) -> Address:
    """Takes the login out of a URL; `Fail` for anything that is none of http."""
    text = base_url.strip()
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        # The exception would quote the URL, which may hold a password.
        host, port, parts = None, None, urlsplit("")
    if is_torn(text):
        raise Fail(f"`base_url` is not an address: {UNESCAPED}")
    if parts.scheme not in ("http", "https") or not host:
        raise Fail(
            "`base_url` needs to be an address such as"
            " `https://helpdesk.example/otobo/nph-genericinterface.pl`"
        )
    place = f"[{host}]" if ":" in host else host
    if port is not None:
        place += f":{port}"
    login = None
    if parts.username is not None:
        login = unquote(parts.username), unquote(parts.password or "")
    url = urlunsplit((parts.scheme, place, parts.path.rstrip("/"), "", ""))
    return Address(url, login)
