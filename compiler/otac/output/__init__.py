"""Output -> changes on disk, or a comparison."""

from otac.output.apply import apply
from otac.output.diff import diff
from otac.output.fresh import fresh, recorded, written
from otac.output.inputs import Inputs, digest
from otac.output.ownership import Change, FileAction
from otac.output.plan import BuildPlan, drift, plan

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
