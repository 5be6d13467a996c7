"""What a parsed template refers to.

Jinja's nodes carry offsets for line numbers here (see `tokens`). Names that a template
defines itself with `set`, `for`, `with` or `macro` are followed as Jinja does: an `if`
opens no scope of its own, a loop does.
"""

from collections.abc import Iterable
from math import isinf

from jinja2 import nodes

from otac.diagnostics.suggest import nearest
from otac.expressions.function import FUNCTIONS
from otac.expressions.lookup import Arguments, lookup
from otac.expressions.problem import ExpressionProblem
from otac.expressions.reference import (
    CHOOSING,
    ITEM,
    CallReference,
    EnvReference,
    FilterReference,
    NameReference,
    Path,
    Reference,
    Segment,
    TestReference,
)
from otac.expressions.scope import TemplateScope, assigned_names
from otac.expressions.tokens import (
    Called,
    Tokens,
    attribute_of,
    constant,
    filter_name,
    keywords_of,
    test_name,
)

_MOST_DEPTH = 100
_MOST_BLOCKS = 15  # Python, which Jinja compiles to, gives up at 20 nested loops
_TOO_DEEP = ("this is nested too deeply", "split it into several steps")
_REFUSED: dict[type[nodes.Node], str] = {
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "from",
    nodes.Extends: "extends",
    nodes.Block: "block",
}
_BLOCKS = (
    nodes.AssignBlock,
    nodes.CallBlock,
    nodes.FilterBlock,
    nodes.For,
    nodes.If,
    nodes.Macro,
    nodes.With,
)


