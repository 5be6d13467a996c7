"""The outline as it was told last: of what only moved, only lines are new."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from otac.lsp.known import KnownTree
from otac.lsp.state import State
from otac.lsp.symbols import Symbol, runner_symbol, service_symbols, test_symbol
from otac.lsp.translation import Ready, Translation
from otac.source.document import Mapping, Sequence


class ToldSymbols:
    """Remembers the symbols of the runners or tests of one document."""

    def __init__(self) -> None:
        # With the node, whose identity is the key, so that no other can come to have it.
        self._items: dict[int, tuple[Mapping, Ready]] = {}
        self._of: State | None = None

    def symbols(self, state: State, translation: Translation) -> list[Ready]:
        """Services, then runners with their steps; of a file of tests, these."""
        known, self._of = state.known, state
        if known is not None and state.has_tests:
            return self._told(_tests(known), translation)
        if known is None or not state.is_ours:
            return []
        services = [translation.symbol(one) for one in service_symbols(known)]
        runners = (
            (part.runner.node, partial(runner_symbol, part))
            for part in known.outline.parts
        )
        return [*services, *self._told(runners, translation)]

    def items(self, state: State, translation: Translation) -> list[Ready]:
        """The symbols of runners or tests alone; the last ones while a text is no YAML.

        Lines that appear and vanish at each key would be worse than one that is late.
        """
        if state.known is not None and self._of is not state:
            self.symbols(state, translation)
        return [ready for _, ready in self._items.values()]

    def _told(
        self,
        items: Iterable[tuple[Mapping, Callable[[], Symbol | None]]],
        translation: Translation,
    ) -> list[Ready]:
        kept: dict[int, tuple[Mapping, Ready]] = {}
        for node, make in items:
            before = self._items.get(id(node))
            if before is not None:
                ready = before[1]
                line = translation.line(node.start)
                _move(ready, line - ready["range"]["start"]["line"])
            else:
                symbol = make()
                if symbol is None:
                    continue
                ready = translation.symbol(symbol)
            kept[id(node)] = (node, ready)
        self._items = kept
        return [ready for _, ready in kept.values()]


def _tests(known: KnownTree) -> Iterator[tuple[Mapping, Callable[[], Symbol | None]]]:
    root = known.document.root
    listed = root.get("tests") if isinstance(root, Mapping) else None
    for number, node in enumerate(listed.items if isinstance(listed, Sequence) else ()):
        if isinstance(node, Mapping):
            yield node, partial(_test, known, number, node)


def _test(known: KnownTree, number: int, node: Mapping) -> Symbol | None:
    known.settle(number)
    return test_symbol(node)


def _move(ready: dict[str, Any], lines: int) -> None:
    if not lines:
        return
    for name in ("range", "selectionRange"):
        for place in ready[name].values():
            place["line"] += lines
    for child in ready.get("children", ()):
        _move(child, lines)
