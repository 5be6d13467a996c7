"""Modules that talk to a network and may wait for it for ever."""

import ast

# These wait without end unless they are told how long; httpx and aiohttp do not.
_WAIT_FOR_EVER = frozenset(
    (
        "ftplib",
        "http.client",
        "imaplib",
        "paramiko",
        "poplib",
        "requests",
        "smtplib",
        "socket",
        "telnetlib",
        "urllib.request",
        "urllib3",
        "xmlrpc.client",
    )
)


def waits_for_ever(tree: ast.Module) -> bool:
    """Whether a module imports one of those, and the word `timeout` is nowhere in it."""
    imports = False
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                imports |= any(alias.name in _WAIT_FOR_EVER for alias in names)
            case ast.ImportFrom(module=str() as module, names=names, level=0):
                imports |= module in _WAIT_FOR_EVER or any(
                    f"{module}.{alias.name}" in _WAIT_FOR_EVER for alias in names
                )
            case ast.keyword(arg=str() as name) | ast.Name(id=name):
                if "timeout" in name.lower():
                    return False
            case ast.Attribute(attr=name) | ast.arg(arg=name):
                if "timeout" in name.lower():
                    return False
            case _:
                pass
    return imports
