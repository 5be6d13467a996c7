"""The parameters of a component, read from its source."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from otac.catalogue.protocols import Protocol, blocking_call, kind_of, protocols
from otac.catalogue.record import UNKNOWN, ComponentInfo, ServiceSlot
from otac.config.schema import compile_schema

_SIMPLE: dict[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "None": {"type": "null"},
    "Any": {},
    "object": {},
    "list": {"type": "array"},
    "tuple": {"type": "array"},
    "Sequence": {"type": "array"},
    "Iterable": {"type": "array"},
    "dict": {"type": "object"},
    "Mapping": {"type": "object"},
}
_OF_ITS_OWN = Protocol(UNKNOWN, frozenset())
Function = ast.FunctionDef | ast.AsyncFunctionDef


class _Signature:
    """Parameters and services, gathered one by one."""

    def __init__(self) -> None:
        self.properties: dict[str, Any] = {}
        self.required: list[str] = []
        self.services: dict[str, ServiceSlot] = {}
        self.open = False

    def add(self, name: str, annotation: ast.expr | None, has_default: bool) -> None:
        schema, protocol = _meaning(annotation)
        if protocol is not None:
            if protocol.kind != UNKNOWN:
                self.services[name] = ServiceSlot(
                    protocol.kind, not has_default, protocol.methods
                )
                return
            # Either a model of the user's or a service of their own kind: both may be given.
            self.services[name] = ServiceSlot(UNKNOWN, False)
        self.properties[name] = schema
        if not has_default and protocol is None:
            self.required.append(name)

    def info(self, name: str, module: str, attribute: str) -> ComponentInfo:
        schema = {
            "type": "object",
            "properties": self.properties,
            "required": self.required,
            "additionalProperties": self.open,
        }
        return ComponentInfo(
            name, UNKNOWN, module, attribute, compile_schema(schema), self.services
        )


def component(name: str, module: str, node: Function | ast.ClassDef) -> ComponentInfo:
    """What is known of a function or a class from its definition."""
    found = replace(
        _definition(name, module, node),
        stops=raises_stop(node),
        blocks=blocking_call(node),
    )
    if not node.decorator_list:
        return found
    # A decorator may change the parameters; that it hands on services is likely.
    services = {
        name: slot for name, slot in found.services.items() if slot.kind != UNKNOWN
    }
    return replace(found, parameters=None, services=services)


def raises_stop(node: ast.AST) -> bool:
    """Whether a `raise Stop(...)` stands in the source of a component."""
    for part in ast.walk(node):
        if isinstance(part, ast.Raise):
            raised = part.exc.func if isinstance(part.exc, ast.Call) else part.exc
            if _last_name(raised) == "Stop":
                return True
    return False


def _definition(name: str, module: str, node: Function | ast.ClassDef) -> ComponentInfo:
    if isinstance(node, ast.ClassDef):
        return _class(name, module, node)
    signature = _Signature()
    _add_arguments(signature, node.args, skip_self=False)
    return signature.info(name, module, node.name)


def _class(name: str, module: str, node: ast.ClassDef) -> ComponentInfo:
    if [_last_name(base) for base in node.bases] == ["Component"]:
        signature = _Signature()
        is_whole = _add_model(signature, node)
        _add_services(signature, node)
        found = signature.info(name, module, node.name)
        return found if is_whole else replace(found, parameters=None)
    methods = frozenset(_methods(node))
    known = ComponentInfo(
        name, kind_of(methods | _inherited(node)), module, node.name, None
    )
    constructor = next(
        (
            item
            for item in node.body
            if isinstance(item, Function) and item.name == "__init__"
        ),
        None,
    )
    if node.bases or node.keywords or "__getattr__" in methods:
        return known
    known = replace(known, methods=methods)
    if constructor is None or constructor.decorator_list:
        return known
    signature = _Signature()
    _add_arguments(signature, constructor.args, skip_self=True)
    found = signature.info(name, module, node.name)
    return replace(found, kind=known.kind, methods=methods)


def _methods(node: ast.ClassDef) -> Iterator[str]:
    """What a class has of its own: methods, and functions by another name."""
    for item in node.body:
        match item:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield item.name
            case ast.Assign(targets=targets):
                yield from (part.id for part in targets if isinstance(part, ast.Name))
            case _:
                pass


def _inherited(node: ast.ClassDef) -> frozenset[str]:
    """What the protocols of ours have that a class names as its bases."""
    bases = [protocols().get(_last_name(base)) for base in node.bases]
    return frozenset().union(*(base.methods for base in bases if base is not None))


def _add_model(signature: _Signature, node: ast.ClassDef) -> bool:
    """Add the fields of `class Params(BaseModel)`; false where they are not known."""
    models = [
        item
        for item in node.body
        if isinstance(item, ast.ClassDef) and item.name == "Params"
    ]
    if len(models) != 1:
        return False
    if [_last_name(base) for base in models[0].bases] != ["BaseModel"]:
        return False
    for item in models[0].body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            if _mentions_alias(item.value):
                return False
            if not _is_class_variable(item.annotation):
                has_default = _has_default(item.value)
                signature.add(item.target.id, item.annotation, has_default)
    return True


def _add_services(signature: _Signature, node: ast.ClassDef) -> None:
    """Add the annotated attributes of a component but `params`, which holds its model."""
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            _, protocol = _meaning(item.annotation)
            if protocol is None or _is_class_variable(item.annotation):
                continue
            if item.target.id != "params":
                signature.services[item.target.id] = ServiceSlot(
                    protocol.kind, item.value is None, protocol.methods
                )


def _is_class_variable(annotation: ast.expr) -> bool:
    return _last_name(annotation) == "ClassVar"


def _add_arguments(
    signature: _Signature, arguments: ast.arguments, *, skip_self: bool
) -> None:
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (
        len(positional) - len(arguments.defaults)
    )
    defaults.extend(arguments.defaults)
    pairs = list(zip(positional, defaults, strict=True))
    for argument, default in pairs[1:] if skip_self else pairs:
        signature.add(argument.arg, argument.annotation, default is not None)
    for argument, default in zip(
        arguments.kwonlyargs, arguments.kw_defaults, strict=True
    ):
        signature.add(argument.arg, argument.annotation, default is not None)
    signature.open = arguments.kwarg is not None


def _meaning(annotation: ast.expr | None) -> tuple[dict[str, Any], Protocol | None]:
    """The JSON Schema of an annotation, and the protocol of the service it may be."""
    match annotation:
        case None:
            return {}, None
        case ast.Constant(value=None):
            return {"type": "null"}, None
        case ast.Constant(value=str() as text):
            try:
                return _meaning(ast.parse(text, mode="eval").body)
            except SyntaxError:
                return {}, None
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _union([_meaning(left), _meaning(right)])
        case ast.Subscript(value=value, slice=inner):
            return _subscript(_last_name(value), inner)
    name = _last_name(annotation)
    if name in _SIMPLE:
        return _SIMPLE[name], None
    return {}, protocols().get(name, _OF_ITS_OWN)


def _subscript(name: str, inner: ast.expr) -> tuple[dict[str, Any], Protocol | None]:
    if name == "Optional":
        return _union([_meaning(inner), ({"type": "null"}, None)])
    if name == "Union" and isinstance(inner, ast.Tuple):
        return _union([_meaning(item) for item in inner.elts])
    if name == "Literal":
        items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        values = [item.value for item in items if isinstance(item, ast.Constant)]
        return ({"enum": values} if len(values) == len(items) else {}), None
    if name == "Annotated" and isinstance(inner, ast.Tuple):
        return _meaning(inner.elts[0])
    if name == "list":
        schema, protocol = _meaning(inner)
        return {"type": "array", "items": {} if protocol else schema}, None
    return (_SIMPLE[name], None) if name in _SIMPLE else ({}, _OF_ITS_OWN)


def _union(
    parts: list[tuple[dict[str, Any], Protocol | None]],
) -> tuple[dict[str, Any], Protocol | None]:
    found = [protocol for _, protocol in parts if protocol is not None]
    schemas = [schema for schema, _ in parts]
    return ({} if {} in schemas else {"anyOf": schemas}), found[0] if found else None


def _last_name(node: ast.expr | None) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value):
            return _last_name(value)
        case _:
            return ""


def _has_default(value: ast.expr | None) -> bool:
    """Whether a pydantic field has a default: `= 3`, `= Field(default=3)`."""
    if value is None:
        return False
    if isinstance(value, ast.Call) and _last_name(value.func) == "Field":
        if any(k.arg in ("default", "default_factory") for k in value.keywords):
            return True
        return bool(value.args) and not (
            isinstance(value.args[0], ast.Constant) and value.args[0].value is ...
        )
    return not (isinstance(value, ast.Constant) and value.value is ...)


def _mentions_alias(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Call) and any(
        k.arg in ("alias", "validation_alias") for k in value.keywords
    )
