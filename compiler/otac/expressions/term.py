"""The only expression of a text as a small tree, for those who need not know Jinja."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from jinja2 import nodes


@dataclass(frozen=True, slots=True)
class Name:
    """`a.b['c']`."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Constant:
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class ItemTerm:
    """`of[key]` with a key that is no constant."""

    of: "Term"
    key: "Term"


@dataclass(frozen=True, slots=True)
class Filtered:
    of: "Term"
    name: str
    args: tuple["Term", ...]


@dataclass(frozen=True, slots=True)
class Called:
    name: str
    args: tuple["Term", ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """`left >= right`; `how` is the sign, empty for `in` and several comparisons."""

    left: "Term"
    how: str
    right: "Term"


@dataclass(frozen=True, slots=True)
class And:
    left: "Term"
    right: "Term"


@dataclass(frozen=True, slots=True)
class Not:
    of: "Term"


@dataclass(frozen=True, slots=True)
class Conditional:
    """`yes if test else no`, or the same as a statement."""

    test: "Term"
    yes: "Term"
    no: "Term"


@dataclass(frozen=True, slots=True)
class Other:
    """Anything else, and what is no expression at all."""


Term: TypeAlias = (
    Name
    | Constant
    | ItemTerm
    | Filtered
    | Called
    | Compared
    | And
    | Not
    | Conditional
    | Other
)
_SIGNS = {"eq": "==", "ne": "!=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<="}


def sole_term(text: str) -> Term | None:
    """The expression or the choice that is all there is; None where there is more."""
    from jinja2 import TemplateSyntaxError, nodes

    from otac.expressions.tokens import Tokens

    try:
        parts = _parts(Tokens(text).parser().parse().body)
        if len(parts) != 1 or isinstance(parts[0], nodes.TemplateData):
            return None
        return _term(parts[0])
    except (TemplateSyntaxError, RecursionError, SyntaxError, ValueError):
        # A long chain is read in a loop, and followed here; the last two are Python's, for
        # `1e1000_` and endless digits.
        return Other()


def _parts(body: "list[nodes.Node]") -> "list[nodes.Node]":
    """What is more than white space."""
    from jinja2 import nodes

    found: list[nodes.Node] = []
    for node in body:
        inside = node.nodes if isinstance(node, nodes.Output) else [node]
        found += (
            one
            for one in inside
            if not isinstance(one, nodes.TemplateData) or one.data.strip()
        )
    return found


def _term(node: "nodes.Node | None") -> Term:
    from jinja2 import nodes

    match node:
        case nodes.Name():
            return Name((node.name,))
        case nodes.Getattr():
            return _member(_term(node.node), node.attr)
        case nodes.Getitem(arg=nodes.Const(value=str(key))):
            return _member(_term(node.node), key)
        case nodes.Getitem():
            return ItemTerm(_term(node.node), _term(node.arg))
        case nodes.Filter():
            return Filtered(_term(node.node), node.name, _terms(node.args))
        case nodes.Call(node=nodes.Name(name=name)):
            return Called(name, _terms(node.args))
        case nodes.Compare(ops=[one]):
            how = _SIGNS.get(one.op, "")
            return Compared(_term(node.expr), how, _term(one.expr))
        case nodes.And():
            return And(_term(node.left), _term(node.right))
        case nodes.Not():
            return Not(_term(node.node))
        case nodes.CondExpr():
            return Conditional(_term(node.test), _term(node.expr1), _term(node.expr2))
        case nodes.If(elif_=[]):
            return Conditional(_term(node.test), _sole(node.body), _sole(node.else_))
        case nodes.TemplateData():
            return Constant(node.data.strip())
        case nodes.Const(value=str() | int() | float() | bool() | None):
            return Constant(node.value)
    return Other()


def _terms(found: "list[nodes.Expr]") -> tuple[Term, ...]:
    return tuple(_term(one) for one in found)


def _sole(body: "list[nodes.Node]") -> Term:
    parts = _parts(body)
    return _term(parts[0]) if len(parts) == 1 else Other()


def _member(of: Term, key: str) -> Term:
    return Name((*of.path, key)) if isinstance(of, Name) else Other()
