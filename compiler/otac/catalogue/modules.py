"""Finds components by import path and reads their signatures without importing them.

Building must not run the user's code: modules are found as the import system would find them,
and parsed.
"""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

from otac.catalogue import signature
from otac.catalogue.catalogue import NotFound
from otac.catalogue.record import UNKNOWN, ComponentInfo, is_importable
from otac.plain_file import read_file

_REEXPORT_HOPS = 5


def look_up(
    names: Iterable[str], folder: Path
) -> Mapping[str, ComponentInfo | NotFound]:
    """What each import path names, searched in `folder` and then as Python would.

    The names are those that `split` understands; others are left out.
    """
    found: dict[str, ComponentInfo | NotFound] = {}
    for name in names:
        parts = split(name)
        if parts is not None:
            found[name] = _find(name, *parts, folder, _REEXPORT_HOPS)
    return found


def split(name: str) -> tuple[str, str] | None:
    """Module and attribute of `acme.pipes:Triage` or `acme.pipes.Triage`, else None."""
    module, colon, attribute = name.partition(":")
    if not colon:
        module, _, attribute = name.rpartition(".")
    if not all(is_importable(part) for part in (*module.split("."), attribute)):
        return None
    return module, attribute


def _find(
    name: str, module: str, attribute: str, folder: Path, hops: int
) -> ComponentInfo | NotFound:
    unchecked = ComponentInfo(name, UNKNOWN, module, attribute, None)
    spec = _specification(module, folder)
    if spec is None:
        return NotFound(module)
    if spec.origin is None or not spec.origin.endswith(".py"):
        # A namespace package has no attributes; a compiled module cannot be read.
        return NotFound(module, ()) if spec.origin is None else unchecked
    try:
        tree = ast.parse(read_file(spec.origin))
    except (SyntaxError, ValueError) as problem:
        return NotFound(module, broken=_why(problem))
    except (OSError, RecursionError, MemoryError):
        return unchecked  # the last two: Python's parser, of what is nested too deeply
    definition = _definition(tree, attribute)
    match definition:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            found = signature.component(name, module, definition)
            return replace(found, network=True) if waits_for_ever(tree) else found
        case ast.ImportFrom(names=[alias]):
            origin = _imported_module(definition, module, spec)
            if origin is None or hops == 0:
                return unchecked
            target = _find(name, origin, alias.name, folder, hops - 1)
            is_lost = isinstance(target, NotFound) and not target.broken
            return unchecked if is_lost else target
        case None if not _is_dynamic(tree):
            bound = (name for node in tree.body for name in _bound(node))
            public = (name for name in bound if not name.startswith("_"))
            return NotFound(module, dict.fromkeys(public))
        case _:
            return unchecked


def _why(problem: SyntaxError | ValueError) -> str:
    """What Python says of a file that it cannot read, on one line."""
    said = problem.msg if isinstance(problem, SyntaxError) else str(problem)
    line = getattr(problem, "lineno", None)
    where = f"line {line}: " if line else ""
    return f"{where}{said}".partition("\n")[0]


def _definition(tree: ast.Module, name: str) -> ast.stmt | None:
    """The statement that gave `name` its last meaning; one import of a longer list."""
    for node in reversed(tree.body):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return ast.ImportFrom(node.module, [alias], node.level)
        elif name in _bound(node):
            return node
    return None


def _bound(node: ast.stmt) -> Iterator[str]:
    """The names that a statement of a module binds, imports from elsewhere aside."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.Import():
            for alias in node.names:
                yield alias.asname or alias.name.split(".")[0]
        case ast.Assign(targets=targets):
            for target in targets:
                for part in ast.walk(target):
                    if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                        yield part.id
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case _:
            pass


def _is_dynamic(tree: ast.Module) -> bool:
    """Whether the module may have names that its top level does not show."""
    for node in tree.body:
        match node:
            case ast.FunctionDef(name="__getattr__"):
                return True
            case ast.ImportFrom(names=names) if any(a.name == "*" for a in names):
                return True
            case ast.If() | ast.Try() | ast.With() | ast.For():
                return True
            case _:
                pass
    return False


def source_of(module: str, folder: Path) -> bytes | None:
    """The text of a module; None where it is not here or not written in Python."""
    spec = _specification(module, folder)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return None
    try:
        return read_file(spec.origin)
    except OSError:
        return None


def _specification(module: str, folder: Path) -> ModuleSpec | None:
    """The module's spec. Parents are found, never imported."""
    path: list[str] | None = [str(folder), *sys.path]
    spec: ModuleSpec | None = None
    name = ""
    for part in module.split("."):
        name = f"{name}.{part}" if name else part
        # By its last part alone: a namespace package would ask for its parent among the
        # modules that were imported, and none is.
        spec = PathFinder.find_spec(part, path)
        if spec is None:
            # Editable installs may bring finders of their own.
            beyond_path = None if path and path[0] == str(folder) else path
            for finder in sys.meta_path:
                find = getattr(finder, "find_spec", None)
                if find is None or finder is PathFinder:
                    continue
                spec = find(name, beyond_path)
                if spec is not None:
                    break
        if spec is None:
            return None
        path = list(spec.submodule_search_locations or ())
    return spec


def _imported_module(node: ast.ImportFrom, module: str, spec: ModuleSpec) -> str | None:
    """The absolute name of the module that `from ... import` reads."""
    if node.level == 0:
        return node.module
    parts = module.split(".")
    if spec.submodule_search_locations is None:
        parts = parts[:-1]
    parts = parts[: len(parts) - (node.level - 1)]
    if node.module:
        parts.append(node.module)
    return ".".join(parts) or None


# Modules that talk to a network and may wait for it for ever.
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
