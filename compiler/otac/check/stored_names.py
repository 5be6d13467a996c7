"""Names of what Prefect stores: `secret('...')` and `variable('...')`."""

import re
from typing import NamedTuple

from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.expressions.reference import SecretReference, VariableReference
from otac.source.document import Span


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
