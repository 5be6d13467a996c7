"""Output -> changes on disk, or a comparison."""

from otac.output.apply import apply
from otac.output.diff import diff
from otac.output.digest import digest
from otac.output.drift import drift
from otac.output.fresh import fresh, recorded
from otac.output.inputs import Inputs
from otac.output.ownership import Change, FileAction
from otac.output.plan import BuildPlan, plan
from otac.output.written import written

__all__ = [
    "BuildPlan",
    "Change",
    "FileAction",
    "Inputs",
    "apply",
    "diff",
    "digest",
    "drift",
    "fresh",
    "plan",
    "recorded",
    "written",
]
