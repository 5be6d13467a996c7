"""Output -> changes on disk, or a comparison."""

from otac.output.apply import apply
from otac.output.change import Action, Change
from otac.output.diff import diff
from otac.output.digest import digest
from otac.output.drift import drift
from otac.output.fresh import fresh
from otac.output.inputs import Inputs
from otac.output.plan import Plan, plan
from otac.output.written import written

__all__ = [
    "Action",
    "Change",
    "Inputs",
    "Plan",
    "apply",
    "diff",
    "digest",
    "drift",
    "fresh",
    "plan",
    "written",
]
