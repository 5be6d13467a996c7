"""The parameters and services of a component, read from its source."""

import ast
from typing import Any

import pytest
import typing_extensions

from otac.catalogue import CLASSIFIER, TICKET_SYSTEM, UNKNOWN, ServiceSlot, signature
from otac.catalogue.protocols import protocols
from otac.catalogue.record import ComponentInfo
from otac.components import Classifier, TicketSystem
from otac.components.notifier import Notifier
from otac.components.ticket_system import ClaimingTicketSystem
from otac.config.schema import Schema, compile_schema


def _read(text: str) -> ComponentInfo:
    (node,) = ast.parse(text).body
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    return signature.component("acme.pipes:it", "acme.pipes", node)


def _slot(name: str, *, required: bool = True) -> ServiceSlot:
    """The slot of a parameter that takes one of our protocols."""
    protocol = protocols()[name]
    return ServiceSlot(protocol.kind, required, protocol.methods)


def _schema(found: ComponentInfo) -> Schema:
    assert found.parameters is not None
    return found.parameters


def _types(text: str) -> Schema:
    properties = _schema(_read(f"def it(x: {text}): ...")).properties
    assert properties is not None
    return properties["x"]


def test_a_function() -> None:
    found = _read("async def it(ticket_id: str, /, limit: int = 10, *, tag=None): ...")
    assert (found.module, found.attribute, found.kind) == ("acme.pipes", "it", UNKNOWN)
    schema = _schema(found)
    assert list(schema.properties or {}) == ["ticket_id", "limit", "tag"]
    assert schema.required == ("ticket_id",)
    assert schema.additional is False
    assert found.services == {}
    assert found.results is None


def test_further_keywords_leave_it_open() -> None:
    assert _schema(_read("def it(x, **options): ...")).additional is True


def test_services_are_parameters_of_known_protocols() -> None:
    found = _read(
        "def it(a: TicketSystem, *, b: components.Classifier, "
        "c: TicketSystem | None = None): ..."
    )
    assert found.services == {
        "a": _slot("TicketSystem"),
        "b": _slot("Classifier"),
        "c": _slot("TicketSystem", required=False),
    }
    assert _schema(found).properties == {}
    assert _schema(found).required == ()


