"""OTC305 is what Prefect itself says of a name."""

from uuid import uuid4

import pytest
from prefect.client.schemas.actions import BlockDocumentCreate, VariableCreate
from pydantic import ValidationError

from otac.check.environment import stored_name, wrong_name
from otac.expressions.reference import SecretReference, VariableReference
from otac.source.document import Span

_NAMES = (
    *("desk-password", "desk_password", "Desk", "desk password", "desk.password"),
    *("d", "-", "--", "_", "1", "-1-", "größe", "é", "\N{ARABIC-INDIC DIGIT ONE}"),
    *(" desk", "desk/one", "DESK_PASSWORD", "\N{LATIN SMALL LETTER SHARP S}"),
)


def _stores_block(name: str) -> bool:
    ids = {"block_schema_id": uuid4(), "block_type_id": uuid4()}
    try:
        BlockDocumentCreate(name=name, **ids)
    except ValidationError:
        return False
    return True


def _stores_variable(name: str) -> bool:
    try:
        VariableCreate(name=name, value=1)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("name", _NAMES)
def test_a_name_is_wrong_where_prefect_refuses_it(name: str) -> None:
    for reference, stores in (
        (SecretReference(0, 1, None), _stores_block),
        (VariableReference(0, 1, None), _stores_variable),
    ):
        found = wrong_name(stored_name(reference), name, Span(0, 1))
        assert (found is None) == stores(name), reference
        if found is not None and found.help is not None:
            # What the help says to write is a name that Prefect takes.
            assert stores(found.help.split("`")[1])
