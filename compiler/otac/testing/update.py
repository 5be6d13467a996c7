"""Writes what came in the place of what was expected.

By position, all other bytes as they were: `docs/decisions/0033` says why not by a YAML
library that writes the file anew.
"""

from collections.abc import Mapping, Sequence
from json import dumps
from typing import Any

from otac.diagnostics.edit import Edit
from otac.fixing.rewrite import rewritten
from otac.lower.project import Call
from otac.output.yaml_writer import flat
from otac.source.document import Json, Scalar, Span
from otac.testing.case import Case, Suite
from otac.testing.verdict import STATES, Verdict, kept


def updated(
    data: bytes, suite: Suite, verdicts: Sequence[Verdict]
) -> tuple[bytes, int]:
    """The bytes of a file of tests with what its tests came to, and how often it differs."""
    edits = edits_of(suite, verdicts)
    return rewritten(data, edits), len(edits)


def edits_of(suite: Suite, verdicts: Sequence[Verdict]) -> list[Edit]:
    """What stands for what was expected, and what came instead.

    What an alias brought in is left alone: other tests may mean it, too.
    """
    edits: dict[Span, Edit] = {}
    for verdict in verdicts:
        if verdict.answer.get("problems"):
            continue
        if verdict.case.expects_nothing:
            edit = _filled_in(suite, verdict)
            if edit is not None:
                edits[edit.span] = edit
        for node, value in verdict.corrections:
            if node.span.via is None:
                quote = node.style if isinstance(node, Scalar) else ""
                edits[node.span] = Edit(node.span, _written(value, quote))
    found = sorted(edits.values(), key=lambda edit: edit.span.start)
    return [
        edit
        for edit, before in zip(found, [None, *found], strict=False)
        if before is None or before.span.end <= edit.span.start
    ]


def _filled_in(suite: Suite, verdict: Verdict) -> Edit | None:
    """All that is worth expecting, behind a key under which nothing stands."""
    entry = verdict.case.written.node.entries["expect"]
    node = entry.value
    if node.span.via is not None:
        return None
    wanted = _expectations(verdict.case, verdict.answer)
    text = suite.document.text
    line = suite.source.line(suite.source.place(entry.key.start).line)
    column = suite.source.place(entry.key.start).column - 1
    if line[:column].strip(" -"):
        # Within braces.
        return Edit(node.span, flow(wanted))
    start = text.index(":", entry.key.end) + 1
    end = max(node.end, start)
    return Edit(Span(start, end), "".join(f"\n{one}" for one in _block(wanted, column)))


def _block(wanted: Mapping[str, Any], column: int) -> list[str]:
    """Two levels of lines; what is deeper stands on one."""
    lines: list[str] = []
    for key, value in wanted.items():
        indent = " " * (column + 2)
        if isinstance(value, dict) and key != "state":
            lines.append(f"{indent}{key}:")
            lines += (f"{indent}  {flow(k)}: {flow(v)}" for k, v in value.items())
        else:
            lines.append(f"{indent}{key}: {flow(value)}")
    return lines


def _expectations(case: Case, answer: Mapping[str, Any]) -> dict[str, Any]:
    """The final state, the tickets that are not as they were, and the outermost steps."""
    state: Json = answer["state"]
    if state != "Completed" and answer["message"]:
        state = {"state": answer["state"], "message": answer["message"]}
    tickets = {
        int(number): kept(changes) for number, changes in answer["changed"].items()
    }
    steps: dict[str, Any] = {}
    for step in case.runner.steps:
        ends = [end for end in answer["steps"] if end["ids"] == list(step.path)]
        whole = [end for end in ends if not end["indices"]]
        if not whole:
            continue
        said: Any = STATES[whole[-1]["state"]]
        if (
            isinstance(step.action, Call)
            and step.for_each is None
            and whole[-1]["attempts"] > 1
        ):
            said = {"state": said, "attempts": whole[-1]["attempts"]}
        steps[step.id] = said
    made: dict[str, Any] = {"state": state}
    made |= {"tickets": tickets} if tickets else {}
    return made | ({"steps": steps} if steps else {})


def flow(value: Json) -> str:
    """A value on one line."""
    match value:
        case dict():
            inner = ", ".join(f"{flow(k)}: {flow(v)}" for k, v in value.items())
            return f"{{{inner}}}"
        case list():
            return f"[{', '.join(flow(item) for item in value)}]"
        case str() if flat(value) != value or "," in value:
            return dumps(value, ensure_ascii=False)
        case _:
            return flat(value)


def _written(value: Json, quote: str) -> str:
    """The value, with the quotes that stood there if it is text that they fit."""
    if isinstance(value, str) and value.isprintable():
        if quote == "'":
            return "'" + value.replace("'", "''") + "'"
        if quote == '"' and not set(value) & set('"\\'):
            return f'"{value}"'
    return flow(value)
