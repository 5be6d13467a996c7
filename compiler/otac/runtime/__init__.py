"""What generated modules import."""

from otac.components import Fail, Stop
from otac.components.plugins import component as plugin
from otac.runtime.notification import notify
from otac.runtime.project import project_directory
from otac.runtime.run import Run
from otac.runtime.script import find_project
from otac.runtime.services import build
from otac.runtime.template import Deferred, Template
from otac.runtime.view import Late
from otac.runtime.window import Window

find_project()

__all__ = [
    "Deferred",
    "Fail",
    "Late",
    "Run",
    "Stop",
    "Template",
    "Window",
    "build",
    "notify",
    "plugin",
    "project_directory",
]
