"""What otac leaves on a deployment, to know it again.

Labels, which Prefect keeps when it deploys: whose it is, digests of the fields as otac
applied them, and of the names of the automations that start it. A field whose digest is
another now was changed by somebody else.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from otac.deploy.fields import FIELDS
from otac.lower.project import DEFAULT_PROJECT_NAME
from otac.source.document import Json

OWNER, APPLIED, STARTED_BY = "otac.project", "otac.applied", "otac.started-by"
# To be raised whenever `fields` spells a field in another way.
_FORM = "1"
_DIGITS = 4
_TRIGGERS = "triggers"
_REMEMBERED = (*FIELDS, _TRIGGERS)


@dataclass(frozen=True, slots=True)
class OwnerMark:
    """`owner` is None for what otac did not make; `digests` are empty where the mark is
    of another form. `started_by` is None in marks of otac 0.1."""

    owner: str | None
    digests: Mapping[str, str]
    started_by: frozenset[str] | None = None

    def remembers(self, field: str, value: Json) -> bool:
        """Whether the field had this value when otac applied it, as far as is known."""
        return self.digests.get(field) in (None, _digest(value))

    def made(self, automation: str) -> bool:
        """Whether otac made an automation of this name to start the deployment."""
        return self.started_by is not None and _digest(automation) in self.started_by


def read_mark(labels: Mapping[str, Any] | None) -> OwnerMark:
    """The mark among a deployment's labels."""
    labels = labels or {}
    owner, applied = labels.get(OWNER), str(labels.get(APPLIED, ""))
    form, _, digits = applied.partition(":")
    digests: dict[str, str] = {}
    if form == _FORM and len(digits) == _DIGITS * len(_REMEMBERED):
        for index, field in enumerate(_REMEMBERED):
            digests[field] = digits[index * _DIGITS : (index + 1) * _DIGITS]
    names = labels.get(STARTED_BY)
    started_by = None if names is None else frozenset(_portions(str(names)))
    return OwnerMark(None if owner is None else str(owner), digests, started_by)


def labels(
    owner: str, fields: Mapping[str, Json], triggers: Json, automations: Iterable[str]
) -> dict[str, str]:
    """The labels for a deployment with these fields, which such automations start."""
    values = {**fields, _TRIGGERS: triggers}
    digests = "".join(_digest(values[field]) for field in _REMEMBERED)
    names = "".join(_digest(name) for name in automations)
    return {OWNER: owner, APPLIED: f"{_FORM}:{digests}", STARTED_BY: names}


def _portions(digits: str) -> Iterator[str]:
    return (digits[at : at + _DIGITS] for at in range(0, len(digits), _DIGITS))


def owner(project: str, pull: Json) -> str:
    """The name under which otac knows a project's deployments.

    The name a project has without having been given one may be that of others on the
    same server. Such projects are told apart by where their runs get the code.
    """
    if project != DEFAULT_PROJECT_NAME:
        return project
    return f"{project}.{sha256(_canonical(pull)).hexdigest()[:8]}"


def _digest(value: Json) -> str:
    return sha256(_canonical(value)).hexdigest()[:_DIGITS]


def _canonical(value: Json) -> bytes:
    return json.dumps(value, sort_keys=True).encode()
