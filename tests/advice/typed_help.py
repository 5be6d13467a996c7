"""What a help says to type, typed in by a few rules that know how it is meant.

A finding with a suggestion needs none of this: the suggestion takes the place of what it
points at. Other helps name a place of their own: beside a key, around an entry, at the end.
"""

import re
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from otac.diagnostics.diagnostic import Diagnostic

Typed: TypeAlias = Callable[[str, Diagnostic, re.Match[str]], str]

# What a key gets of which a help only says that it is missing.
_VALUES = {
    "pipe": "{use: Expression, expression: 1}",
    "orchestrator": "{runners: []}",
    "runners": "[]",
    "url": "\"{{ secret('address') }}\"",
    "for_each": "[1]",
    "timeout_seconds": "60",
    "interval_seconds": "300",
    "base_url": "https://helpdesk.example/otobo",
    "password": "\"{{ get_env('PASSWORD') }}\"",
    "queues": "{Billing: invoices}",
    "labels": "{Billing: [invoice]}",
}


class Rule(NamedTuple):
    """For which codes, which helps, and what is done with what the help says."""

    codes: str
    help: str
    typed: Typed


def typed(text: str, found: Diagnostic) -> str | None:
    """The text with what the help says; None where no rule knows it."""
    for rule in _RULES:
        if found.code in rule.codes.split() and found.help and found.span:
            match = re.match(rule.help, found.help, re.DOTALL)
            if match is not None:
                return rule.typed(text, found, match)
    return None


def _spot(found: Diagnostic) -> tuple[int, int]:
    assert found.span is not None
    return found.span.start, found.span.end


def instead(text: str, found: Diagnostic, match: re.Match[str]) -> str:
    """In the place of what is pointed at."""
    start, end = _spot(found)
    return text[:start] + match[1] + text[end:]


def from_the_label(text: str, found: Diagnostic, match: re.Match[str]) -> str:
    """In the place of everything from the other place up to the end of this one."""
    return text[: found.labels[0].span.start] + match[1] + text[_spot(found)[1] :]


def before(text: str, found: Diagnostic, match: re.Match[str]) -> str:
    start, _ = _spot(found)
    return text[:start] + match[1] + text[start:]


def at_the_end(text: str, found: Diagnostic, match: re.Match[str]) -> str:
    """At the end of the line."""
    end = text.find("\n", _spot(found)[0])
    return text[:end] + match[1] + text[end:]


def removed(text: str, found: Diagnostic, _: re.Match[str]) -> str:
    start, end = _entry(text, *_spot(found))
    if text[start - 1] == ",":
        return text[: start - 1] + text[end:]
    return text[:start] + text[end:].lstrip(", ")


def entry(text: str, found: Diagnostic, match: re.Match[str]) -> str:
    """In the place of the whole entry that is pointed at or into."""
    start, end = _entry(text, *_spot(found))
    return text[:start] + match[1] + text[end:]


def two_schedules(text: str, found: Diagnostic, match: re.Match[str]) -> str:
    start, end = _entry(text, *_spot(found))
    both = ", ".join(f'{{cron: "{one}"}}' for one in match.groups())
    if text[start - 1] == "{" and text[end] == "}":
        # An entry of `schedules` already, and a list of them.
        column = start - 1 - text.rfind("\n", 0, start) - 3
        apart = "}\n" + " " * column + "- {"
        return f"{text[: start - 1]}{both.replace('}, {', apart)}{text[end + 1 :]}"
    return f"{text[:start]}schedules: [{both}]{text[end:]}"


def field(text: str, found: Diagnostic, match: re.Match[str]) -> str:
    """In the place of one field of a cron expression."""
    start, end = _spot(found)
    inside = text[start:end].replace(match[2], match[1], 1)
    if inside == text[start:end]:
        # Another field is pointed at: it makes this one superfluous.
        line = text.rfind("\n", 0, start) + 1
        after = text.find("\n", start)
        return (
            text[:line] + text[line:after].replace(match[2], match[1], 1) + text[after:]
        )
    return text[:start] + inside + text[end:]


def call(text: str, found: Diagnostic, match: re.Match[str]) -> str:
    """In the place of the call in which something is pointed at."""
    start, end = _spot(found)
    name = match[1].partition("(")[0] + "("
    begin = text.rfind(name, 0, start)
    return text[:begin] + match[1] + text[text.index(")", end) + 1 :]


def under_prefect(text: str, found: Diagnostic, match: re.Match[str]) -> str:
    opening = re.search(r"^( *)prefect: *(\{)?", text, re.MULTILINE)
    if opening is None:
        return f"prefect:\n  {match[1]}\n{text}"
    if opening[2]:
        return f"{text[: opening.end()]}{match[1]}, {text[opening.end() :]}"
    line = f"\n{opening[1]}  {match[1]}"
    return text[: opening.end()] + line + text[opening.end() :]


def into_injects(text: str, found: Diagnostic, match: re.Match[str]) -> str:
    end = text.index("injects: {", _spot(found)[0]) + len("injects: {")
    return f"{text[:end]}{match[1]}, {text[end:]}"


