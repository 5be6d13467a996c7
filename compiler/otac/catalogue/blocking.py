"""Calls that hold up everything else while they wait, in functions that should await."""

import ast
from collections.abc import Iterator

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
