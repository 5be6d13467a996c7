"""The outline as it was told last: of a runner that only moved, only lines are new."""

from typing import Any

from otac.lsp.state import State
from otac.lsp.symbols import runner_symbol, service_symbols
from otac.lsp.translation import Ready, Translation
from otac.source.document import Mapping


class Told:
    """Remembers the symbols of the runners of one document."""

    def __init__(self) -> None:
        # With the node, whose identity is the key, so that no other can come to have it.
        self._runners: dict[int, tuple[Mapping, Ready]] = {}

    def symbols(self, state: State, translation: Translation) -> list[Ready]:
        """Services, then runners with their steps."""
        known = state.known if state.is_ours else None
        if known is None:
            return []
        found = [translation.symbol(one) for one in service_symbols(known)]
        kept: dict[int, tuple[Mapping, Ready]] = {}
        for part in known.outline.parts:
            node = part.runner.node
            before = self._runners.get(id(node))
            if before is not None:
                ready = before[1]
                line = translation.position(node.start).line
                _move(ready, line - ready["range"]["start"]["line"])
            else:
                symbol = runner_symbol(part)
                if symbol is None:
                    continue
                ready = translation.symbol(symbol)
            kept[id(node)] = (node, ready)
            found.append(ready)
        self._runners = kept
        return found


def _move(ready: dict[str, Any], lines: int) -> None:
    if not lines:
        return
    for name in ("range", "selectionRange"):
        for place in ready[name].values():
            place["line"] += lines
    for child in ready.get("children", ()):
        _move(child, lines)
