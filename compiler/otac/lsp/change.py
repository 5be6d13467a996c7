"""What is different between two texts, as one part that was replaced."""

from typing import NamedTuple

from otac.source.document import Span


class TextChange(NamedTuple):
    """Instead of the old text from `start` to `old_end` stands the new one to `new_end`."""

    start: int
    old_end: int
    new_end: int

    @property
    def shift(self) -> int:
        """How far what follows has moved."""
        return self.new_end - self.old_end

    def moved(self, span: Span) -> Span | None:
        """Where a part of the old text stands now; None if it may not be the same."""
        via = None if span.via is None else self.moved(span.via)
        if (via is None) != (span.via is None):
            return None
        if span.end < self.start:
            return Span(span.start, span.end, via)
        if span.start > self.old_end:
            return Span(span.start + self.shift, span.end + self.shift, via)
        return None


def change(old: str, new: str) -> TextChange:
    """The smallest part that explains the difference."""
    most = min(len(old), len(new))
    start = _common(old, new, most)
    most -= start
    end = _common_end(old, new, most)
    return TextChange(start, len(old) - end, len(new) - end)


def _common(old: str, new: str, most: int) -> int:
    """With how many equal characters they begin; found by halving, which compares fast."""
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        if old[least:middle] == new[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def _common_end(old: str, new: str, most: int) -> int:
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        before, after = len(old) - least, len(new) - least
        if old[len(old) - middle : before] == new[len(new) - middle : after]:
            least = middle
        else:
            most = middle - 1
    return least
