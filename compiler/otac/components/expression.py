"""`Expression`: a value that later steps can refer to."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from otac.components.component import Component, Parameters


class Expression(Component):
    """Gives a value, usually that of an expression, a name that later steps can use."""

    class Params(Parameters):
        expression: Annotated[Any, Field(description="The value, or `{{ ... }}`")]

    class Result(BaseModel):
        value: Annotated[Any, Field(description="The value")]

    params: Params

    async def run(self) -> dict[str, Any]:
        """The expression was rendered on its way here; the value keeps its type."""
        return {"value": self.params.expression}
