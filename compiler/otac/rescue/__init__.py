"""A configuration of any age -> one of today's form that compiles, with its author's help."""

from otac.rescue.author import Author, Beforehand, UnfitAnswer
from otac.rescue.rescue import Rescued, rescue

__all__ = ("Author", "Beforehand", "Rescued", "UnfitAnswer", "rescue")
