"""Ids of steps in expressions."""

from collections.abc import Iterator

from otac.check.scope import Lookup, StepScope, find, paths, visible, visible_paths
from otac.check.templates import scopes
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.edit import How, Reshaping
from otac.diagnostics.suggest import nearest, several
from otac.lower.project import Project
from otac.source.document import Span


def explain(
    why: Lookup, scope: StepScope, name: str, span: Span, *, complete: bool
) -> Iterator[Diagnostic]:
    """What is wrong with asking for the result of step `name` at this place.

    Where the runner is not complete, the step may be what was refused.
    """
    match why:
        case Lookup.AMBIGUOUS:
            listed = ", ".join(f"`{path}`" for path in paths(scope, name))
            yield error(
                "OTC303",
                f"several steps are called `{name}`",
                span,
                "more than one earlier composite has a step with this id",
                help=f"write one of {listed}",
            )
        case Lookup.LATER:
            yield error(
                "OTC302",
                f"step `{name}` runs later",
                span,
                "steps run in the order written, and this one has no result yet",
                help="move that step before this one",
            )
        case Lookup.ITSELF:
            yield error(
                "OTC302",
                f"step `{name}` has not run yet",
                span,
                "this is the step itself, or the composite around it",
            )
        case Lookup.INSIDE:
            yield error(
                "OTC302",
                f"step `{name}` has not run yet",
                span,
                "it stands inside this composite, whose parameters are known before its "
                "steps run",
                help="ask for it in the step that needs it",
            )
        case Lookup.REPEATED:
            yield error(
                "OTC303",
                f"step `{name}` ran once for each item",
                span,
                "it is inside a `for_each`, and this is outside of it",
                help="ask for the composite: its value is the list of all results",
            )
        case Lookup.UNKNOWN if complete:
            known = visible_paths(scope) if "." in name else visible(scope)
            similar = nearest(name, known)
            all_of = ", ".join(several(name, known))
            if all_of:
                yield error(
                    "OTC301",
                    f"step `{name}` is not defined",
                    span,
                    "these are several steps, and one text to YAML",
                    help=f"make a list of them: `[{all_of}]`",
                    proposed=Reshaping(How.AS_ITEMS, span, all_of),
                )
                return
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


# `depends_on`: names earlier steps.
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
