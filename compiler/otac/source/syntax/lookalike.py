"""Lines that are broken by characters which only look like YAML's own."""

import yaml

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.source.document import Span
from otac.source.events import parse
from otac.source.mistakes import Odd, odd_characters, straightened
from otac.source.syntax.line import Line, line_at, lines_before
from otac.source.syntax.problem import SyntaxProblem
from otac.source.syntax.quoting import in_brackets

_BEFORE_VALUES = ":,-[{"


def explain(problem: SyntaxProblem) -> Diagnostic | None:
    """The first line around the place that is right once the characters are."""
    for line in _suspects(problem):
        found = _structural(line)
        if found and _gets_further(problem, line, found):
            return _told(line, found)
    return None


def _suspects(problem: SyntaxProblem) -> list[Line]:
    """The line where the parser stopped, the one it was reading, and the one above."""
    line = problem.line
    lines = [line]
    if problem.opening is not None:
        lines.append(line_at(problem.text, problem.opening))
    above = next(lines_before(problem.text, line), None)
    if above is not None:
        lines.append(above)
    return list(dict.fromkeys(lines))


def _structural(line: Line) -> list[Odd]:
    """The characters that stand where YAML's own would have a meaning."""
    odd = {each.at: each for each in odd_characters(line.text)}
    if not odd:
        return []
    found = list[Odd]()
    quote = ""
    behind = 0
    for at, character in enumerate(line.text):
        if at < behind:
            continue
        if quote:
            quote = "" if character == quote else quote
        elif character in ("'", '"') and _begins(line, at):
            quote = character
        elif at in odd and _has_meaning(line, odd[at]):
            found.append(odd[at])
            behind = odd[at].end
    return found


def _begins(line: Line, at: int) -> bool:
    before = line.text[:at].rstrip()
    return not before or before[-1] in _BEFORE_VALUES or at > len(before)


def _has_meaning(line: Line, each: Odd) -> bool:
    before, after = line.text[: each.at], line.text[each.end :]
    match each.sign:
        case "-":
            return not before.strip()
        case ",":
            return in_brackets(straightened(before))
        case "'" | '"':
            # No apostrophe inside of a word.
            return _begins(line, each.at) or after.lstrip()[:1] in ("", *",:]}#")
        case _:
            return True


def _meant(line: Line, found: list[Odd]) -> str:
    """What stands from the first of the characters to the last, as it was meant."""
    first, last = found[0].at, found[-1].end
    text = line.text[first:last]
    for each in reversed(found):
        after = line.text[each.end : each.end + 1]
        # In scripts with wide signs nobody writes a space behind them.
        space = " " if each.sign in (":", ",", "-") and after.strip() else ""
        text = text[: each.at - first] + each.sign + space + text[each.end - first :]
    return text


def _gets_further(problem: SyntaxProblem, line: Line, found: list[Odd]) -> bool:
    """Whether the parser does, with the line as it was meant."""
    meant = _repaired(line, found)
    text = problem.text[: line.start] + meant + problem.text[line.end :]
    events = parse(text)
    try:
        while events.next() is not None:
            pass
    except yaml.YAMLError as next_problem:
        mark = getattr(next_problem, "problem_mark", None)
        end = line.start + len(meant)
        return mark is not None and mark.index > max(end, problem.offset)
    return True


def _repaired(line: Line, found: list[Odd]) -> str:
    end = found[-1].end
    return line.text[: found[0].at] + _meant(line, found) + line.text[end:]


def _told(line: Line, found: list[Odd]) -> Diagnostic:
    first, last = found[0], found[-1]
    like = f", not {first.looks_like}" if first.looks_like else ", which nobody sees"
    return error(
        "OTC131",
        f"this is a {first.name}{like}",
        Span(line.start + first.at, line.start + last.end),
        "YAML reads letters"
        if first.end - first.at > 1
        else "YAML reads a letter"
        if len(found) == 1
        else f"the first of {len(found)} such characters",
        help=f"write `{_repaired(line, found).strip()}`",
        suggestion=_meant(line, found),
    )
