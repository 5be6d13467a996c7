"""The outline of a configuration: services, runners and their steps; or that of tests."""

from typing import NamedTuple

from otac.lsp import names
from otac.lsp.known import KnownTree
from otac.lsp.outline import RunnerPart
from otac.lsp.tree import text_of
from otac.source.document import Mapping, Node, Sequence, Span


class Symbol(NamedTuple):
    """`name_span` is within `span`, as the protocol wants it."""

    name: str
    detail: str
    kind: str
    span: Span
    name_span: Span
    children: tuple["Symbol", ...] = ()


def service_symbols(known: KnownTree) -> list[Symbol]:
    """The services."""
    return [
        _symbol(name, "service", key.span, node)
        for name, (key, node) in names.services(known).items()
        if key.via is None
    ]


def runner_symbol(part: RunnerPart) -> Symbol | None:
    """A runner with its steps; None where an alias brought it in."""
    runner = part.runner
    if runner.node.via is not None:
        return None
    name = runner.id.text if runner.id is not None else "?"
    span = runner.node.span
    at = span if runner.id is None or runner.id.via else runner.id.span
    return Symbol(name, "runner", "runner", span, _in(at, span), _steps(part))


def test_symbol(node: Mapping) -> Symbol | None:
    """A test, whose detail is its runner; None where it has no name yet."""
    name = node.get("name")
    text = text_of(name)
    if node.via is not None or name is None or not text:
        return None
    at = node.span if name.via is not None else name.span
    runner = text_of(node.get("runner")) or ""
    return Symbol(text, runner, "test", node.span, _in(at, node.span))


def _steps(part: RunnerPart) -> tuple[Symbol, ...]:
    """The steps of a runner; a single pipe is a step of its own."""
    pipe = part.runner.node.get("pipe")
    if pipe is None or pipe.via is not None:
        return ()
    top = [one for one in part.steps if len(one.step.path) == 1]
    return tuple(_step(one.node) for one in top if one.node.via is None)


def _step(node: Mapping) -> Symbol:
    name = text_of(node.get("id")) or text_of(node.get("use")) or "?"
    use = text_of(node.get("use")) or ""
    inner = node.get("steps")
    children = tuple(
        _step(item)
        for item in (inner.items if isinstance(inner, Sequence) else ())
        if isinstance(item, Mapping) and item.via is None
    )
    own = node.get("id")
    at = node.span if own is None or own.via is not None else own.span
    return Symbol(name, use, "step", node.span, _in(at, node.span), children)


def _symbol(name: str, kind: str, key: Span, node: Node) -> Symbol:
    use = text_of(node.get("use")) if isinstance(node, Mapping) else None
    span = Span(min(key.start, node.start), max(key.end, node.end))
    if node.via is not None:
        span = key
    return Symbol(name, use or "", kind, span, _in(key, span))


def _in(inner: Span, outer: Span) -> Span:
    inside = outer.start <= inner.start and inner.end <= outer.end
    return inner if inside else outer
