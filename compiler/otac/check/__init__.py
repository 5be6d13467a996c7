"""Rules over a whole project, one a file."""

from otac.check.ignores import silence
from otac.check.rules import check

__all__ = ["check", "silence"]
