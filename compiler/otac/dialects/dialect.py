"""The forms that a configuration had over the releases of Open Ticket AI."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from otac.config.shape import Lost
from otac.diagnostics.diagnostic import Diagnostic
from otac.dialects.rewriting import Words
from otac.source.document import Mapping, Scalar, Span


class Form(Enum):
    """A form, by its letter; the value says when it was in use."""

    TODAY = "today's form"
    C = "the form of September 2025, with `orchestrator` as a list"
    D = "the form of October 2025, with `run_every_milli_seconds`"
    E = "the form of 1.0, with `on` and `run`"
    F = "the form of 1.1 to 1.5, with `orchestrator.steps`"
    ONE_MODEL = "the form of September 2025, with `filter_by_queue` and `hf_model`"
    TWO_MODELS = "the form of September 2025, with `hf_model_queue`"
    NAMED_PIPES = "the form of September 2025, with `pipes` by their names"
    WIRED_PARTS = "the form of June 2025, with parts wired by their ids"
    GROUPED_MODELS = "the form of September 2025, with `queue_inference_model`"
    PIPELINE_STEPS = "the form of September 2025, with `pipelines` of `steps`"
    DEFINED_PIPES = "the form of September 2025, with pipes by definitions"
    P = "the form of the tutorials, with `pipelines`"


class Dialect(NamedTuple):
    """The form of a document, and the key by which it was recognised."""

    form: Form
    key: Scalar | None
    reason: str


@dataclass(frozen=True, slots=True)
class Translated:
    """The canonical body, and what was found on the way.

    `body` is None where nothing usable is left. `damaged` are places from which the shape
    check took something out, `lost` the keys that these were.
    """

    body: Mapping | None
    diagnostics: tuple[Diagnostic, ...]
    damaged: tuple[Span, ...] = ()
    lost: tuple[Lost, ...] = ()


# How pipes are spelled in a dialect.
class Spelling(NamedTuple):
    """What differs between the dialects in a pipe.

    `flat`: parameters stand beside `use`, and not under `params` alone. `inherits`: a pipe
    gets the parameters of the composite around it, as far as it has none of its own.
    `bare_conditions`: `if` is an expression without braces. `steps_in_params`: the steps of
    a composite may be one of its parameters. `tickets_are_value`: what a step fetched is
    also its `value`, so that `pipe_result('fetch')` is the list of tickets.
    """

    words: Words
    flat: bool = False
    inherits: bool = False
    bare_conditions: bool = False
    steps_in_params: bool = False
    tickets_are_value: bool = False
