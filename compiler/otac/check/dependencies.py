"""`depends_on`: names earlier steps."""

from collections.abc import Iterator

from otac.check.scope import Lookup, find
from otac.check.step_references import explain
from otac.check.templates import scopes
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.lower.project import Project


def check_dependencies(
    project: Project, incomplete: frozenset[str]
) -> Iterator[Diagnostic]:
    """Dependencies on steps that do not exist, run later, or are the step itself.

    Since steps run in the order written, this leaves no room for a circle.
    """
    for runner in project.runners:
        for step, scope in scopes(runner):
            for name, span in zip(step.depends_on, step.depends_on_at, strict=True):
                found = find(scope, name)
                if found is Lookup.ITSELF:
                    yield error(
                        "OTC302",
                        f"step `{step.id}` depends on itself",
                        span,
                        "it cannot have succeeded before it runs",
                        help="remove it",
                    )
                elif isinstance(found, Lookup):
                    complete = runner.id not in incomplete
                    yield from explain(found, scope, name, span, complete=complete)
