"""What `otac.components` exports, and what importing it costs."""

import subprocess
import sys

import otac.components

SURFACE = {
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
    "work_begins",
    "report",
}


def test_exactly_these_names_are_public() -> None:
    assert set(otac.components.__all__) == SURFACE
    assert all(hasattr(otac.components, name) for name in SURFACE)


def test_importing_loads_no_model_and_no_prefect() -> None:
    code = (
        "import sys, otac.components;"
        "print(*sorted({'prefect', 'numpy', 'wordllama', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "\n"