def test_an_unknown_class_may_be_a_parameter_or_a_service() -> None:
    found = _read("def it(book: PhoneBook): ...")
    assert found.services == {"book": ServiceSlot(UNKNOWN, False)}
    assert _schema(found).properties == {"book": Schema()}
    assert _schema(found).required == ()


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        ("str", {"type": "string"}),
        ("'int'", {"type": "integer"}),
        ("float", {"type": "number"}),
        ("bool", {"type": "boolean"}),
        ("None", {"type": "null"}),
        ("Any", {}),
        ("typing.Any", {}),
        ("list", {"type": "array"}),
        ("list[int]", {"type": "array", "items": {"type": "integer"}}),
        ("list[PhoneBook]", {"type": "array", "items": {}}),
        ("tuple[int, ...]", {"type": "array"}),
        ("Sequence[str]", {"type": "array"}),
        ("dict[str, int]", {"type": "object"}),
        ("Mapping[str, int]", {"type": "object"}),
        ("int | None", {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        ("Optional[int]", {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        ("Union[int, str]", {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
        ("Literal['a', 'b']", {"enum": ["a", "b"]}),
        ("Literal[1]", {"enum": [1]}),
        ("Annotated[int, Field(ge=1)]", {"type": "integer"}),
        ("int | PhoneBook", {}),
        ("'not python['", {}),
    ],
)
def test_annotations(annotation: str, schema: dict[str, Any]) -> None:
    assert _types(annotation) == compile_schema(schema)


_TRIAGE = """
class it(Component):
    class Params(BaseModel):
        ticket_id: str
        limit: int = 10
        labels: list[str] = Field(default_factory=list)
        text: str = Field(description="no default")
        model: str = Field(..., description="no default")
        kind = "no annotation"

    ticket_system: TicketSystem
    pager: Pager
    name = "no annotation"

    async def run(self): ...
"""


def test_a_component_class() -> None:
    found = _read(_TRIAGE)
    schema = _schema(found)
    assert list(schema.properties or {}) == [
        "ticket_id",
        "limit",
        "labels",
        "text",
        "model",
    ]
    assert schema.required == ("ticket_id", "text", "model")
    assert schema.additional is False
    assert found.services == {
        "ticket_system": _slot("TicketSystem"),
        "pager": ServiceSlot(UNKNOWN, True),
    }


def test_a_plain_class_takes_what_its_constructor_takes() -> None:
    found = _read(
        "class it:\n def __init__(self, url: str, *, timeout: float = 5): ..."
    )
    schema = _schema(found)
    assert list(schema.properties or {}) == ["url", "timeout"]
    assert schema.required == ("url",)


@pytest.mark.parametrize(
    "text",
    [
        # What a base class or an alias adds is not known without importing it.
        "class it(Base):\n def __init__(self, url): ...",
        "class it(Component):\n class Params(Base):\n  x: int",
        "class it(Component):\n class Params(BaseModel):\n  x: int = Field(alias='y')",
        "class it(Base, Component):\n class Params(BaseModel):\n  x: int",
        "class it: ...",
    ],
)
def test_what_is_not_known_is_not_checked(text: str) -> None:
    assert _read(text).parameters is None


def test_the_annotation_of_params_is_no_service() -> None:
    text = "class it(Component):\n class Params(BaseModel): ...\n params: Params"
    assert _read(text).services == {}


def test_a_service_with_a_default_may_be_injected() -> None:
    text = (
        "class it(Component):\n class Params(BaseModel): ...\n"
        " pager: Pager | None = None"
    )
    assert _read(text).services == {"pager": ServiceSlot(UNKNOWN, False)}


def test_a_ticket_system_that_claims_is_one() -> None:
    found = _read("def it(tickets: ClaimingTicketSystem): ...")
    assert found.services == {"tickets": _slot("ClaimingTicketSystem")}


def test_a_component_without_parameters_has_services() -> None:
    found = _read("class it(Component):\n ticket_system: TicketSystem")
    assert found.services == {"ticket_system": _slot("TicketSystem")}


def test_a_decorated_function_is_not_checked() -> None:
    text = "@retried\ndef it(text: str, pager: Pager, tickets: TicketSystem): ..."
    found = _read(text)
    assert found.parameters is None
    assert found.services == {"tickets": _slot("TicketSystem")}


_DESK = """
class Desk:
    async def find(self, search): ...
    async def get(self, ticket_id): ...
    async def create(self, ticket): ...
    async def update(self, ticket_id, changes, note=None, *, key=None): ...
    async def list_queues(self): ...
"""


def test_protocols_ask_for_what_their_classes_say() -> None:
    known = {name: each.methods for name, each in protocols().items()}
    assert known == {
        each.__name__: typing_extensions.get_protocol_members(each)
        for each in (ClaimingTicketSystem, Classifier, Notifier, TicketSystem)
    }


def test_the_methods_of_a_class_say_which_service_it_is() -> None:
    found = _read(_DESK)
    assert found.kind == TICKET_SYSTEM
    assert found.methods == {"find", "get", "create", "update", "list_queues"}
    classifier = "class it:\n async def classify(self, text, *, labels=None): ..."
    assert _read(classifier).kind == CLASSIFIER
    assert _read("class it(Classifier):\n def __init__(self): ...").kind == CLASSIFIER


@pytest.mark.parametrize(
    "text",
    [
        # Not all of them.
        _DESK.replace("def update", "def change"),
        # Of two kinds at once.
        f"{_DESK}    async def classify(self, text): ...",
        "class it: ...",
    ],
)
def test_other_classes_may_be_anything(text: str) -> None:
    assert _read(text).kind == UNKNOWN


@pytest.mark.parametrize("text", ["class it(Base): ...", "class it(metaclass=M): ..."])
def test_what_a_base_adds_is_not_known(text: str) -> None:
    assert _read(text).methods is None
