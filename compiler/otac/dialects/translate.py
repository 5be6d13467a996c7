"""A document in any form -> the canonical document."""

import json
import re
from functools import cache
from typing import Any, cast

from otac import resources
from otac.config.schema import Schema, compile_schema
from otac.config.shape import check_shape
from otac.diagnostics.diagnostic import Severity
from otac.dialects import c, d, e, f, p
from otac.dialects.dialect import Form, Translated
from otac.dialects.findings import Findings
from otac.dialects.flat_routing import grouped_models, one_model, two_models
from otac.dialects.named_pipes import named_pipes
from otac.dialects.nodes import mapping, nest_dotted_keys, read_integers, without
from otac.dialects.recognition import body_of
from otac.dialects.step_routing import step_pipelines
from otac.dialects.translation import Translators
from otac.dialects.wired_parts import wired_parts
from otac.source.document import Document, Mapping, Sequence

# Beside the body, and where there is no `open_ticket_ai` in it.
_HOLDS_ANCHORS = re.compile(r"\$schema\Z|definitions\Z|_|x-")

# Every part of them decides on all tickets: what is left without one means nothing.
_FORMS_OF_ONE_STEP = (
    Form.ONE_MODEL,
    Form.TWO_MODELS,
    Form.NAMED_PIPES,
    Form.WIRED_PARTS,
    Form.GROUPED_MODELS,
    Form.PIPELINE_STEPS,
    Form.DEFINED_PIPES,
)


def translate(document: Document, form: Form, unresolved: Severity) -> Translated:
    """Translate a document whose form was recognised as an older one.

    Every node of the result has the place of what it was made of, so that later findings
    point into the user's own text, and keys show the names that stand there.
    """
    body = body_of(cast(Mapping, document.root))
    beside = [key for key in body.entries if _HOLDS_ANCHORS.match(key)]
    body = mapping(without(body, beside), body)
    read_integers(body)
    nest_dotted_keys(body)
    shape = check_shape(body, _schema(form.name.lower()), "the configuration")
    found = Findings(unresolved)
    found.include(shape)
    is_partial = bool(shape.damaged or shape.lost)
    if not shape.fits or (form in _FORMS_OF_ONE_STEP and is_partial):
        return Translated(None, tuple(shape.diagnostics))
    translated = _translated(document, body, form, found)
    return Translated(
        translated,
        tuple(found.diagnostics),
        tuple(found.damaged),
        tuple(found.lost),
    )


def _translated(
    document: Document, body: Mapping, form: Form, found: Findings
) -> Mapping | None:
    match form:
        case Form.WIRED_PARTS:
            return wired_parts(body, found)
        case Form.PIPELINE_STEPS | Form.DEFINED_PIPES:
            return step_pipelines(body, found)
        case Form.GROUPED_MODELS:
            return grouped_models(body, found)
        case Form.ONE_MODEL:
            return one_model(body, found)
        case Form.TWO_MODELS:
            return two_models(body, found)
        case Form.NAMED_PIPES:
            return named_pipes(body, found)
    orchestrator = body.get("orchestrator")
    forms = {Form.C: c, Form.D: d, Form.E: e, Form.F: f, Form.P: p}
    spelling = forms[form].SPELLING
    service = _schema("service" if spelling.flat else "closed_service")
    translation = Translators(body, spelling, service, found)
    match form:
        case Form.C:
            return c.translate(document, cast(Sequence, orchestrator), translation)
        case Form.D:
            return d.translate(document, cast(Mapping, orchestrator), translation)
        case Form.E:
            return e.translate(document, cast(Mapping, orchestrator), translation)
        case Form.F:
            f.translate(cast(Mapping, orchestrator), translation, _schema("f_run"))
        case _:
            p.translate(cast(Mapping, orchestrator), translation)
    return translation.document(document, {})


@cache
def _schema(name: str) -> Schema:
    return compile_schema({"$ref": f"#/$defs/{name}", "$defs": _definitions()})


@cache
def _definitions() -> dict[str, Any]:
    path = resources.folder("schemas") / "dialects.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    definitions: dict[str, Any] = schema["$defs"]
    return definitions
