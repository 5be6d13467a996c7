"""Environment variables that a run will ask for."""

from collections.abc import Iterator

from otac.check.templates import templates
from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.diagnostics.suggest import nearest
from otac.expressions.parse import parse
from otac.expressions.reference import EnvReference
from otac.lower.project import Project
from otac.source.document import Document
from otac.source.scalar_position import subspan


def check_environment(
    project: Project, document: Document, names: frozenset[str]
) -> Iterator[Diagnostic]:
    """Warn of variables without a default that are not among the `names` that are set."""
    for template, _ in templates(project):
        for reference in parse(template.text).references:
            if not isinstance(reference, EnvReference) or reference.has_default:
                continue
            name = reference.name
            if name is None or name.text in names:
                continue
            similar = nearest(name.text, names)
            scalar = template.scalar
            yield warning(
                "OTC387",
                f"environment variable `{name.text}` is not set",
                template.origin
                if scalar is None
                else subspan(document, scalar, name.start, name.end),
                "the file given with `--env-file` has no such name",
                help=f"did you mean `{similar}`?"
                if similar
                else f"set it, or write `get_env('{name.text}', default='...')`",
                suggestion=similar,
            )
