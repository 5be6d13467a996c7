"""The forms that configurations had over the releases of Open Ticket AI."""

from otac.dialects.older import refuse_older

__all__ = ["refuse_older"]
