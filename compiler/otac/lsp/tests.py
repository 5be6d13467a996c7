"""What a test names, and where the configuration beside its file has that."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from otac.lower.project import Step
from otac.lsp import names
from otac.lsp.cursor import Cursor
from otac.lsp.expression_completion import variables_in
from otac.lsp.item import Proposal, ProposalKind
from otac.lsp.keys import names_of, rules
from otac.lsp.known import KnownTree
from otac.lsp.outline import Placed, RunnerPart
from otac.lsp.results import results_of
from otac.lsp.state import State
from otac.lsp.tree import Path, at, spot, text_of
from otac.source.document import Mapping, Node, Scalar, Sequence, Span
from otac.testing.binding import ticket_ids
from otac.testing.reading import read_helpdesk
from otac.testing.steps import StepAddress, all_steps, find_result, find_step

# A service may be named by its kind, where it is the only one.
_CLASSIFIER = "classifier"
_TICKET_SYSTEM = "ticket_system"
_STEP = re.compile(r"[\w.\[\]-]*$")


class NamedInTest(NamedTuple):
    """A text of a test that names something; `what` is the schema's word for it."""

    what: str
    text: str
    span: Span
    number: int
    runner: str | None


class NamedTarget(NamedTuple):
    """What is meant, in the text that has it. `part` is the runner."""

    state: State
    known: KnownTree
    span: Span
    part: RunnerPart | None = None
    placed: Placed | None = None


def meant_at(state: State, offset: int) -> NamedInTest | None:
    """What is named at an offset of a file of tests."""
    known = state.known
    if known is None:
        return None
    known.settle_at(offset)
    found = spot(known.document.root, offset)
    look = names.named(state, known, None, ())
    if found.alias is not None:
        return None
    if found.on_key and found.entry is not None:
        what = names_of(rules(found.path[:-1], look), keys=True)
        key = found.entry.key
    elif isinstance(found.node, Scalar):
        what, key = names_of(rules(found.path, look)), found.node
    else:
        return None
    number = _number(found.path)
    if what is None or number is None:
        return None
    runner = text_of(at(known.document.root, ("tests", number, "runner")))
    return NamedInTest(what, key.text, key.span, number, runner)


def target(state: State, meant: NamedInTest) -> NamedTarget | None:
    """Where that is; None where it is nowhere, or no place has it."""
    if meant.what == "ticket":
        return _ticket(state, meant)
    config = state.configuration
    known = None if config is None else config.latest
    if config is None or known is None:
        return None
    if meant.what == "service":
        service = names.services(known).get(meant.text)
        return None if service is None else NamedTarget(config, known, service[0].span)
    part = _part(known, meant.runner)
    if part is None or part.runner.id is None:
        return None
    if meant.what == "runner":
        return NamedTarget(config, known, part.runner.id.span, part)
    if meant.what == "parameter":
        key = names.flow_parameters(known, part.runner.number).get(meant.text)
        return None if key is None else NamedTarget(config, known, key[0].span, part)
    find = {"step": find_step, "result": find_result}.get(meant.what)
    found = None if find is None else find(meant.text, _steps(part))
    placed = part.placed(found.step) if isinstance(found, StepAddress) else None
    if placed is None:
        return None
    span = placed.node.span if placed.id is None else placed.id.span
    return NamedTarget(config, known, span, part, placed)


def offered(
    state: State, known: KnownTree | None, cursor: Cursor, what: str
) -> list[Proposal]:
    """Everything that a text can name at a place."""
    number = _number(cursor.path)
    test = None
    if known is not None and number is not None:
        test = at(known.document.root, ("tests", number))
    seen = cursor.levels[2].siblings.get("runner") if len(cursor.levels) > 2 else None
    if what == "ticket":
        return [_item(cursor, *one) for one in _tickets(state, test)]
    config = state.configuration
    there = None if config is None else config.latest
    if config is None or there is None:
        found: list[tuple[str, ProposalKind, str]] = []
    else:
        found = list(_of_configuration(config, there, cursor, what, seen))
    if what == "queue":
        inside = () if test is None else names.queues(test)
        found += (
            (one, ProposalKind.VALUE, "a queue") for one in (*state.queues, *inside)
        )
    if what in ("step", "result"):
        cursor = _with_brackets(state.text, cursor)
    return [_item(cursor, *one) for one in dict.fromkeys(found)]


def _of_configuration(
    config: State, known: KnownTree, cursor: Cursor, what: str, runner: str | None
) -> Iterator[tuple[str, ProposalKind, str]]:
    part = _part(known, runner)
    match what:
        case "runner":
            for name in names.runners(known):
                yield name, ProposalKind.RUNNER, "a runner"
        case "service":
            yield from _services(config, known, replaced="services" in cursor.path)
        case "queue":
            root = known.document.root
            for name in (*names.queues(root), *names.labels(root)):
                yield name, ProposalKind.VALUE, "a queue"
        case "variable":
            for name in variables_in(config.text):
                yield name, ProposalKind.VARIABLE, "read by the configuration"
        case "parameter" if part is not None:
            for name in names.flow_parameters(known, part.runner.number):
                yield name, ProposalKind.VARIABLE, "a parameter of the flow"
        case "step" if part is not None:
            for name, placed in _addresses(part):
                yield (
                    name,
                    ProposalKind.STEP,
                    text_of(placed.node.get("use")) or "steps",
                )
        case "result" if part is not None:
            yield from _results(config, known, part)
        case _:
            return


