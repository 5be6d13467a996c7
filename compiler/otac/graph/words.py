"""What is said about a step or a runner, in few words."""

import json
import re

from otac.diagnostics.frame import visible
from otac.emit.literal import number
from otac.lower.project import Literal, Policy, Runner, Template

_LONGEST = 160
# Characters that XML has no place for.
_NO_XML = re.compile("[\ufffe\uffff]")


def shown(text: str) -> str:
    """The text on one line, without characters that hide or reverse anything."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", visible(" ".join(text.split())))


def value(found: Template | Literal) -> str:
    """An expression as it stands; of a long one the beginning."""
    text = found.text if isinstance(found, Template) else json.dumps(found.data)
    text = shown(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def policy(found: Policy, *, is_task: bool) -> tuple[str, ...]:
    """`2 retries, 30 s apart`; of a composite only what is its own."""
    facts: list[str] = []
    if is_task:
        facts.append(_retries(found))
        if found.timeout_seconds is not None:
            facts.append(f"timeout {number(found.timeout_seconds)} s")
    if found.on_error == "fail_at_end":
        facts.append("the list goes on after a failure, and has failed")
    elif found.on_error == "continue":
        facts.append("goes on after a failure")
    return tuple(facts)


def _retries(found: Policy) -> str:
    if found.retries == 0:
        return "no retries"
    word = "retry" if found.retries == 1 else "retries"
    if isinstance(found.retry_delays, tuple):
        delays = ", ".join(number(delay) for delay in found.retry_delays[:4])
        more = ", …" if len(found.retry_delays) > 4 else ""
        apart = f"after {delays}{more} s"
    elif found.retry_delays:
        apart = f"after {number(found.retry_delays)} s"
    else:
        apart = "at once"
    jitter = " and jitter" if found.retry_jitter_factor else ""
    return f"{found.retries} {word} {apart}{jitter}"


def about(runner: Runner) -> tuple[str, ...]:
    """What holds for a runner as a whole."""
    limit = runner.concurrency.limit
    more = "more wait" if runner.concurrency.enqueue else "more are skipped"
    facts = [f"{limit} run{'s' * (limit > 1)} at a time, {more}"]
    if runner.flow_retries:
        times = runner.flow_retries
        facts.append(f"{times} flow {'retry' if times == 1 else 'retries'}")
    if runner.flow_timeout_seconds is not None:
        facts.append(f"timeout {number(runner.flow_timeout_seconds)} s")
    facts.append(f"pool {shown(runner.work_pool.name)}")
    return tuple(facts)
