"""When ticks are due."""

from math import ceil

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0


class Phase:
    """A fixed rhythm: each tick is due a whole number of intervals after the first.

    Times are those of a monotonic clock. A tick that takes too long delays the next one
    to its next beat; those in between are left out.
    """

    def __init__(self, interval: float, start: float) -> None:
        self._interval = interval
        self._start = start
        self._beat = 0
        self._failures = 0

    @property
    def due(self) -> float:
        """When the next tick begins."""
        return self._start + self._beat * self._interval

    def ended(self, now: float, *, failed: bool) -> float:
        """A tick is over. Returns the seconds to the next one.

        After a failure there is a pause, which doubles up to a minute.
        """
        self._failures = self._failures + 1 if failed else 0
        pause = 0.0
        if failed:
            pause = min(_FIRST_PAUSE * 2 ** min(self._failures - 1, 10), _LONGEST_PAUSE)
        beats = (now + pause - self._start) / self._interval
        self._beat = max(self._beat + 1, ceil(beats))
        return self.due - now
