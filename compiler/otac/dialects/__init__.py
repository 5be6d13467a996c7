"""The forms that configurations had over the releases of Open Ticket AI."""

from otac.dialects.dialect import Dialect, Form
from otac.dialects.recognition import body_of, recognise
from otac.dialects.translate import Translated, translate

__all__ = ["Dialect", "Form", "Translated", "body_of", "recognise", "translate"]
