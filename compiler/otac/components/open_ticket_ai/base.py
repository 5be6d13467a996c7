"""The classes that components of Open Ticket AI 1.5 are derived from.

Plugins find them under `open_ticket_ai` where that package is not installed (`shim.py`).
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, NoReturn, cast

from pydantic import BaseModel
from pydantic.fields import Field, FieldInfo
from typing_extensions import TypeVar

from otac.components.open_ticket_ai.models import (
    ClassificationRequest,
    ClassificationResult,
    InjectableConfig,
    PipeConfig,
    PipeContext,
    PipeResult,
    StrictBaseModel,
    TicketSearchCriteria,
    UnifiedNote,
    UnifiedTicket,
)
from otac.components.outcome import Fail

ParamsT = TypeVar("ParamsT", bound=BaseModel, default=StrictBaseModel)


class AppLogger(ABC):
    """What components log with."""

    @abstractmethod
    def debug(self, message: str, **kwargs: Any) -> None: ...

    @abstractmethod
    def info(self, message: str, **kwargs: Any) -> None: ...

    @abstractmethod
    def warning(self, message: str, **kwargs: Any) -> None: ...

    @abstractmethod
    def error(self, message: str, **kwargs: Any) -> None: ...

    @abstractmethod
    def exception(self, message: str, **kwargs: Any) -> None: ...


class LoggerFactory(ABC):
    """Where components get their loggers from."""

    @abstractmethod
    def create(self, name: str, *args: Any, **kwargs: Any) -> AppLogger: ...


class Injectable(Generic[ParamsT]):
    """Anything that a configuration names: a pipe or a service."""

    ParamsModel: ClassVar[type[BaseModel]] = StrictBaseModel

    def __init__(
        self,
        config: InjectableConfig,
        logger_factory: LoggerFactory,
        *_: Any,
        **__: Any,
    ) -> None:
        self._config = config
        self._logger = logger_factory.create(f"{type(self).__name__}.{config.id}")
        self._params = cast(ParamsT, self.ParamsModel.model_validate(config.params))
        self._log_init()

    def _log_init(self) -> None:
        """For components that have something to say; the parameters may be secret."""

    @classmethod
    def get_registry_name(cls) -> str:
        """The name behind that of the plugin."""
        return cls.__name__


class Pipe(Injectable[ParamsT], ABC, Generic[ParamsT]):
    """A step."""

    _config: PipeConfig

    def __init__(
        self,
        config: PipeConfig,
        logger_factory: LoggerFactory,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(config, logger_factory, *args, **kwargs)

    async def process(self, context: PipeContext) -> PipeResult:
        """Does the step's work."""
        return await self._process(context)

    async def _process(self, *_: Any, **__: Any) -> PipeResult:
        return PipeResult.skipped()


class TicketSystemService(Injectable[ParamsT], Generic[ParamsT]):
    """A ticket system."""

    async def create_ticket(
        self, ticket: UnifiedTicket | None = None, **kwargs: Any
    ) -> UnifiedTicket:
        raise NotImplementedError("create_ticket")

    async def update_ticket(
        self, ticket_id: str, updates: UnifiedTicket | None = None, **kwargs: Any
    ) -> bool:
        raise NotImplementedError("update_ticket")

    async def find_tickets(
        self, criteria: TicketSearchCriteria | None = None, **kwargs: Any
    ) -> list[UnifiedTicket]:
        raise NotImplementedError("find_tickets")

    async def find_first_ticket(
        self, criteria: TicketSearchCriteria | None = None, **kwargs: Any
    ) -> UnifiedTicket | None:
        raise NotImplementedError("find_first_ticket")

    async def get_ticket(self, ticket_id: str) -> UnifiedTicket | None:
        raise NotImplementedError("get_ticket")

    async def add_note(
        self, ticket_id: str, note: UnifiedNote | None = None, **kwargs: Any
    ) -> bool:
        raise NotImplementedError("add_note")


class ClassificationService(Injectable[ParamsT], ABC, Generic[ParamsT]):
    """A classifier."""

    @abstractmethod
    def classify(self, req: ClassificationRequest) -> ClassificationResult: ...

    @abstractmethod
    async def aclassify(self, req: ClassificationRequest) -> ClassificationResult: ...


class PipeFactory:
    """Would let a pipe run other pipes; here, the compiler writes out which steps run."""

    async def create_pipe(self, *_: Any, **__: Any) -> NoReturn:
        """Refuses."""
        raise Fail(
            "a pipe cannot run other pipes here: write them as `steps` of a composite"
        )


class AppConfig:
    """What plugins ask of the application's configuration."""

    PLUGIN_NAME_PREFIX: ClassVar[str] = "otai-"
    REGISTRY_IDENTIFIER_SEPERATOR: ClassVar[str] = ":"
    PLUGIN_ENTRY_POINT_GROUP: ClassVar[str] = "open_ticket_ai.plugins"


class ComponentRegistry:
    """The components that plugins have registered, by name."""

    def __init__(self) -> None:
        self._injectables: dict[str, type[Any]] = {}

    def register(self, registry_identifier: str, register_class: type[Any]) -> None:
        """Adds one."""
        self._injectables[registry_identifier] = register_class

    def get_available_injectables(self) -> list[str]:
        """Their names."""
        return list(self._injectables)


class Plugin(ABC):
    """Lists the components of a package."""

    def __init__(self, app_config: AppConfig | None = None) -> None:
        self._app_config = app_config or AppConfig()

    def on_load(self, registry: ComponentRegistry) -> None:
        """Registers them."""
        for injectable in self._get_all_injectables():
            registry.register(self.get_registry_name(injectable), injectable)

    @property
    def _plugin_name(self) -> str:
        return type(self).__module__.partition(".")[0].replace("_", "-")

    @property
    def _component_name_prefix(self) -> str:
        return self._plugin_name.replace(self._app_config.PLUGIN_NAME_PREFIX, "")

    def get_registry_name(self, injectable: type[Any]) -> str:
        """The name by which a configuration uses it."""
        separator = self._app_config.REGISTRY_IDENTIFIER_SEPERATOR
        own: str = injectable.get_registry_name()
        return f"{self._component_name_prefix}{separator}{own}"

    @abstractmethod
    def _get_all_injectables(self) -> list[type[Any]]: ...


class TemplateRenderError(Exception):
    """A template could not be rendered."""


class TemplateRenderer(Injectable[ParamsT], ABC, Generic[ParamsT]):
    """Renders templates; here, the compiler's own expressions take its place."""


def NoRender(field: FieldInfo) -> FieldInfo:
    """A field whose value is not rendered; here, every value is."""
    return field


def NoRenderField(**kwargs: Any) -> Any:
    """The same for a field that is declared so."""
    return Field(**kwargs)
