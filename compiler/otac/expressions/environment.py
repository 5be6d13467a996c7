"""The sandbox in which expressions are evaluated, at run time and inside a step."""

from collections.abc import (
    Callable,
    ItemsView,
    Iterator,
    KeysView,
    Mapping,
    ValuesView,
)
from functools import lru_cache
from math import isinf
from typing import Any, TypeAlias, cast

from jinja2 import Template, Undefined, nodes, pass_eval_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from otac.expressions import uses_template
from otac.expressions.bound import (
    BOUNDED_FILTERS,
    MOST_RENDERED,
    OPERATORS,
    bounded_filter,
    bounded_format,
    bounded_join,
    bounded_replace,
    check_format,
    check_method,
    concatenate,
    weighed_filter,
)
from otac.expressions.budget import (
    ROUNDS_OF_A_CALL,
    SIZE_OF_A_LIST,
    each,
    fresh_budget,
    size_of,
    spend_made,
    spend_rounds,
)
from otac.expressions.failure import FAILURES, Absent, failure
from otac.expressions.path import get_at, nest_at
from otac.expressions.problem import ExpressionError

__all__ = [
    "Evaluate",
    "ExpressionError",
    "Sandbox",
    "compile_value",
    "get_at",
    "nest_at",
    "settle",
    "sole_expression",
]

Evaluate: TypeAlias = Callable[[Mapping[str, Any]], Any]
"""Takes the names in scope."""

_LAZY = (Iterator, KeysView, ValuesView, ItemsView, range)
_RESULT = "result"
# Filters that no template can name.
_EACH = "for"
_CONCATENATED = "~"


class _Counted(NodeTransformer):
    """What Jinja compiles to plain Python, where nothing counts: loops and `~`."""

    def visit_For(self, node: nodes.For) -> nodes.Node:
        self.generic_visit(node)
        node.iter = _filtered(cast(nodes.Expr, node.iter), _EACH)
        return node

    def visit_Const(self, node: nodes.Const) -> nodes.Node:
        if isinstance(node.value, float) and isinf(node.value):
            # Jinja would write `inf`, which is a name in Python.
            raise ExpressionError("a number is too large")
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), _CONCATENATED)


