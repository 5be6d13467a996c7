"""Logging, plugins and the renderer of older releases."""

import re
from typing import NamedTuple, cast

from otac.diagnostics.diagnostic import warning
from otac.dialects.findings import Findings
from otac.dialects.names import is_upstream
from otac.dialects.nodes import Entries, added, entry, mapping
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

_LEVELS = frozenset(("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
_PACKAGE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_SECTIONS = ("infrastructure", "general_config")
_RENDERERS = ("template_renderer", "template_renderer_config")


class KnownEnvironment(NamedTuple):
    """Which variables `env` holds: those that begin with `prefix`, and `allowed`."""

    prefix: str
    allowed: frozenset[str] = frozenset()


def surroundings(body: Mapping, found: Findings) -> Entries:
    """`api_version`, `plugins` and `infrastructure` as they are written today."""
    made_of: Entries = {}
    version = body.entries.get("api_version")
    if version is not None:
        made_of["api_version"] = version
    plugins = body.entries.get("plugins")
    if plugins is not None and isinstance(plugins.value, Sequence):
        kept = _plugins(plugins.value, found)
        if kept.items:
            made_of["plugins"] = Entry(plugins.key, kept)
    for name in _SECTIONS:
        section = body.entries.get(name)
        if section is None or not isinstance(section.value, Mapping):
            continue
        level = _level(section.value)
        if level is not None and "infrastructure" not in made_of:
            logging = mapping(entry(level.key, "level", level.value), level.value)
            inner = mapping(added("logging", logging, level.value), section.value)
            made_of |= entry(section.key, "infrastructure", inner)
    return made_of


def environment(body: Mapping, default: str) -> KnownEnvironment:
    """What the configuration of the renderer says of `env`."""
    for name in _SECTIONS:
        for renderer in _RENDERERS:
            node = _at(body, name, renderer)
            found = None if node is None else _environment(node)
            if found is not None:
                return found
    return KnownEnvironment(default)


def _environment(renderer: Node) -> KnownEnvironment | None:
    params = _at(renderer, "params") or renderer
    config = _at(params, "env_config")
    prefix = _at(params, "env_prefix") if config is None else _at(config, "prefix")
    if not isinstance(prefix, Scalar):
        return None
    allowed = None if config is None else _at(config, "allowlist")
    names = allowed.items if isinstance(allowed, Sequence) else []
    return KnownEnvironment(
        "" if prefix.value is None else prefix.text,
        frozenset(item.text for item in names if isinstance(item, Scalar)),
    )


def _at(node: Node, *path: str) -> Node | None:
    found: Node | None = node
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def logging_level(body: Mapping) -> Entries:
    """`infrastructure`, of a file that has its `logging` at the top."""
    section = body.entries.get("logging")
    level = None if section is None else _level(body)
    if section is None or level is None:
        return {}
    logging = mapping(entry(level.key, "level", level.value), level.value)
    inner = mapping(added("logging", logging, level.value), section.value)
    return entry(section.key, "infrastructure", inner)


def _level(section: Mapping) -> Entry | None:
    """The level of the root logger."""
    logging = section.get("logging")
    if not isinstance(logging, Mapping):
        logging = mapping({}, section)
    root = logging.get("root")
    candidates = (
        root.entries.get("level") if isinstance(root, Mapping) else None,
        logging.entries.get("level"),
        section.entries.get("log_level"),
    )
    for one in candidates:
        if one is not None and cast(Scalar, one.value).text in _LEVELS:
            return one
    return None


def _plugins(node: Sequence, found: Findings) -> Sequence:
    """Other people's packages; what Open Ticket AI's own did is built in."""
    kept: list[Node] = []
    for item in node.items:
        name = item.get("name") if isinstance(item, Mapping) else item
        settings = item.entries.get("config") if isinstance(item, Mapping) else None
        if settings is not None and _says_something(settings.value):
            found.report(
                warning(
                    "OTC213",
                    "`config` of a plugin has no effect",
                    settings.key.span,
                    "no release read it",
                    help="define the service under `services`, with these as its `params`",
                )
            )
        if isinstance(name, Scalar) and not _is_upstream_package(name.text):
            kept.append(_requirement(item))
    return Sequence(kept, node.start, node.end, node.via)


def _requirement(item: Node) -> Node:
    if not isinstance(item, Mapping):
        return item
    entries = {key: one for key, one in item.entries.items() if key != "config"}
    return mapping(entries, item)


def _says_something(node: Node) -> bool:
    return isinstance(node, Mapping) and bool(node.entries)


def _is_upstream_package(requirement: str) -> bool:
    name = _PACKAGE.match(requirement.strip())
    return name is not None and is_upstream(f"{name.group()}:")
