"""A configuration of any age -> one of today's form that compiles, with its author's help."""

from otac.rescue.author import Author, Misfit, Told
from otac.rescue.rescue import Rescued, rescue

__all__ = ("Author", "Misfit", "Rescued", "Told", "rescue")
