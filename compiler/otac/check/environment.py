"""What a run will ask for by name: variables of its environment, and what Prefect stores."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from otac.check.templates import templates
from otac.diagnostics.diagnostic import Diagnostic, Severity, warning
from otac.diagnostics.suggest import nearest
from otac.expressions.parse import parse
from otac.expressions.reference import EnvReference, SecretReference, VariableReference
from otac.lower.project import Project
from otac.source.document import Document, Span
from otac.source.scalar_position import subspan


class ReadVariable(NamedTuple):
    """A variable that is read and has no default.

    `service` is the title of the service that cannot be made without it; None for what a
    step or a notification reads.
    """

    name: str
    span: Span
    service: str | None


def variables(project: Project, document: Document) -> Iterator[ReadVariable]:
    """Each place at which one is read, in the order of the project."""
    for template, place in templates(project):
        for reference in parse(template.text).references:
            if not isinstance(reference, EnvReference) or reference.has_default:
                continue
            name, scalar = reference.name, template.scalar
            if name is not None:
                span = template.origin
                if scalar is not None:
                    span = subspan(document, scalar, name.start, name.end)
                yield ReadVariable(name.text, span, place.service)


def unset(
    variable: ReadVariable, names: Collection[str], label: str, severity: Severity
) -> Diagnostic:
    """That it is not among the `names` that are set."""
    name, similar = variable.name, nearest(variable.name, names)
    return Diagnostic(
        "OTC387",
        severity,
        f"environment variable `{name}` is not set",
        variable.span,
        label,
        f"did you mean `{similar}`?"
        if similar
        else f"set it, or write `get_env('{name}', default='...')`",
        similar,
    )


def check_environment(
    project: Project, document: Document, names: frozenset[str]
) -> Iterator[Diagnostic]:
    """Warn of variables without a default that are not among the `names` that are set."""
    label = "the file given with `--env-file` has no such name"
    for variable in variables(project, document):
        if variable.name not in names:
            yield unset(variable, names, label, Severity.WARNING)


# Names of what Prefect stores: `secret('...')` and `variable('...')`.
class StoredName(NamedTuple):
    """What a thing may be called; Prefect 3 refuses to store another name."""

    what: str
    wrong: re.Pattern[str]
    expected: str


_SECRET = StoredName(
    "Secret block", re.compile(r"[^a-z0-9-]+"), "lowercase letters, digits and `-`"
)
_VARIABLE = StoredName(
    "Variable",
    re.compile(r"[^a-z0-9_-]+"),
    "lowercase letters, digits, `-` and `_`",
)


def stored_name(reference: SecretReference | VariableReference) -> StoredName:
    """What its name must be like."""
    return _SECRET if isinstance(reference, SecretReference) else _VARIABLE


def wrong_name(found: StoredName, name: str, span: Span) -> Diagnostic | None:
    """A finding about a name that no such thing can have.

    A server that was there before Prefect 3 may know one all the same: it is a warning.
    """
    if name and not found.wrong.search(name):
        return None
    meant = found.wrong.sub("-", name.casefold()).strip("-")
    return warning(
        "OTC305",
        f"Prefect stores no {found.what} with the name `{name}`",
        span,
        f"expected {found.expected}",
        help=f"call it `{meant}`, here and in Prefect" if meant else None,
    )
