"""Config to the intermediate representation."""

from otac.lower.components import component_names, import_paths
from otac.lower.context import Options
from otac.lower.lowering import Lowered, lower

__all__ = ["Lowered", "Options", "component_names", "import_paths", "lower"]
