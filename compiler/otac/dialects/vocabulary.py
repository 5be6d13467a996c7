"""What the keys of today's form are called in an older one.

Stages after the translation speak of keys that a file lacks, and know only today's names.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from otac.diagnostics.diagnostic import Diagnostic
from otac.dialects.dialect import Form
from otac.source.document import Mapping

# Findings about older forms themselves; some name today's keys on purpose.
_OF_DIALECTS = re.compile(r"OTC2(?:0[89]|1[0-9])")

_SEVERAL = (
    "; to work on several tickets at a time, use `for_each` with `max_concurrency`"
)
_FLAT = (
    ("`interval_seconds`", "`run_every_milli_seconds`"),
    ("`pipe_id`", "`id`"),
    (_SEVERAL, ""),
)
_E = (
    ("beside `use`", "under `params`"),
    ("`interval_seconds`", "`interval`"),
    ("`pipe_id`", "`id`"),
    ("`pipe`", "`run`"),
    ("`timeout_seconds`", "`timeout`"),
    ("`flow_timeout_seconds`", "`timeout`"),
    ("`concurrency_limit`", "`max_workers`"),
    ("`collision`", "`when_exhausted`"),
    ("`retries`", "`attempts`"),
    ("`retry_delay_seconds`", "`delay`"),
    ("`retry_backoff_factor`", "`backoff_factor`"),
    ("`retry_max_delay_seconds`", "`max_delay`"),
    ("`retry_jitter_factor`", "`jitter`"),
    (_SEVERAL, ""),
)
_F = (
    *_E,
    ("`stop()`", "`fail()`"),
    ("stop('nothing to do')", "fail()"),
    ("`use: Expression`", "`use: base:ExpressionPipe`"),
)
_P = (*_FLAT, ("`pipe_id`", "`name`"))
# Of files from before there were steps; what they route is one step today.
_SYSTEM = (
    ("`base_url`", "`server_address`"),
    ("`password`", "`password_env_var`"),
    (
        "define one under `services` and name it under `injects`",
        "describe the helpdesk under `system`",
    ),
    (_SEVERAL, ""),
)
_ONE_MODEL = (*_SYSTEM, ("`queue`", "`filter_by_queue`"))
_NAMED_PIPES = (*_SYSTEM, ("`interval_seconds`", "`run_every_milli_seconds`"))
_WORDS = {
    Form.C: _FLAT,
    Form.D: _FLAT,
    Form.E: _E,
    Form.F: _F,
    Form.ONE_MODEL: _ONE_MODEL,
    Form.TWO_MODELS: _ONE_MODEL,
    Form.NAMED_PIPES: _NAMED_PIPES,
    Form.WIRED_PARTS: _SYSTEM,
    Form.GROUPED_MODELS: _ONE_MODEL,
    Form.PIPELINE_STEPS: _SYSTEM,
    Form.DEFINED_PIPES: _SYSTEM,
    Form.P: _P,
}
_CONFIG = re.compile(r"`config\.(\w+)`")


def in_words_of(
    form: Form, body: Mapping, text: str, found: Iterable[Diagnostic]
) -> Iterator[Diagnostic]:
    """The findings in the words of a form; `body` and `text` are those of the file.

    A word that the file has is left as it is: somebody means it.
    """
    words = [
        pair for pair in _words(form, body, text) if pair[0].strip("`") not in text
    ]
    for one in found:
        if _OF_DIALECTS.fullmatch(one.code):
            yield one
            continue
        yield replace(
            one,
            message=_spoken(one.message, words, form),
            label=_spoken(one.label, words, form),
            help=None if one.help is None else _spoken(one.help, words, form),
            labels=tuple(
                replace(label, text=_spoken(label.text, words, form))
                for label in one.labels
            ),
        )


def _words(form: Form, body: Mapping, text: str) -> Iterator[tuple[str, str]]:
    yield from _WORDS[form]
    if form in (Form.C, Form.D) and "services" not in body.entries:
        yield "under `services`", "under `defs`"
        yield "no entry of `services`", "no entry of `defs`"
    if form is Form.P and "pipe_name" in text:
        yield "beside `use`", "beside `pipe_name`"


def _spoken(text: str, words: list[tuple[str, str]], form: Form) -> str:
    for today, then in words:
        text = text.replace(today, then)
    if form in (Form.E, Form.F):
        text = _CONFIG.sub(r"`parent['\1']`", text)
    return text
