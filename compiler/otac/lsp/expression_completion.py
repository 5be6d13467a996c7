"""What can be typed inside `{{ ... }}`."""

import re
from collections.abc import Iterable, Mapping

from otac.expressions.function import FUNCTIONS, SCOPE_NAMES
from otac.expressions.parse import known_filters, known_tests
from otac.lsp import names
from otac.lsp.cursor import Cursor
from otac.lsp.item import Proposal, ProposalKind
from otac.lsp.keys import Rule, document
from otac.lsp.known import KnownTree, step_named, visible_steps
from otac.lsp.members import (
    Value,
    members,
    members_of_result,
    parent_parameters,
)
from otac.lsp.results import results_of
from otac.lsp.state import State
from otac.lsp.tree import Path, text_of

_FURTHEST = 4000
_MARK = re.compile(r"\{\{|\{%|\}\}|%\}")
_KEY_LINE = re.compile(r"\n[ ]*(?:- )*[\w$<-]+:[ \n]")
_Q = r"""(?:\\?(?P<{0}>['"]|''))"""
_ASKS = r"\b(?:get_pipe_result|pipe_result|has_failed|has_succeeded)\s*\(\s*"
_RESULT = r"\b(?:get_pipe_result|pipe_result)\s*\(\s*"
_STEP = re.compile(_ASKS + _Q.format("q") + r"""(?P<word>[^'"\\]*)$""")
_ID = _Q.format("q") + r"""(?P<step>[^'"\\]*)\\?(?P=q)\s*"""
_RESULT_KEY = re.compile(
    _RESULT + _ID + r",\s*(?:key\s*=\s*)?" + _Q.format("r") + r"""(?P<word>[^'"\\]*)$"""
)
_RESULT_PATH = re.compile(
    _RESULT + _ID + r"\)(?:\.|\[" + _Q.format("r") + r""")(?P<word>[^'"\\.\s]*)$"""
)
_KEY = r"""\.\w+|\[(?:\d+|\\?['"]{1,2}[^'"\\\]]*\\?['"]{1,2})\]"""
_LAST = r"""(?:\.|\[\\?['"]{1,2})(?P<word>\w*)$"""
_MEMBER = re.compile(
    rf"(?<![\w.])(?P<owner>params|config|parent|item)(?P<way>(?:{_KEY})*){_LAST}"
)
_INSIDE_RESULT = re.compile(
    _RESULT
    + _ID
    + r"""(?:,\s*(?:key\s*=\s*)?\\?['"]{1,2}(?P<key>[^'"\\]*)\\?['"]{1,2}\s*)?\)"""
    + rf"(?P<way>(?:{_KEY})*){_LAST}"
)
_WAY = re.compile(r"""\.(\w+)|\[(\d+)\]|\[\\?['"]{1,2}([^'"\\\]]*)""")
_PARENT_PARAMETER = re.compile(
    r"\bget_parent_param\s*\(\s*" + _Q.format("q") + r"""(?P<word>[^'"\\]*)$"""
)
_FILTER = re.compile(r"\|\s*(?P<word>\w*)$")
_TEST = re.compile(r"\bis\s+(?:not\s+)?(?P<word>\w*)$")
_ENV = re.compile(r"(?:\bget_env\(\s*\\?['\"]{1,2}|\benv\.)(?P<word>\w*)$")
_STRING = re.compile(r"""(?P<q>'|")(?P<word>(?:(?!(?P=q)).)*)$""", re.DOTALL)
_WORD = re.compile(r"(?<![\w.])(?P<word>[A-Za-z_]\w*)?$")
_ENV_NAME = re.compile(r"get_env\(\s*\\?['\"]{1,2}(\w+)|\benv\.(\w+)")


def opened_at(text: str, offset: int) -> int | None:
    """Where the `{{` or `{%` stands that is open at an offset."""
    start = max(0, offset - _FURTHEST)
    marks = list(_MARK.finditer(text, start, offset))
    last = marks[-1] if marks else None
    if last is None or last[0] in ("}}", "%}"):
        return None
    if _KEY_LINE.search(text, last.end(), offset):
        # It was never closed, and this is another value.
        return None
    return last.start()


