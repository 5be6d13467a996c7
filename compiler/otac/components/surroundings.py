"""What a component can see of the run around it. Only components of Open Ticket AI look."""

from collections.abc import Mapping
from typing import Any, Protocol


class Surroundings(Protocol):
    """The place of one step. Everything is put together only when it is asked for."""

    @property
    def step(self) -> str:
        """The id of the step."""
        ...

    def results(self) -> Mapping[str, object]:
        """What earlier steps returned, by id; an exception for one that has no result.

        `Skipped` stands for a step that was skipped.
        """
        ...

    def params(self) -> Mapping[str, Any]:
        """The parameters of the flow."""
        ...

    def parent(self) -> dict[str, Any] | None:
        """The parameters of the composite around the step."""
        ...


class Nowhere:
    """A call outside of a run."""

    step = ""

    def results(self) -> Mapping[str, object]:
        return {}

    def params(self) -> Mapping[str, Any]:
        return {}

    def parent(self) -> dict[str, Any] | None:
        return None
