"""The data that components of Open Ticket AI 1.5 take and return.

Names and fields are those of its protocol, since plugins use them by name.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field


class StrictBaseModel(BaseModel):
    """Frozen, and closed to unknown fields."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", protected_namespaces=(), coerce_numbers_to_str=True
    )


class InjectableConfigBase(StrictBaseModel):
    """What a configuration says about a component; `params` are rendered."""

    use: str = ""
    injects: dict[str, str] = Field(default_factory=dict)
    params: dict[str, Any] = Field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.use)


class InjectableConfig(InjectableConfigBase):
    """The same with the id of the step or service."""

    id: str = ""

    def __hash__(self) -> int:
        return hash((self.id, self.use))


class PipeConfig(InjectableConfig):
    """The same for a pipe."""

    def __hash__(self) -> int:
        return super().__hash__()


class PipeResult(StrictBaseModel):
    """How a pipe ended. A skipped one has not succeeded and has not failed."""

    succeeded: bool = True
    was_skipped: bool = False
    message: str = ""
    data: dict[str, Any] = Field(default_factory=dict)

    def __and__(self, other: "PipeResult") -> Self:
        return type(self)(
            succeeded=self.succeeded and other.succeeded,
            was_skipped=self.was_skipped and other.was_skipped,
            message="; ".join(filter(None, (self.message, other.message))),
            data=self.data | other.data,
        )

    def has_succeeded(self) -> bool:
        """Whether it did."""
        return self.succeeded

    def has_failed(self) -> bool:
        """Whether it did; a skipped one has not."""
        return not (self.succeeded or self.was_skipped)

    @classmethod
    def empty(cls) -> Self:
        """A success without data."""
        return cls()

    @classmethod
    def success(cls, message: str = "", data: dict[str, Any] | None = None) -> Self:
        """A success."""
        return cls(message=message, data=data or {})

    @classmethod
    def failure(cls, message: str) -> Self:
        """A failure and its reason."""
        return cls(succeeded=False, message=message)

    @classmethod
    def skipped(cls, message: str = "") -> Self:
        """Neither success nor failure."""
        return cls(succeeded=False, was_skipped=True, message=message)

    @classmethod
    def union(cls, results: Iterable[Self]) -> Self:
        """One result of many: succeeded if all have."""
        whole = cls.empty()
        for result in results:
            whole = whole & result
        return whole


class PipeContext(StrictBaseModel):
    """What a pipe sees of the run: earlier results by id, and parameters around it."""

    pipe_results: dict[str, dict[str, Any]] = Field(default_factory=dict)
    params: dict[str, Any] = Field(default_factory=dict)
    parent_params: dict[str, Any] | None = None

    def has_succeeded(self, pipe_id: str) -> bool:
        """Whether an earlier pipe has, and was not skipped."""
        result = self.pipe_results.get(pipe_id, {})
        return bool(result.get("succeeded")) and not result.get("was_skipped")

    def with_pipe_result(self, pipe_id: str, pipe_result: BaseModel) -> "PipeContext":
        """A copy that knows one more result."""
        known = {**self.pipe_results, pipe_id: pipe_result.model_dump()}
        return self.model_copy(update={"pipe_results": known})

    def with_parent(self, parent_params: BaseModel) -> "PipeContext":
        """A copy inside of a composite with these parameters."""
        return self.model_copy(update={"parent_params": parent_params.model_dump()})

    @property
    def parent(self) -> dict[str, Any] | None:
        """The parameters of the composite around."""
        return self.parent_params

    @staticmethod
    def empty() -> "PipeContext":
        """Nothing has run."""
        return PipeContext()


Id = Annotated[str | None, Field(description="Id in the ticket system")]


class UnifiedEntity(StrictBaseModel):
    """A queue, priority or customer."""

    id: Id = None
    name: str | None = None


class UnifiedNote(BaseModel):
    """An article of a ticket."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)

    id: Id = None
    subject: str = ""
    body: str = ""
    content_type: str | None = "text/plain"


class UnifiedTicketBase(StrictBaseModel):
    """A ticket without its text."""

    id: Id = None
    subject: str | None = None
    queue: UnifiedEntity | None = None
    priority: UnifiedEntity | None = None
    customer: UnifiedEntity | None = None
    notes: list[UnifiedNote] | None = None


class UnifiedTicket(UnifiedTicketBase):
    """A ticket, or what is to change in one."""

    body: str | None = None


class TicketSearchCriteria(StrictBaseModel):
    """Which tickets to find."""

    queue: UnifiedEntity | None = None
    limit: int = 10
    offset: int = 0


class ClassificationRequest(StrictBaseModel):
    """A text for a classifier."""

    text: str
    model_name: str
    api_token: str | None = Field(default=None, repr=False)


class ClassificationResult(StrictBaseModel):
    """What a classifier made of it."""

    label: str
    confidence: float
    scores: Mapping[str, float] = Field(default_factory=dict)