def complete_expression(
    state: State, known: KnownTree | None, cursor: Cursor, opening: int, offset: int
) -> list[Proposal]:
    """Everything that fits at `offset` of the expression that begins at `opening`."""
    inner = state.text[opening + 2 : offset]
    path = cursor.path

    def items(
        match: re.Match[str], labels: Iterable[str], kind: ProposalKind, **more: str
    ) -> list[Proposal]:
        start = offset - len(match["word"] or "")
        end = offset
        while state.text[end : end + 1].isalnum() or state.text[end : end + 1] == "_":
            end += 1
        return [Proposal(one, kind, start, end, one, **more) for one in labels]

    if match := _STEP.search(inner):
        return items(match, _visible(known, path), ProposalKind.STEP)
    if match := _RESULT_KEY.search(inner) or _RESULT_PATH.search(inner):
        found = _results(state, known, path, match["step"])
        return [
            item._replace(
                detail=one.description, documentation=document(item.label, one)
            )
            for item in items(match, found, ProposalKind.FIELD)
            for one in (found[item.label],)
        ]
    if match := _INSIDE_RESULT.search(inner):
        inside = _way(match)
        if match["key"]:
            inside.insert(0, match["key"])
        values = (
            members_of_result(state, known, path, match["step"], inside)
            if known is not None
            else {}
        )
        return _described(items(match, values, ProposalKind.FIELD), values)
    if match := _MEMBER.search(inner):
        values = (
            members(state, known, path, match["owner"], _way(match))
            if known is not None
            else {}
        )
        return _described(items(match, values, ProposalKind.VARIABLE), values)
    if match := _PARENT_PARAMETER.search(inner):
        values = {} if known is None else parent_parameters(known, path)
        return items(match, values, ProposalKind.VARIABLE)
    if match := _ENV.search(inner):
        half = re.search(r"\w*$", inner)
        known_names = variables_in(state.text, half[0] if half else "")
        return items(match, known_names, ProposalKind.VARIABLE)
    plain = _without_strings(inner)
    if match := _STRING.search(plain):
        found_queues = () if known is None else names.queues(known.document.root)
        return items(match, found_queues, ProposalKind.VALUE, detail="a queue")
    if match := _FILTER.search(inner):
        return items(
            match, sorted(known_filters()), ProposalKind.FUNCTION, detail="a filter"
        )
    if match := _TEST.search(inner):
        return items(
            match, sorted(known_tests()), ProposalKind.FUNCTION, detail="a test"
        )
    if match := _WORD.search(inner):
        calls = [
            item._replace(detail=FUNCTIONS[item.label].signature)
            for item in items(match, FUNCTIONS, ProposalKind.FUNCTION)
        ]
        return calls + items(match, sorted(SCOPE_NAMES), ProposalKind.VARIABLE)
    return []


def _way(match: re.Match[str]) -> list[str | int]:
    """The keys and positions between an owner and the word at the cursor."""
    return [
        int(one[2]) if one[2] else one[1] or one[3]
        for one in _WAY.finditer(match["way"])
    ]


def _described(found: list[Proposal], values: Mapping[str, Value]) -> list[Proposal]:
    return [
        item
        if (rule := values[item.label].rule) is None
        else item._replace(
            detail=rule.description, documentation=document(item.label, rule)
        )
        for item in found
    ]


def _visible(known: KnownTree | None, path: Path) -> tuple[str, ...]:
    return () if known is None else visible_steps(known, path)


def _results(
    state: State, known: KnownTree | None, path: Path, name: str
) -> Mapping[str, Rule]:
    placed = None if known is None else step_named(known, path, name)
    if known is None or placed is None:
        return {}
    return results_of(state, known, text_of(placed.node.get("use")), placed.path)


def variables_in(text: str, typed: str = "") -> list[str]:
    """The variables of the environment that a text reads, without the one at the cursor."""
    found = (match[1] or match[2] for match in _ENV_NAME.finditer(text))
    return [name for name in dict.fromkeys(found) if name != typed]


def _without_strings(inner: str) -> str:
    """The expression without the strings in it that are closed."""
    return re.sub(r"""'[^']*'|"[^"]*\"""", "", inner.replace("''", "'"))