class Survey:
    """Walks a tree once; `references` and `problem` are what it found."""

    def __init__(self, tree: nodes.Template, tokens: Tokens) -> None:
        self.problem: ExpressionProblem | None = None
        self._found: list[Reference] = []
        self._tokens = tokens
        self._depth = 0
        self._blocks = 0
        self._walk_all(tree.body, TemplateScope(set()))

    @property
    def references(self) -> tuple[Reference, ...]:
        """In the order of the text; of those at one place, the call stands first."""
        return tuple(sorted(self._found, key=lambda reference: reference.start))

    def _walk_all(self, found: Iterable[nodes.Node], scope: TemplateScope) -> None:
        for node in found:
            self._walk(node, scope)

    def _walk(
        self, node: nodes.Node, scope: TemplateScope, guarded: bool = False
    ) -> None:
        block = isinstance(node, _BLOCKS)
        self._depth += 1
        self._blocks += block
        if self._depth > _MOST_DEPTH or self._blocks > _MOST_BLOCKS:
            self._report(node, *_TOO_DEEP)
        elif isinstance(node, nodes.Stmt):
            self._statement(node, scope)
        else:
            self._expression(node, scope, guarded)
        self._blocks -= block
        self._depth -= 1

    def _statement(self, node: nodes.Stmt, scope: TemplateScope) -> None:
        match node:
            case nodes.If():
                self._walk(node.test, scope)
                self._walk_all(node.body, scope.given(node.test, True))
                # the `elif`s are a list of their own, each without branches
                rest = scope.given(node.test, False)
                for branch in node.elif_:
                    self._walk(branch, rest)
                    rest = rest.given(branch.test, False)
                self._walk_all(node.else_, rest)
            case nodes.For():
                self._walk(node.iter, scope)
                body = scope.inner("loop")
                self._define(node.target, body)
                if node.test is not None:
                    self._walk(node.test, body)
                    body = body.given(node.test, True)
                self._walk_all(node.body, body)
                self._walk_all(node.else_, scope.inner())
                if "loop" in assigned_names(node.target):
                    message = "`loop` is Jinja's own name inside a `for`"
                    self._report(node.target, message, "name it differently")
            case nodes.Assign():
                self._walk(node.node, scope)
                self._define(node.target, scope)
            case nodes.AssignBlock():
                self._walk_all(node.body, scope.inner())
                if node.filter is not None:
                    self._walk(node.filter, scope)
                self._define(node.target, scope)
            case nodes.Macro():
                scope.local.add(node.name)
                self._macro(node, scope)
            case nodes.CallBlock():
                self._walk(node.call, scope)
                self._macro(node, scope)
            case nodes.With():
                self._walk_all(node.values, scope)
                body = scope.inner()
                for target in node.targets:
                    self._define(target, body)
                self._walk_all(node.body, body)
            case nodes.FilterBlock():
                self._walk_all(node.body, scope.inner())
                self._walk(node.filter, scope)
            case nodes.Output() | nodes.ExprStmt():
                self._walk_all(node.iter_child_nodes(), scope)
            case nodes.Scope() | nodes.ScopedEvalContextModifier():
                self._walk_all(node.iter_child_nodes(), scope.inner())
            case _:
                name = _REFUSED.get(type(node), "this")
                message = (
                    f"`{name}` has no meaning here: a value has no other templates"
                )
                self._report(node, message, "write the text in place")

    def _macro(self, node: nodes.Macro | nodes.CallBlock, scope: TemplateScope) -> None:
        names = [argument.name for argument in node.args]
        body = scope.inner("caller", "varargs", "kwargs", *names)
        for index, argument in enumerate(node.args):
            if any(argument.name == other.name for other in node.args[:index]):
                message = f"there are two parameters `{argument.name}`"
                self._report(argument, message, "name them differently")
            # Jinja's own rule, which it applies once the macro uses it.
            has_default = index >= len(node.args) - len(node.defaults)
            if argument.name == "caller" and not has_default:
                message = "`caller` comes from `{% call %}` and from no argument"
                self._report(argument, message, "leave it out of the parameters")
        self._walk_all(node.defaults, body)
        self._walk_all(node.body, body)

    def _define(self, target: nodes.Node, scope: TemplateScope) -> None:
        if isinstance(target, nodes.NSRef):
            self._name(target.name, target, (), scope, guarded=False)
        scope.local.update(assigned_names(target))

    def _expression(
        self, node: nodes.Node, scope: TemplateScope, guarded: bool
    ) -> None:
        match node:
            case nodes.Const(value=float() as number) if isinf(number):
                self._report(node, "this number is too large", "write a smaller one")
            case nodes.Const() | nodes.TemplateData():
                pass
            case nodes.Name() | nodes.Getattr() | nodes.Getitem() | nodes.Call():
                self._access(node, scope, guarded)
            case nodes.Filter():
                if node.node is not None:
                    copes = node.name in ("default", "d") or self._means_default(node)
                    self._walk(node.node, scope, guarded=copes)
                place = filter_name(self._tokens, node)
                self._found.append(FilterReference(node.name, *place))
                self._arguments(node, scope)
            case nodes.Test():
                copes = node.name in ("defined", "undefined")
                self._walk(node.node, scope, guarded=copes)
                place = test_name(self._tokens, node)
                self._found.append(TestReference(node.name, *place))
                self._arguments(node, scope)
            case nodes.And() | nodes.Or():
                self._walk(node.left, scope)
                given = scope.given(node.left, isinstance(node, nodes.And))
                self._walk(node.right, given)
            case nodes.CondExpr():
                self._walk(node.test, scope)
                self._walk(node.expr1, scope.given(node.test, True))
                if node.expr2 is not None:
                    self._walk(node.expr2, scope.given(node.test, False))
            case _:
                self._walk_all(node.iter_child_nodes(), scope)

    def _means_default(self, node: nodes.Filter) -> bool:
        """Whether it is a misspelt `default`, which is one mistake and not two."""
        filters = self._tokens.filters
        return node.name not in filters and nearest(node.name, filters) == "default"

    def _access(self, node: nodes.Node, scope: TemplateScope, guarded: bool) -> None:
        """A name, a call or anything else, with the attributes asked of it."""
        asked = []
        while isinstance(node, nodes.Getattr | nodes.Getitem):
            asked.append(node)
            node = node.node
        path: list[Segment] = []
        for attribute in reversed(asked):
            segment = attribute_of(self._tokens, attribute)
            if segment is None and isinstance(node, nodes.Call):
                segment = _item(attribute)
            if segment is None:
                break
            path.append(segment)
        # an absent value is coped with at the end of the path, and nowhere before
        guarded = guarded and len(path) == len(asked)
        if self._depth + len(asked) > _MOST_DEPTH:
            self._report(node, *_TOO_DEEP)
        elif isinstance(node, nodes.Name):
            self._name(node.name, node, tuple(path), scope, guarded)
        elif isinstance(node, nodes.Call):
            self._call(node, tuple(path), scope, guarded)
        elif path and isinstance(node, nodes.Filter) and (call := _chosen(node)):
            place = filter_name(self._tokens, node)
            self._found.append(FilterReference(node.name, *place))
            item = Segment(ITEM, path[0].start, path[0].start)
            self._call(call, (item, *path), scope, guarded)
        else:
            self._walk(node, scope)
        for attribute in reversed(asked):
            if isinstance(attribute, nodes.Getitem):
                self._walk(attribute.arg, scope)

    def _name(
        self,
        name: str,
        node: nodes.Node,
        path: Path,
        scope: TemplateScope,
        guarded: bool,
    ) -> None:
        if name in scope.local:
            return
        start = node.lineno - 1
        end = start + len(name)
        guarded = guarded or scope.ensures((name, *(part.text for part in path)))
        if name == "env":
            variable = path[0] if path else None
            self._found.append(EnvReference(start, end, variable, guarded))
        else:
            self._found.append(NameReference(name, start, end, path, guarded))

    def _call(
        self, node: nodes.Call, path: Path, scope: TemplateScope, guarded: bool
    ) -> None:
        callee = node.node
        if isinstance(callee, nodes.Getattr):  # a method: its name is no key
            self._walk(callee.node, scope)
        elif not isinstance(callee, nodes.Name):
            self._walk(callee, scope)
        elif callee.name not in scope.local:
            name = callee.name
            start = callee.lineno - 1
            end = start + len(name)
            keywords = keywords_of(self._tokens, node)
            spread = node.dyn_args is not None or node.dyn_kwargs is not None
            count = len(node.args)
            call = CallReference(name, start, end, count, keywords, spread)
            self._found.append(call)
            arguments = self._known(node, name, spread)
            if arguments is not None:
                found = lookup(name, start, end, arguments, path, guarded)
                if found is not None:
                    self._found.append(found)
        self._arguments(node, scope)

    def _known(self, node: nodes.Call, name: str, spread: bool) -> Arguments | None:
        function = FUNCTIONS.get(name)
        if function is None:
            return None
        given = dict(zip(function.parameters, node.args, strict=False))
        given |= {keyword.key: keyword.value for keyword in node.kwargs}
        first = given.get("id", given.get("name"))
        key = given.get("key")
        key_text = constant(self._tokens, key)
        return Arguments(
            constant(self._tokens, first),
            key_text,
            key_text is None and (key is not None or spread),
            "default" in given or spread,
        )

    def _arguments(self, node: Called, scope: TemplateScope) -> None:
        seen: set[str] = set()
        for keyword in keywords_of(self._tokens, node):
            if keyword.text in seen and self.problem is None:
                message = f"`{keyword.text}` is given twice"
                self.problem = ExpressionProblem(message, keyword.start, keyword.end)
            seen.add(keyword.text)
        self._walk_all(node.args, scope)
        self._walk_all((keyword.value for keyword in node.kwargs), scope)
        for spread in (node.dyn_args, node.dyn_kwargs):
            if spread is not None:
                self._walk(spread, scope)

    def _report(self, node: nodes.Node, message: str, help: str) -> None:
        if self.problem is None:
            place = self._tokens.pieces[self._tokens.index(node.lineno - 1)]
            self.problem = ExpressionProblem(message, place.start, place.end, help)


def _item(node: nodes.Getattr | nodes.Getitem) -> Segment | None:
    """The `[0]` or `[-1]` behind a list."""
    match node:
        case nodes.Getitem(
            arg=nodes.Const(value=int()) | nodes.Neg(node=nodes.Const(value=int()))
        ):
            return Segment(ITEM, node.lineno - 1, node.lineno - 1)
    return None


def _chosen(node: nodes.Filter) -> nodes.Call | None:
    """The call whose result is a list, of which one item is meant."""
    has_arguments = node.args or node.kwargs or node.dyn_args or node.dyn_kwargs
    call = node.node
    if node.name not in CHOOSING or has_arguments:
        return None
    return call if isinstance(call, nodes.Call) else None