def set_beside(text: str, found: Diagnostic, match: re.Match[str]) -> str:
    """As `beside`, in the place of the same key where it is there."""
    key = match[1].partition(":")[0]
    begin = text.rfind("\n", 0, _spot(found)[0]) + 1
    end = text.find("\n", begin)
    line, count = re.subn(rf"\b{key}: \d+", match[1], text[begin:end])
    return text[:begin] + line + text[end:] if count else beside(text, found, match)


def beside(text: str, found: Diagnostic, match: re.Match[str]) -> str:
    """As a further entry of the mapping around what is pointed at."""
    key, _, value = match[1].partition(":")
    line = f"{key}: {value.strip() or _VALUES.get(key, 'x')}"
    start, _ = _spot(found)
    opening = _open_brace(text, start)
    if opening is not None:
        return f"{text[: opening + 1]}{line}, {text[opening + 1 :]}"
    begin = text.rfind("\n", 0, start) + 1
    dashes = re.match(r" *(?:- +)*", text[begin:])
    assert dashes is not None
    at = begin + dashes.end()
    return f"{text[:at]}{line}\n{' ' * dashes.end()}{text[at:]}"


def _entry(text: str, start: int, end: int) -> tuple[int, int]:
    """Key and value around a place, in braces or on a line."""
    begin = text.rfind("\n", 0, start) + 1
    opening = _open_brace(text, start)
    if opening is None:
        key = re.compile(r" *(?:- +)*").match(text, begin)
        assert key is not None
        return key.end(), text.find("\n", end)
    first = opening + 1
    for at in range(start, opening, -1):
        if text[at] == "," and _open_brace(text, at) == opening:
            first = at + 1
            break
    last = end
    while text[last] not in ",}\n" or _open_brace(text, last) != opening:
        last += 1
    return first, last


def _open_brace(text: str, at: int) -> int | None:
    """The innermost `{` of YAML that is open there; quoted text holds none."""
    begin = text.rfind("\n", 0, at) + 1
    opened: list[int] = []
    quote = ""
    for place in range(begin, at):
        sign = text[place]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'" and text[place - 1] in " [{,":
            quote = sign
        elif sign == "{":
            opened.append(place)
        elif sign == "}" and opened:
            opened.pop()
    return opened[-1] if opened else None


_CODE = r"`(.+?)`"
_RULES = (
    Rule("OTC106", r"mark a value .* quote the text: `(.+?)`$", instead),
    Rule("OTC124", r"remove it, or write `(.*)`$", from_the_label),
    # What `use` and ids are depends on what is around them.
    Rule("OTC203", r"add `((?:pipe|orchestrator|runners):)`$", beside),
    Rule("OTC322", r"add `(\w+:)` beside `use`", beside),
    Rule("OTC335 OTC352 OTC366 OTC386", rf"add {_CODE}", beside),
    Rule("OTC206", r"leave it out, or write `(.+?)`", instead),
    Rule("OTC210", rf"write {_CODE}, with the codes", instead),
    Rule("OTC303", rf"write one of {_CODE}", instead),
    Rule(
        "OTC314 OTC338",
        r"write two entries of `schedules`: `([^`]+)` and `([^`]+)`$",
        two_schedules,
    ),
    Rule("OTC318 OTC366", r".*at least (\d+)", instead),
    Rule("OTC321", r"write `(injects: .+?)`", entry),
    Rule("OTC327", r"write `(injects: .+?)`", beside),
    Rule("OTC327", r"add `(.+?)` to `injects`", into_injects),
    Rule("OTC338", r"write `(.+?)` for `(.+?)`$", field),
    Rule("OTC338", rf"(?:write|list them:) {_CODE}", instead),
    Rule("OTC339", r"write `(interval_seconds: .+?)`$", entry),
    Rule("OTC341", r"write `(\w+\(.*?\))`", instead),
    Rule("OTC349", r"write `(cron: .+?)`", entry),
    Rule("OTC353", r"store it .* write `(.+?)`$", instead),
    Rule("OTC355", r"write `(retries: \d+)`, or a shorter list", set_beside),
    Rule("OTC356", r"(remove it)", removed),
    Rule("OTC359", r"write `.+` as `version: (.+?)`$", instead),
    Rule("OTC358 OTC359", r"write (?:a package.*?|)`(.+?)`(?:$|, for)", instead),
    Rule("OTC365", r".* add `(.+?)` to let", beside),
    Rule("OTC376", rf"write {_CODE}", instead),
    Rule("OTC377", r"write `(.+?)` under `prefect`", under_prefect),
    Rule("OTC380", r"write `(\w+\(.*?\))`", call),
    Rule("OTC381", r".* or `(depends_on: .+?)` to this step", beside),
    Rule("OTC393", r"write (?:one of )?`([^:`]+?)`", instead),
    Rule("OTC394", r"name them .* or write `(queues)`", beside),
)
CODES = frozenset(code for rule in _RULES for code in rule.codes.split())
