"""Rules over a whole project, those of one subject in a file."""

from otac.check.follow_ons import silence, without_follow_ons
from otac.check.rules import check

__all__ = ["check", "silence", "without_follow_ons"]
