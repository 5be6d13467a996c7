"""The shape of a component that is a class."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Parameters(BaseModel):
    """Base of the built-in components' `Params`: unknown names are refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        coerce_numbers_to_str=True,
        protected_namespaces=(),
    )


class Component:
    """A component with a parameter model and services.

    A subclass declares what it wants to be given and how it works:

        class Triage(Component):
            class Params(BaseModel):
                ticket_id: str

            params: Params
            ticket_system: TicketSystem
            notifier: Notifier | None = None

            async def run(self) -> dict[str, str]: ...

    Every annotated attribute but `params` is a service, injected under its name; one
    with a value may be left out. Instances live for one call.
    """

    Params: ClassVar[type[BaseModel]] = Parameters
    params: Any

    def __init__(self, params: BaseModel, **services: object) -> None:
        self.params = params
        for name, service in services.items():
            setattr(self, name, service)

    def run(self) -> Any:
        """Do the work and return the result: `async def`, or `def` to run in a thread."""
        raise NotImplementedError(f"`{type(self).__name__}` has no method `run`")
