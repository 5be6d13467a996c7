"""How the output differs from what it should be, for `otac build --check`."""

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.output.ownership import FileAction
from otac.output.plan import BuildPlan


def drift(plan: BuildPlan) -> tuple[Diagnostic, ...]:
    """One error for each file that `otac build` would change; none if it changes nothing."""
    source = plan.build.inputs.source
    what = {
        FileAction.CREATE: "is missing",
        FileAction.UPDATE: f"is not what `{source}` compiles to",
        FileAction.REMOVE: f"is no longer in `{source}`",
    }
    return tuple(
        error(
            "OTC408",
            f"`{one.path}` {what[one.action]}",
            help=f"run `otac build {source}`",
            file=one.path,
        )
        for one in plan.pending
    )
