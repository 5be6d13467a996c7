"""Pipes, ticket systems and classifiers, and what it takes to write one's own."""

from otac.components.add_note import AddNote
from otac.components.check_escalations import CheckEscalations
from otac.components.classifier import Classification, Classifier
from otac.components.classify import Classify
from otac.components.component import Component
from otac.components.create_ticket import CreateTicket
from otac.components.embedding_classifier import EmbeddingClassifier
from otac.components.expression import Expression
from otac.components.fetch_tickets import FetchTickets
from otac.components.handled import report
from otac.components.history import HistorySearch, HistoryTicketSystem
from otac.components.hugging_face import HuggingFaceClassifier
from otac.components.inspection import Asked, Inspectable, Problem
from otac.components.invoke import construct, invoke
from otac.components.keyword_classifier import KeywordClassifier
from otac.components.llm import LLMClassifier
from otac.components.notifier import Notifier
from otac.components.once import idempotency_key
from otac.components.open_ticket_ai import install
from otac.components.otobo_znuny import OTOBOZnunyTicketSystem
from otac.components.outcome import Fail, Stop, Unavailable
from otac.components.process_tickets import ProcessTickets
from otac.components.sqlite import SqliteTicketSystem
from otac.components.ticket_system import (
    ClaimingTicketSystem,
    Named,
    NewTicket,
    Note,
    Queue,
    Ticket,
    TicketChanges,
    TicketSearch,
    TicketSystem,
)
from otac.components.trained_classifier import TrainedClassifier
from otac.components.update_ticket import UpdateTicket
from otac.components.work import work_begins

# From here on, plugins find `open_ticket_ai` also where it is not installed.
install()

__all__ = [
    "AddNote",
    "Asked",
    "CheckEscalations",
    "ClaimingTicketSystem",
    "Classification",
    "Classifier",
    "Classify",
    "Component",
    "CreateTicket",
    "EmbeddingClassifier",
    "Expression",
    "Fail",
    "FetchTickets",
    "HistorySearch",
    "HistoryTicketSystem",
    "HuggingFaceClassifier",
    "Inspectable",
    "KeywordClassifier",
    "LLMClassifier",
    "Named",
    "NewTicket",
    "Note",
    "Notifier",
    "OTOBOZnunyTicketSystem",
    "Problem",
    "ProcessTickets",
    "Queue",
    "SqliteTicketSystem",
    "Stop",
    "Ticket",
    "TicketChanges",
    "TicketSearch",
    "TicketSystem",
    "TrainedClassifier",
    "Unavailable",
    "UpdateTicket",
    "construct",
    "idempotency_key",
    "invoke",
    "report",
    "work_begins",
]
