"""Config to the intermediate representation."""

from otac.lower.components import import_paths
from otac.lower.context import Options
from otac.lower.lowering import Lowered, lower

__all__ = ["Lowered", "Options", "import_paths", "lower"]
