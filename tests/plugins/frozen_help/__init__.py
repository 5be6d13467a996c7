"""A plugin that carries its own copy of the protocol, and names nothing of anybody's."""

from typing import Any, ClassVar

from pydantic import BaseModel


class Outcome(BaseModel):
    succeeded: bool = True
    was_skipped: bool = False
    message: str = ""
    data: dict[str, Any] = {}


class Settings(BaseModel):
    id: str
    use: str
    injects: dict[str, str] = {}
    params: dict[str, Any] = {}


class Around(BaseModel):
    pipe_results: dict[str, dict[str, Any]]
    params: dict[str, Any]
    parent_params: dict[str, Any] | None


class Base:
    ParamsModel: ClassVar[type[BaseModel]]

    def __init__(self, config: Any, logger_factory: Any) -> None:
        self.config = Settings.model_validate(config.model_dump())
        self.log = logger_factory.create(name=type(self).__name__)
        self.params = self.ParamsModel.model_validate(config.params)


class Desk(Base):
    """A service."""

    class ParamsModel(BaseModel):
        name: str = "desk"


class Add(Base):
    """Adds to what an earlier pipe returned. Written without `async`."""

    class ParamsModel(BaseModel):
        number: int
        to: str = ""

    def __init__(self, config: Any, logger_factory: Any, desk: Any) -> None:
        super().__init__(config, logger_factory)
        self.desk = desk

    def _process(self, context: Around) -> Outcome:
        assert type(context) is Around
        before = context.pipe_results.get(self.params.to, {"data": {"sum": 0}})
        total = before["data"]["sum"] + self.params.number
        self.log.debug("added", extra={"total": total})
        return Outcome(data={"sum": total, "at": self.desk.params.name})


class Plugin:
    def __init__(self, app_config: Any) -> None:
        pass

    def _get_all_injectables(self) -> list[type]:
        return [Add, Desk]
