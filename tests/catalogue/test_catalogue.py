"""The built-in components, and user components beside them."""

from otac.catalogue import (
    CLASSIFIER,
    TICKET_SYSTEM,
    NotFound,
    ServiceSlot,
    built_in_catalogue,
)


def test_the_built_in_names() -> None:
    assert built_in_catalogue().names == (
        "AddNote",
        "CheckEscalations",
        "Classify",
        "CreateTicket",
        "EmbeddingClassifier",
        "Expression",
        "FetchTickets",
        "HuggingFaceClassifier",
        "KeywordClassifier",
        "LLMClassifier",
        "OTOBOZnunyTicketSystem",
        "ProcessTickets",
        "SqliteTicketSystem",
        "TrainedClassifier",
        "UpdateTicket",
    )


def test_a_pipe() -> None:
    found = built_in_catalogue().built_in("Classify")
    assert found is not None
    assert (found.kind, found.module, found.attribute) == (
        "pipe",
        "otac.components",
        "Classify",
    )
    assert found.parameters is not None
    assert list(found.parameters.properties or {}) == [
        "text",
        "labels",
        "model_name",
        "label_map",
        "min_confidence",
    ]
    assert found.parameters.required == ("text",)
    assert found.parameters.additional is False
    assert found.services == {
        "classification_service": ServiceSlot(CLASSIFIER, True, frozenset({"classify"}))
    }
    assert found.results is not None
    assert list(found.results.properties or {}) == [
        "label",
        "confidence",
        "scores",
        "reason",
        "target",
    ]
    assert found.results.additional is False


def test_services() -> None:
    catalogue = built_in_catalogue()
    kinds = {
        name: found.kind
        for name in catalogue.names
        if (found := catalogue.built_in(name)) is not None and found.kind != "pipe"
    }
    assert kinds == {
        "EmbeddingClassifier": CLASSIFIER,
        "HuggingFaceClassifier": CLASSIFIER,
        "KeywordClassifier": CLASSIFIER,
        "LLMClassifier": CLASSIFIER,
        "OTOBOZnunyTicketSystem": TICKET_SYSTEM,
        "SqliteTicketSystem": TICKET_SYSTEM,
        "TrainedClassifier": CLASSIFIER,
    }


def test_imported_components_stand_beside_them() -> None:
    missing = NotFound("acme")
    catalogue = built_in_catalogue().knowing({"acme:it": missing}, None)
    assert catalogue.imported("acme:it") is missing
    assert catalogue.imported("acme:other") is None
    assert catalogue.built_in("acme:it") is None
    assert catalogue.built_in("Classify") is not None
