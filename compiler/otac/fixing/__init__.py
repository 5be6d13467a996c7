"""Corrections of a configuration, made in the file and proved by compiling it again."""

from otac.fixing.fix import Fixed, fix
from otac.fixing.outcome import Made, Undone

__all__ = ("Fixed", "Made", "Undone", "fix")