def _services(
    config: State, known: KnownTree, *, replaced: bool
) -> Iterator[tuple[str, ProposalKind, str]]:
    """Those that a test can name; a ticket system is `replaced` by its own helpdesk."""
    look = names.named(config, known, None, ())
    for name, (_, node) in names.services(known).items():
        use = text_of(node.get("use")) if isinstance(node, Mapping) else None
        described = look((*known.outline.body, "services", name))
        kind = None if described is None else described.kind
        if not (replaced and kind == _TICKET_SYSTEM):
            yield name, ProposalKind.SERVICE, use or ""
    yield _CLASSIFIER, ProposalKind.SERVICE, "the only classifier"
    if not replaced:
        yield _TICKET_SYSTEM, ProposalKind.SERVICE, "the only ticket system"


def _results(
    config: State, known: KnownTree, part: RunnerPart
) -> Iterator[tuple[str, ProposalKind, str]]:
    loops = {
        placed.step.path for placed in part.steps if "for_each" in placed.node.entries
    }
    for name, placed in _addresses(part):
        path = placed.step.path
        in_loop = any(path[:size] in loops for size in range(1, len(path) + 1))
        address = f"{name}[0]" if in_loop else name
        use = text_of(placed.node.get("use"))
        for key, rule in results_of(config, known, use, placed.path).items():
            yield f"{address}.{key}", ProposalKind.FIELD, rule.description


def _addresses(part: RunnerPart) -> Iterator[tuple[str, Placed]]:
    """The steps of a runner by the fewest ids that tell one from the others."""
    paths = [step.path for step in all_steps(_steps(part))]
    ends = Counter(path[-size:] for path in paths for size in range(1, len(path) + 1))
    by_path = {placed.step.path: placed for placed in part.steps}
    for path in paths:
        sizes = (size for size in range(1, len(path)) if ends[path[-size:]] == 1)
        placed = by_path.get(path)
        if placed is not None and all(path):
            yield ".".join(path[-next(sizes, len(path)) :]), placed


def _part(known: KnownTree, runner: str | None) -> RunnerPart | None:
    for part in known.outline.parts:
        if part.runner.id is not None and part.runner.id.text == runner:
            return part
    return None


def _steps(part: RunnerPart) -> tuple[Step, ...]:
    return part.lists[0].steps if part.lists else ()


def _number(path: Path) -> int | None:
    number = path[1] if path[:1] == ("tests",) and len(path) > 1 else None
    return number if isinstance(number, int) else None


def _tickets(state: State, test: Node | None) -> list[tuple[str, ProposalKind, str]]:
    """The ids of the tickets of a test, those included that its helpdesk gives."""
    written = test.get("tickets") if isinstance(test, Mapping) else None
    plain: Any = []
    if isinstance(written, Scalar):
        plain = read_helpdesk(state.folder / written.text, "")[0].get("tickets")
    elif isinstance(written, Sequence):
        plain = written.plain()
    tickets = [
        cast("dict[str, Any]", one)
        for one in (plain if isinstance(plain, list) else ())
        if isinstance(one, dict)
    ]
    subjects = (str(one.get("subject") or "") for one in tickets)
    numbered = zip(ticket_ids(tickets), subjects, strict=True)
    return [(number, ProposalKind.VALUE, subject) for number, subject in numbered]


def _ticket(state: State, meant: NamedInTest) -> NamedTarget | None:
    """A ticket of the test itself."""
    known = state.known
    assert known is not None
    written = at(known.document.root, ("tests", meant.number, "tickets"))
    for item in written.items if isinstance(written, Sequence) else ():
        number = item.get("id") if isinstance(item, Mapping) else None
        if isinstance(number, Scalar) and number.text == meant.text:
            return NamedTarget(state, known, number.span)
    return None


def _with_brackets(text: str, cursor: Cursor) -> Cursor:
    """The cursor in a word that goes on beyond an index: `classify[0].la`."""
    if "[" not in text[text.rfind("\n", 0, cursor.start) + 1 : cursor.start]:
        return cursor
    found = _STEP.search(text, text.rfind("\n", 0, cursor.start) + 1, cursor.start)
    start = cursor.start if found is None else found.start()
    # The bracket of a list around it is no index.
    word = text[start : cursor.start]
    start += len(word) - len(word.lstrip("[].-"))
    return cursor._replace(start=start)


def _item(cursor: Cursor, name: str, kind: ProposalKind, detail: str) -> Proposal:
    return Proposal(name, kind, cursor.start, cursor.end, name, detail)
