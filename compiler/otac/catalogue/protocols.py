"""What services are asked for, by the names of the protocols that say so.

The built-in components ask for all of them, so the catalogue knows.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from otac.catalogue.catalogue import built_in_entries
from otac.catalogue.record import UNKNOWN


class Protocol(NamedTuple):
    """The kind of service that it is, and the methods that such a service has."""

    kind: str
    methods: frozenset[str]


@cache
def protocols() -> Mapping[str, Protocol]:
    """`TicketSystem`, `ClaimingTicketSystem`, `Classifier` and their like, by name."""
    return {
        slot["protocol"]: Protocol(slot["kind"], frozenset(slot["methods"]))
        for entry in built_in_entries().values()
        for slot in entry["services"].values()
        if "protocol" in slot
    }


def kind_of(methods: frozenset[str]) -> str:
    """The kind of a service that has these methods."""
    kinds = {each.kind for each in protocols().values() if each.methods <= methods}
    return kinds.pop() if len(kinds) == 1 else UNKNOWN


# Calls that hold up everything else while they wait, in functions that should await.
_BLOCKING = frozenset(
    (
        "ftplib.FTP",
        "ftplib.FTP_TLS",
        "imaplib.IMAP4",
        "imaplib.IMAP4_SSL",
        "os.system",
        "poplib.POP3",
        "poplib.POP3_SSL",
        "smtplib.SMTP",
        "smtplib.SMTP_SSL",
        "socket.create_connection",
        "subprocess.call",
        "subprocess.check_call",
        "subprocess.check_output",
        "subprocess.run",
        "time.sleep",
        "urllib.request.urlopen",
        *(
            f"{module}.{verb}"
            for module in ("requests", "httpx")
            for verb in ("delete", "get", "head", "patch", "post", "put", "request")
        ),
    )
)


def blocking_call(node: ast.AST) -> str | None:
    """`time.sleep`, where an `async def`, or the one that is the `run` of a class, calls it
    itself: neither a time-out nor anything else gets a turn meanwhile."""
    if isinstance(node, ast.ClassDef):
        runs = (one for one in node.body if getattr(one, "name", None) == "run")
        node = next(runs, node)
    if not isinstance(node, ast.AsyncFunctionDef):
        return None
    return next(_calls(node.body), None)


def _calls(nodes: list[ast.stmt] | list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            # Most likely handed to a thread.
            continue
        if isinstance(node, ast.Call) and (name := _dotted(node.func)) in _BLOCKING:
            yield name
        yield from _calls([*ast.iter_child_nodes(node)])


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
