"""`depends_on`: names earlier steps."""

from collections.abc import Iterator

from otac.check.scope import Lookup, find, paths, visible
from otac.check.templates import scopes
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.suggest import nearest
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
                match found:
                    case Lookup.ITSELF:
                        yield error(
                            "OTC302",
                            f"step `{step.id}` depends on itself",
                            span,
                            "it cannot have succeeded before it runs",
                            help="remove it",
                        )
                    case Lookup.LATER:
                        yield error(
                            "OTC302",
                            f"step `{name}` runs later",
                            span,
                            "steps run in the order written",
                            help="move that step before this one",
                        )
                    case Lookup.AMBIGUOUS:
                        yield error(
                            "OTC303",
                            f"several steps are called `{name}`",
                            span,
                            "more than one earlier composite has a step with this id",
                            help=f"write one of {_listed(paths(scope, name))}",
                        )
                    case Lookup.UNKNOWN if runner.id not in incomplete:
                        similar = nearest(name, visible(scope))
                        yield error(
                            "OTC301",
                            f"step `{name}` is not defined",
                            span,
                            "no earlier step has this id",
                            help=f"did you mean `{similar}`?" if similar else None,
                            suggestion=similar,
                        )
                    case _:
                        pass


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
