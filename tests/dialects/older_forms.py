"""Documents in older forms, for the tests beside this file."""

from typing import Any, cast

from otac import source
from otac.config.schema import configuration_schema
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.dialects import Dialect, Form, recognise
from otac.dialects.translate import translate
from otac.source.document import Document, Mapping

SCHEMA = configuration_schema()


def document(text: str) -> Document:
    """A text that can be read."""
    found = source.read("config.yml", text.encode())
    assert isinstance(found, Document)
    return found


def form_of(text: str) -> Form:
    """The form a text is taken for."""
    found = recognise(document(text).root)
    assert isinstance(found, Dialect)
    return found.form


def canonical(text: str) -> tuple[dict[str, Any], tuple[Diagnostic, ...]]:
    """The canonical body of a text in an older form, as plain data, and the findings."""
    read = document(text)
    dialect = recognise(read.root)
    assert isinstance(dialect, Dialect)
    translated = translate(read, dialect.form, Severity.ERROR)
    body = cast(Mapping, translated.body)
    return body.plain(), translated.diagnostics


def pipe_of(text: str) -> dict[str, Any]:
    """The pipe of the only runner."""
    body, _ = canonical(text)
    orchestrator: Any = body["orchestrator"]
    (runner,) = orchestrator["runners"]
    pipe: dict[str, Any] = runner["pipe"]
    return pipe
