"""The forms that configurations had over the releases of Open Ticket AI."""

from otac.dialects.components import use_todays_names
from otac.dialects.dialect import Dialect, Form, Translated
from otac.dialects.recognition import body_of, recognise

__all__ = [
    "Dialect",
    "Form",
    "Translated",
    "body_of",
    "recognise",
    "use_todays_names",
]
