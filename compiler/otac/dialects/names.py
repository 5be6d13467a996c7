"""What components and their parameters were called in the releases of Open Ticket AI."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

COMPOSITE = "Composite"
HUGGING_FACE = "HuggingFaceClassifier"


class Today(NamedTuple):
    """A component as it is called today.

    `parameters` maps the older names of its parameters to today's. `own_model` is true
    for pipes that loaded a Hugging Face model themselves, without a service. The services
    of such a pipe and of older ones were parameters: `services` maps their names.
    """

    name: str
    parameters: Mapping[str, str] = MappingProxyType({})
    own_model: bool = False
    services: Mapping[str, str] = MappingProxyType({})


_TICKET_SYSTEM: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(
        ("ticket_system", "ticket_system_service", "ticketsystem"), "ticket_system"
    )
)
_SEARCH: Mapping[str, str] = MappingProxyType(
    {"search_criteria": "ticket_search_criteria"}
)
_CLASSIFY: Mapping[str, str] = MappingProxyType(
    {"model": "model_name", "prompt": "text"}
)
_CLASSIFIER: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("classification_service", "classifier"), "classification_service")
)

_FETCH = Today("FetchTickets", _SEARCH, services=_TICKET_SYSTEM)
_OWN_MODEL = Today("Classify", _CLASSIFY, own_model=True, services=_CLASSIFIER)
_UPDATE = Today("UpdateTicket", services=_TICKET_SYSTEM)
_NOTE = Today("AddNote", services=_TICKET_SYSTEM)
_CREATE = Today("CreateTicket", services=_TICKET_SYSTEM)
_EXPRESSION = Today("Expression")
_COMPOSITE = Today(COMPOSITE)
_ZNUNY = Today(
    "OTOBOZnunyTicketSystem", MappingProxyType({"server_address": "base_url"})
)
_HUGGING_FACE = Today(HUGGING_FACE, MappingProxyType({"token": "api_token"}))

_TODAY: Mapping[str, Today] = MappingProxyType(
    {
        "FetchTickets": _FETCH,
        "FetchTicketsPipe": _FETCH,
        "TicketFetchPipe": _FETCH,
        "Classify": Today("Classify", _CLASSIFY, services=_CLASSIFIER),
        "ClassificationPipe": Today("Classify", _CLASSIFY, services=_CLASSIFIER),
        "HFLocalTextClassificationPipe": _OWN_MODEL,
        "HfLocalTextClassificationPipe": _OWN_MODEL,
        "TextClassificationPipe": _OWN_MODEL,
        "Expression": _EXPRESSION,
        "ExpressionPipe": _EXPRESSION,
        "JinjaExpressionPipe": _EXPRESSION,
        "UpdateTicket": _UPDATE,
        "UpdateTicketPipe": _UPDATE,
        "UpdateTicketsPipe": _UPDATE,
        "TicketUpdatePipe": _UPDATE,
        "AddNote": _NOTE,
        "AddNotePipe": _NOTE,
        "AddNoteTicketsPipe": _NOTE,
        "TicketAddNotePipe": _NOTE,
        "CreateTicket": _CREATE,
        "CreateTicketPipe": _CREATE,
        "Composite": _COMPOSITE,
        "CompositePipe": _COMPOSITE,
        "OTOBOZnunyTicketSystem": _ZNUNY,
        "OTOBOZnunyTicketSystemService": _ZNUNY,
        "OToboZnunyTicketSystemService": _ZNUNY,
        "OTOBOZnunyClient": _ZNUNY,
        "HuggingFaceClassifier": _HUGGING_FACE,
        "HFClassificationService": _HUGGING_FACE,
        "HFLocalService": _HUGGING_FACE,
        "HuggingFaceLocalTextClassificationService": _HUGGING_FACE,
        "ProcessTickets": Today("ProcessTickets"),
        "CheckEscalations": Today("CheckEscalations"),
    }
)
_RENDERERS = re.compile(r"Jinja2?(?:Template)?(?:Renderer)?\Z")
_ORCHESTRATOR = "SimpleSequentialOrchestrator"
_RUNNER = "SimpleSequentialRunner"
_INTERVAL = "IntervalTrigger"
_PARTS = re.compile(r"[:.]")
# The packages of Open Ticket AI and the names under which their plugins registered, with
# `_` for `-`.
_PACKAGES = frozenset(
    (
        "",
        "base",
        "core",
        "hf_local",
        "open_ticket_ai",
        "open_ticket_ai_hf_local",
        "open_ticket_ai_otobo_znuny",
        "open_ticket_ai_otobo_znuny_plugin",
        "otai_base",
        "otai_hf_local",
        "otai_otobo_znuny",
        "otobo_znuny",
    )
)
# Where the interval trigger of early releases came from.
_SCHEDULER = "apscheduler"


def is_upstream(use: str) -> bool:
    """Whether `use` names something of Open Ticket AI's own packages, or has no package."""
    package, _ = _split(use)
    return package in _PACKAGES


def today(use: str) -> Today | None:
    """Today's component for any name that a release had; None for other people's."""
    package, name = _split(use)
    return _TODAY.get(name) if package in _PACKAGES else None


def todays_component(use: str) -> str:
    """What a component is called today."""
    known = today(use)
    return use if known is None else known.name


def similar_to(use: str) -> tuple[str, ...]:
    """Every name that could have been meant, with the prefix of `use`."""
    prefix = use[: len(use) - len(_split(use)[1])]
    return tuple(prefix + name for name in _TODAY)


def older_parameters(use: str) -> tuple[str, ...]:
    """What parameters of a component were called, where an older name is used for it."""
    known = today(use)
    is_older = known is not None and known.name != use
    return tuple(known.parameters) if known is not None and is_older else ()


def todays_parameter(use: str, name: str | None) -> str | None:
    """What a parameter of a component is called today."""
    known = today(use)
    return name if known is None or name is None else known.parameters.get(name, name)


def is_renderer(use: str) -> bool:
    """Whether a service only configures how expressions are rendered."""
    package, name = _split(use)
    return package in _PACKAGES and _RENDERERS.match(name) is not None


def is_orchestrator(use: str) -> bool:
    """The loop around the runners of 1.1 to 1.5."""
    return is_upstream(use) and _split(use)[1] == _ORCHESTRATOR


def is_runner(use: str) -> bool:
    """A trigger and what it starts, in 1.1 to 1.5."""
    return is_upstream(use) and _split(use)[1] == _RUNNER


def is_interval_trigger(use: str) -> bool:
    """A trigger that fires at an interval."""
    package, name = _split(use)
    return name == _INTERVAL and (package in _PACKAGES or package == _SCHEDULER)


def _split(use: str) -> tuple[str, str]:
    """The outermost package, `_` for `-`, and the last name."""
    parts = _PARTS.split(use)
    return ("" if len(parts) == 1 else parts[0].replace("-", "_")), parts[-1]
