"""Corrections of a configuration, made in the file and proved by compiling it again."""

from otac.fixing.fix import Fixed, fix, made_in
from otac.fixing.offers import Offer
from otac.fixing.rewrite import MadeCorrection, Undone, rewritten

__all__ = ("Fixed", "MadeCorrection", "Offer", "Undone", "fix", "made_in", "rewritten")
