"""The parameters of a component, read from its source."""

import ast
from dataclasses import replace
from typing import Any

from otac.catalogue.component import (
    CLASSIFIER,
    TICKET_SYSTEM,
    UNKNOWN,
    ComponentInfo,
    ServiceSlot,
)
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
_SERVICES = {
    "TicketSystem": TICKET_SYSTEM,
    "ClaimingTicketSystem": TICKET_SYSTEM,
    "Classifier": CLASSIFIER,
}
Function = ast.FunctionDef | ast.AsyncFunctionDef


class _Signature:
    """Parameters and services, gathered one by one."""

    def __init__(self) -> None:
        self.properties: dict[str, Any] = {}
        self.required: list[str] = []
        self.services: dict[str, ServiceSlot] = {}
        self.open = False

    def add(self, name: str, annotation: ast.expr | None, has_default: bool) -> None:
        schema, kind = _meaning(annotation)
        if kind is not None:
            self.services[name] = ServiceSlot(kind, not has_default)
            if kind != UNKNOWN:
                return
            # Either a model of the user's or a service of his own kind: both may be given.
            self.services[name] = ServiceSlot(kind, False)
        self.properties[name] = schema
        if not has_default and kind is None:
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
    found = replace(_definition(name, module, node), stops=raises_stop(node))
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
    unchecked = ComponentInfo(name, UNKNOWN, module, node.name, None)
    if [_last_name(base) for base in node.bases] == ["Component"]:
        signature = _Signature()
        known = _add_model(signature, node)
        _add_services(signature, node)
        found = signature.info(name, module, node.name)
        return found if known else replace(found, parameters=None)
    constructor = next(
        (
            item
            for item in node.body
            if isinstance(item, Function) and item.name == "__init__"
        ),
        None,
    )
    if constructor is None or constructor.decorator_list or node.bases:
        return unchecked
    signature = _Signature()
    _add_arguments(signature, constructor.args, skip_self=True)
    return signature.info(name, module, node.name)


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
            _, kind = _meaning(item.annotation)
            is_service = kind is not None and not _is_class_variable(item.annotation)
            if is_service and item.target.id != "params":
                slot = ServiceSlot(kind or UNKNOWN, item.value is None)
                signature.services[item.target.id] = slot


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


def _meaning(annotation: ast.expr | None) -> tuple[dict[str, Any], str | None]:
    """The JSON Schema of an annotation, and the kind of service it may be."""
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
    if name in _SERVICES:
        return {}, _SERVICES[name]
    if name in _SIMPLE:
        return _SIMPLE[name], None
    return {}, UNKNOWN


def _subscript(name: str, inner: ast.expr) -> tuple[dict[str, Any], str | None]:
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
        schema, kind = _meaning(inner)
        return {"type": "array", "items": {} if kind else schema}, None
    return (_SIMPLE[name], None) if name in _SIMPLE else ({}, UNKNOWN)


def _union(
    parts: list[tuple[dict[str, Any], str | None]],
) -> tuple[dict[str, Any], str | None]:
    kinds = [kind for _, kind in parts if kind is not None]
    schemas = [schema for schema, _ in parts]
    return ({} if {} in schemas else {"anyOf": schemas}), kinds[0] if kinds else None


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
