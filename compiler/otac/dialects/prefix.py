"""`env` of the releases that let only some variables through."""

from otac.diagnostics.diagnostic import error
from otac.dialects.findings import Findings
from otac.dialects.rewriting import environment_names
from otac.dialects.surroundings import KnownEnvironment
from otac.source.document import Document, Mapping, Node, Scalar, Sequence
from otac.source.scalar_position import subspan


def check_environment(
    document: Document, environment: KnownEnvironment, found: Findings
) -> None:
    """Report variables that `env` does not hold because of how they begin."""
    if not environment.prefix:
        return
    pending: list[Node] = [document.root]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            pending.extend(entry.value for entry in node)
        elif isinstance(node, Sequence):
            pending.extend(node.items)
        else:
            _check(node, document, environment, found)


def _check(
    scalar: Scalar, document: Document, environment: KnownEnvironment, found: Findings
) -> None:
    for name, start, end in environment_names(scalar.text):
        if name.startswith(environment.prefix) or name in environment.allowed:
            continue
        suggestion = f"{environment.prefix}{name}"
        found.report(
            error(
                "OTC215",
                f"`env` does not hold `{name}`",
                subspan(document, scalar, start, end),
                f"in this form it has only names that begin with `{environment.prefix}`",
                help=f"name the variable `{suggestion}`, or write today's form, which "
                "reads every variable",
                suggestion=suggestion,
            )
        )
