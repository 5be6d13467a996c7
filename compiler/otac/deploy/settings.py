"""Which Prefect API is meant, and what it takes to talk to it.

The same places as Prefect itself looks at, in its order: the environment, `.env`,
`prefect.toml`, `pyproject.toml`, the active profile.
"""

import base64
import json
import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from otac.address import UNESCAPED, is_torn
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.dotenv import read_lines
from otac.plain_file import read_file

_TRUE = frozenset(("1", "true", "t", "yes", "y", "on"))
# Prefect's client sets these itself.
_PROTECTED = frozenset(("user-agent", "prefect-csrf-token", "prefect-csrf-client"))
_SECONDS = 60.0
_LONGEST = 86400.0

_FRESH = "ephemeral"


@dataclass(frozen=True, slots=True)
class Source:
    """`look` takes the section and the name of a setting, such as `api` and `url`; `name`
    is what people call the place. `missing` tells that there is no such place."""

    name: str
    look: Callable[[str, str], Any]
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """How to reach the API. The headers carry credentials, so that it shows none of them.

    `heartbeat_seconds` is how often runs are said to give a sign of life; None where
    nothing is said of it.
    Without `proxies`, those of the environment are passed by. `source` is where the
    address was found.
    """

    url: str
    headers: Mapping[str, str] = field(repr=False)
    verify: bool = True
    certificates: str | None = None
    http2: bool = False
    timeout_seconds: float = _SECONDS
    heartbeat_seconds: float | None = None
    proxies: bool = True
    source: str = ""


class UnreadableSettings(Exception):
    """A file that holds settings cannot be read."""


def find_settings(
    folder: Path, environment: Mapping[str, str] = os.environ
) -> Settings | Diagnostic:
    """The settings for a command that is called in `folder`, wherever its files lie."""
    try:
        sources = list(_sources(folder, environment))
        return _settings(sources, environment)
    except UnreadableSettings as problem:
        return error(
            "OTC546",
            f"Prefect's settings cannot be read: {problem}",
            help="`prefect config view` shows them where the files are sound",
        )


def _settings(
    sources: list[Source], environment: Mapping[str, str]
) -> Settings | Diagnostic:
    def look(section: str, name: str, default: str = "") -> Any:
        return _found(sources, section, name, default)[0]

    address, place = _found(sources, "api", "url", "")
    url = str(address)
    if not url:
        missing = [source.name for source in sources if source.missing]
        reason = f": there is no {missing[0]}" if missing else ""
        return error(
            "OTC530",
            f"no Prefect server is configured{reason}",
            help="set PREFECT_API_URL, e.g. to http://127.0.0.1:4200/api, or choose a "
            "profile: `prefect profile ls` lists them, `prefect profile use` takes one",
        )
    if not _is_address(url):
        torn = f": {UNESCAPED}" if is_torn(url) else ""
        raise UnreadableSettings(
            f"PREFECT_API_URL, from {place}, is not an HTTP address{torn}"
        )
    seconds = _number(look("api", "request_timeout", str(_SECONDS)), _LONGEST)
    if not seconds:
        raise UnreadableSettings(
            "PREFECT_API_REQUEST_TIMEOUT is not a number of seconds"
        )
    heartbeat = look("flows", "heartbeat_frequency") or look(
        "runner", "heartbeat_frequency"
    )
    heartbeat_seconds = _number(heartbeat, _LONGEST) if heartbeat else None
    if heartbeat and heartbeat_seconds is None:
        raise UnreadableSettings("PREFECT_FLOWS_HEARTBEAT_FREQUENCY is not a number")
    certificates = look("api", "ssl_cert_file") or environment.get("SSL_CERT_FILE")
    return Settings(
        url=url.rstrip("/"),
        headers=_headers(look),
        verify=not _true(look("api", "tls_insecure_skip_verify")),
        certificates=certificates or None,
        http2=_true(look("api", "enable_http2")),
        timeout_seconds=seconds,
        heartbeat_seconds=heartbeat_seconds,
        source=place,
    )


