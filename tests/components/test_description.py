"""What components of one's own take and return, as `otac components sync` records it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field
from service_slot import slot

from otac.components import Classifier, Component, Fail, Notifier, TicketSystem
from otac.components.description import describe


@dataclass
class Made:
    number: int


async def function(
    ticket_id: str,
    *,
    ticket_system: TicketSystem,
    notifier: Notifier | None = None,
    how: Annotated[Literal["a", "b"], Field(description="Which way")] = "a",
    wait: timedelta = timedelta(seconds=3),
) -> Made:
    """Does it.

    And more.
    """
    return Made(1)


def test_a_function() -> None:
    assert describe(function) == {
        "kind": "unknown",
        "description": "Does it.",
        "parameters": {
            "additionalProperties": False,
            "properties": {
                "ticket_id": {"type": "string"},
                "how": {
                    "default": "a",
                    "description": "Which way",
                    "enum": ["a", "b"],
                    "type": "string",
                },
                "wait": {"format": "duration", "type": ["string", "number"]},
            },
            "required": ["ticket_id"],
            "type": "object",
        },
        "services": {
            "ticket_system": slot("ticket_system", TicketSystem),
            "notifier": slot("notifier", Notifier, required=False),
        },
        "results": {
            "properties": {"number": {"type": "integer"}},
            "required": ["number"],
            "type": "object",
        },
        "network": False,
    }


class Triage(Component):
    """A component."""

    class Params(BaseModel):
        limit: int = 3

    classifier: Classifier

    async def run(self) -> list[str]:
        return []


def test_a_class() -> None:
    found = describe(Triage)
    assert found["kind"] == "pipe"
    assert found["parameters"]["properties"] == {
        "limit": {"default": 3, "type": "integer"}
    }
    assert found["parameters"]["additionalProperties"] is False
    assert found["services"] == {"classifier": slot("classifier", Classifier)}
    # Any other value than a mapping becomes `value`.
    assert found["results"]["properties"] == {
        "value": {"items": {"type": "string"}, "type": "array"}
    }


@pytest.mark.parametrize("returned", [Any, None, dict[str, int], Mapping[str, Any]])
def test_results_that_are_not_told(returned: Any) -> None:
    def component() -> None: ...

    component.__annotations__["return"] = returned
    assert describe(component)["results"] is None


def test_parameters_that_json_does_not_know() -> None:
    def component(clean: Callable[[str], str]) -> None: ...

    assert describe(component)["parameters"] is None


def test_names_that_are_not_listed() -> None:
    def component(**more: object) -> None: ...

    assert describe(component)["parameters"]["additionalProperties"] is True


def test_what_no_component_can_take() -> None:
    def component(text: str, /) -> None: ...

    with pytest.raises(Fail, match="takes `text` by position only"):
        describe(component)
