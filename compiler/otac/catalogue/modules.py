"""Finds components by import path and reads their signatures without importing them.

Building must not run the user's code: his modules are found as the import system would
find them, and parsed.
"""

import ast
import sys
from collections.abc import Iterable, Mapping
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

from otac.catalogue import signature
from otac.catalogue.catalogue import Missing
from otac.catalogue.component import UNKNOWN, ComponentInfo

_REEXPORT_HOPS = 5


def look_up(
    names: Iterable[str], folder: Path
) -> Mapping[str, ComponentInfo | Missing]:
    """What each import path names, searched in `folder` and then as Python would.

    The names are those that `split` understands; others are left out.
    """
    found: dict[str, ComponentInfo | Missing] = {}
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
    if not module or not attribute.isidentifier():
        return None
    if not all(part.isidentifier() for part in module.split(".")):
        return None
    return module, attribute


def _find(
    name: str, module: str, attribute: str, folder: Path, hops: int
) -> ComponentInfo | Missing:
    unchecked = ComponentInfo(name, UNKNOWN, module, attribute, None)
    spec = _specification(module, folder)
    if spec is None:
        return Missing(module)
    if spec.origin is None or not spec.origin.endswith(".py"):
        # A namespace package has no attributes; a compiled module cannot be read.
        return Missing(module) if spec.origin is None else unchecked
    try:
        tree = ast.parse(Path(spec.origin).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return unchecked
    names: list[str] = []
    dynamic = False
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                if node.name == attribute:
                    return signature.component(name, module, node)
                names.append(node.name)
                dynamic = dynamic or node.name == "__getattr__"
            case ast.ImportFrom():
                for alias in node.names:
                    if (alias.asname or alias.name) == attribute:
                        origin = _imported_module(node, module, spec)
                        if origin is None or hops == 0:
                            return unchecked
                        target = _find(name, origin, alias.name, folder, hops - 1)
                        return unchecked if isinstance(target, Missing) else target
                    dynamic = dynamic or alias.name == "*"
            case ast.Assign():
                bound = [t.id for t in node.targets if isinstance(t, ast.Name)]
                if attribute in bound:
                    return unchecked
                names.extend(bound)
            case ast.AnnAssign(target=ast.Name(id=bound_name)):
                if bound_name == attribute:
                    return unchecked
            case ast.If() | ast.Try() | ast.With():
                dynamic = True
            case _:
                pass
    public = [candidate for candidate in names if not candidate.startswith("_")]
    return unchecked if dynamic else Missing(module, public)


def _specification(module: str, folder: Path) -> ModuleSpec | None:
    """The module's spec. Parents are found, never imported."""
    path: list[str] | None = [str(folder), *sys.path]
    spec: ModuleSpec | None = None
    name = ""
    for part in module.split("."):
        name = f"{name}.{part}" if name else part
        spec = PathFinder.find_spec(name, path)
        if spec is None:
            # Editable installs may bring finders of their own.
            beyond_path = None if path and path[0] == str(folder) else path
            for finder in sys.meta_path:
                find = getattr(finder, "find_spec", None)
                spec = find(name, beyond_path) if find is not None else None
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