def _found(
    sources: list[Source], section: str, name: str, default: str
) -> tuple[Any, str]:
    """The value, and the place it is from."""
    for source in sources:
        value = source.look(section, name)
        if value is not None:
            return value, source.name
    return default, ""


def _headers(look: Callable[[str, str], Any]) -> dict[str, str]:
    headers: dict[str, str] = {}
    custom = look("client", "custom_headers") or {}
    if isinstance(custom, str):
        try:
            custom = json.loads(custom)
        except ValueError:
            custom = None
    if not isinstance(custom, dict):
        raise UnreadableSettings(
            "PREFECT_CLIENT_CUSTOM_HEADERS is not a mapping in JSON"
        )
    # As in Prefect's client: they come last, and win.
    if login := look("api", "auth_string"):
        token = base64.b64encode(str(login).encode()).decode()
        headers["Authorization"] = f"Basic {token}"
    elif key := look("api", "key"):
        headers["Authorization"] = f"Bearer {key}"
    for name, value in custom.items():
        if name.lower() not in _PROTECTED:
            headers[name] = str(value)
    for name, value in headers.items():
        # As with a key that was read from a file, its line end included. What refuses
        # such a header would quote it.
        if not (value.isascii() and value.isprintable()):
            raise UnreadableSettings(
                f"what is to be sent as `{name}` is not a line of plain text"
            )
    return headers


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # Asking for the port raises for one that is none.
        has_place = bool(parts.hostname) and parts.port != 0
        return parts.scheme in ("http", "https") and has_place and not is_torn(url)
    except ValueError:
        return False


def _number(value: Any, most: float) -> float | None:
    """At most `most`, so that a wait can be as long; None where it is no number."""
    try:
        number = float(value)
    except (OverflowError, TypeError, ValueError):
        return None
    return min(number, most) if number >= 0 else None


def _sources(folder: Path, environment: Mapping[str, str]) -> Iterator[Source]:
    variables = {name.upper(): value for name, value in environment.items()}
    dotenv = _dotenv(folder / ".env")
    prefect_toml = _toml(folder / "prefect.toml")
    project = _table(_toml(folder / "pyproject.toml"), "tool", "prefect")
    yield Source("the environment", _flat(variables))
    yield Source(".env", _flat(dotenv))
    yield Source("prefect.toml", _nested(prefect_toml))
    yield Source("pyproject.toml", _nested(project))
    path = (
        environment.get("PREFECT_PROFILES_PATH")
        or dotenv.get("PREFECT_PROFILES_PATH")
        or prefect_toml.get("profiles_path")
        or project.get("profiles_path")
    )
    home = Path(environment.get("PREFECT_HOME") or Path.home() / ".prefect")
    profiles = _toml(folder / path if path else home.expanduser() / "profiles.toml")
    active = environment.get("PREFECT_PROFILE") or profiles.get("active")
    # Prefect takes that of a fresh installation in its place, which has no API.
    yield Source(
        f"profile `{active}`",
        _flat(_table(profiles, "profiles", str(active))),
        missing=active not in (None, _FRESH)
        and active not in _table(profiles, "profiles"),
    )


def _flat(values: Mapping[str, Any]) -> Callable[[str, str], Any]:
    return lambda section, name: values.get(f"PREFECT_{section}_{name}".upper())


def _nested(values: Mapping[str, Any]) -> Callable[[str, str], Any]:
    return lambda section, name: _table(values, section).get(name)


def _table(values: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    for key in keys:
        inner = values.get(key)
        values = inner if isinstance(inner, dict) else {}
    return values


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_file(path).decode("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "it is no TOML"
        raise UnreadableSettings(f"{path.name}: {reason}") from problem


def _dotenv(path: Path) -> dict[str, str]:
    """What Prefect knows of `.env` is no more than that: its names in any case."""
    try:
        text = read_file(path).decode("utf-8")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return {}
    except (OSError, ValueError) as problem:
        raise UnreadableSettings(f"{path.name} is not text") from problem
    return {name.upper(): value for name, value in read_lines(text).items()}


def _true(value: object) -> bool:
    return str(value).lower() in _TRUE
