"""Lets plugins import `open_ticket_ai` where that package is not installed.

Release 1.5.14 needs Python 3.14 and a package that was never published, so that it can
hardly be installed beside Prefect. A plugin needs no more of it than the names below. The
finder stands at the end of Python's list: an installed package always comes first.
"""

import importlib
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

_TOP = "open_ticket_ai"
_BASE = f"{__package__}.base"
_MODELS = f"{__package__}.models"
_TICKETS = (
    "TicketSearchCriteria UnifiedEntity UnifiedNote UnifiedTicket UnifiedTicketBase"
)
_PUBLIC = (
    "AppConfig AppLogger Injectable LoggerFactory NoRender NoRenderField Pipe"
    " PipeFactory Plugin TemplateRenderer TemplateRenderError TicketSystemService"
)

# Module of Open Ticket AI: module of ours, and the names in it.
_NAMES: Mapping[str, Sequence[tuple[str, str]]] = {
    "": (
        (_MODELS, f"InjectableConfig InjectableConfigBase StrictBaseModel {_TICKETS}"),
        (_BASE, _PUBLIC),
    ),
    "core": (),
    "core.ai_classification_services": (),
    "core.ai_classification_services.classification_models": (
        (_MODELS, "ClassificationRequest ClassificationResult"),
    ),
    "core.ai_classification_services.classification_service": (
        (_MODELS, "ClassificationRequest ClassificationResult"),
        (_BASE, "ClassificationService"),
    ),
    "core.base_model": ((_MODELS, "StrictBaseModel"),),
    "core.config": (),
    "core.config.app_config": ((_BASE, "AppConfig"),),
    "core.dependency_injection": (),
    "core.dependency_injection.component_registry": ((_BASE, "ComponentRegistry"),),
    "core.injectables": (),
    "core.injectables.injectable": ((_BASE, "Injectable"),),
    "core.injectables.injectable_models": (
        (_MODELS, "InjectableConfig InjectableConfigBase"),
    ),
    "core.logging": (),
    "core.logging.logging_iface": ((_BASE, "AppLogger LoggerFactory"),),
    "core.pipes": (),
    "core.pipes.pipe": ((_BASE, "Pipe"),),
    "core.pipes.pipe_context_model": ((_MODELS, "PipeContext"),),
    "core.pipes.pipe_factory": ((_BASE, "PipeFactory"),),
    "core.pipes.pipe_models": ((_MODELS, "PipeConfig PipeResult"),),
    "core.plugins": (),
    "core.plugins.plugin": ((_BASE, "Plugin"),),
    "core.template_rendering": (),
    "core.template_rendering.template_renderer": (
        (_BASE, "NoRender NoRenderField TemplateRenderer TemplateRenderError"),
    ),
    "core.ticket_system_integration": (),
    "core.ticket_system_integration.ticket_system_service": (
        (_BASE, "TicketSystemService"),
    ),
    "core.ticket_system_integration.unified_models": ((_MODELS, _TICKETS),),
}


class _Finder(MetaPathFinder, Loader):
    """Finds the modules above and fills them."""

    def find_spec(
        self, name: str, path: object = None, target: object = None
    ) -> ModuleSpec | None:
        if name != _TOP and not name.startswith(f"{_TOP}."):
            return None
        if name != _TOP and not _is_ours(sys.modules.get(_TOP)):
            # A module that the installed release does not have stays missing.
            return None
        if _below(name) not in _NAMES:
            return None
        return ModuleSpec(name, self, origin="otac", is_package=True)

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        for source, names in _NAMES[_below(module.__name__)]:
            origin = importlib.import_module(source)
            for name in names.split():
                setattr(module, name, getattr(origin, name))


def install() -> None:
    """Add the finder, once."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())


def _is_ours(module: ModuleType | None) -> bool:
    spec = getattr(module, "__spec__", None)
    return spec is not None and isinstance(spec.loader, _Finder)


def _below(name: str) -> str:
    return name.removeprefix(_TOP).removeprefix(".")