def _filtered(node: nodes.Expr, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def settle(value: Any) -> Any:
    """The value as plain data: lazy sequences become lists, marked-up text becomes text.

    Raises for what is absent, at any depth, and for functions: `ticket.items` is a
    method of the mapping, and nobody means that.
    """
    kind = type(value)
    if kind is str or kind is int or kind is bool or kind is float or value is None:
        return value
    if kind is dict or kind is list:
        spend_made(len(value) + SIZE_OF_A_LIST)
    if kind is dict:
        return {key: settle(item) for key, item in value.items()}
    if kind is list:
        return [settle(item) for item in value]
    if isinstance(value, tuple):
        return tuple(settle(item) for item in value)
    if isinstance(value, Absent):
        value.fail()
    if isinstance(value, Undefined):
        return None  # Jinja's value of `x if condition` where there is no `else`
    if isinstance(value, Markup):
        return str(value)
    if isinstance(value, _LAZY):
        return [settle(item) for item in value]
    if callable(value):
        raise ExpressionError(
            "the value is a function: call it with `()`, or write `['name']` for a key"
            " that has the name of a method"
        )
    if kind.__module__.startswith("jinja2."):
        raise ExpressionError(f"the value is Jinja's own {kind.__name__}, not data")
    return value


def _printed(value: Any) -> Any:
    """What a text shows of a value: nothing for an inline `if` without `else`.

    What is marked up stays so, lest it be escaped once more.
    """
    if isinstance(value, Markup):
        return value
    if isinstance(value, Undefined) and not isinstance(value, Absent):
        return ""
    settled = settle(value)
    spend_made(len(settled) if isinstance(settled, str) else size_of(settled))
    return settled


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja with its filters and tests, without files, and bounded.

    Delimiters, operators and statements are Jinja's own, no extension is loaded, and the
    compiler parses with the same class: what it accepts is what runs.
    """

    intercepted_binops = frozenset(OPERATORS)

    def __init__(self) -> None:
        # not optimized: nothing is computed before it is asked for
        super().__init__(undefined=Absent, finalize=_printed, optimized=False)
        self.binop_table.update(OPERATORS)
        self.globals.pop("lipsum")  # filler text of any length
        paths = {"get_at": get_at, "nest_at": nest_at}
        self.globals.update(paths)
        self.filters.update(paths)
        for name in BOUNDED_FILTERS:
            self.filters[name] = bounded_filter(self.filters[name])
        self.filters["format"] = bounded_format(self.filters["format"])
        self.filters["join"] = pass_eval_context(bounded_join(self.filters["join"]))
        self.filters["replace"] = pass_eval_context(
            bounded_replace(self.filters["replace"])
        )
        for name in ("string", "pprint", "tojson", "urlencode", "escape", "e"):
            self.filters[name] = weighed_filter(self.filters[name])
        self.filters |= {_EACH: each, _CONCATENATED: concatenate}

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """`'{:>8}'.format(...)`, sandboxed by Jinja and bounded here."""
        wrapped = super().wrap_str_format(value)
        if wrapped is not None:
            check_format(value.__self__)
        return wrapped

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A call in a template."""
        spend_rounds(ROUNDS_OF_A_CALL)
        check_method(obj, args)
        return super().call(context, obj, *args, **kwargs)


def sole_expression(tree: nodes.Template, text: str) -> nodes.Expr | None:
    """The expression of a text that is one `{{ expression }}` amid white space."""
    stripped = text.strip()
    if not (stripped.startswith("{{") and stripped.endswith("}}")):
        return None  # a comment or a statement stands beside it, if there is one
    found: nodes.Expr | None = None
    for node in tree.body:
        if not isinstance(node, nodes.Output):
            return None
        for part in node.nodes:
            if isinstance(part, nodes.TemplateData):
                if part.data.strip():
                    return None
            elif found is not None:
                return None
            else:
                found = part
    return found


@lru_cache(maxsize=1024)
def compile_value(text: str) -> Evaluate:
    """How to get the value of a string of the configuration.

    One `{{ expression }}`, with white space around it or none, yields the value of the
    expression with its type. Any other template yields text. A string without Jinja is
    returned as it is. Evaluating raises ExpressionError, and lets pass what functions in
    scope raise on their own account.
    """
    if not uses_template(text):
        return lambda scope: text
    try:
        tree = _SANDBOX.parse(text)
        sole = sole_expression(_Counted().visit(tree), text)
        if sole is not None:
            target = nodes.Name(_RESULT, "store", lineno=1)
            tree = nodes.Template([nodes.Assign(target, sole, lineno=1)], lineno=1)
            tree.set_environment(_SANDBOX)
        template = _SANDBOX.from_string(tree)
    except FAILURES as error:
        problem = failure(error, text)
    else:
        evaluate = _render if sole is None else _evaluate
        return lambda scope: _guarded(evaluate, template, scope, text)
    raise problem


def _guarded(
    evaluate: Callable[[Template, Context], Any],
    template: Template,
    scope: Mapping[str, Any],
    text: str,
) -> Any:
    try:
        with fresh_budget():
            return evaluate(template, template.new_context(dict(scope)))
    except FAILURES as error:
        problem = failure(error, text)
    # raised out here so that the error does not carry the other one, which has values
    raise problem


def _evaluate(template: Template, context: Context) -> Any:
    for _ in template.root_render_func(context):
        pass
    return settle(context.vars[_RESULT])


def _render(template: Template, context: Context) -> str:
    parts = []
    length = 0
    for part in template.root_render_func(context):
        parts.append(part)
        length += len(part)
        if length > MOST_RENDERED:
            raise ExpressionError(f"the text is longer than {MOST_RENDERED} characters")
    return "".join(parts)


_SANDBOX = Sandbox()
