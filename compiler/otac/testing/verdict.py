"""What a test expects and what came, compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from json import dumps
from math import isclose
from typing import Any, cast

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.frame import visible
from otac.diagnostics.suggest import nearest
from otac.source.document import Entry, Json, Node, Scalar
from otac.source.document import Mapping as MappingNode
from otac.source.document import Sequence as SequenceNode
from otac.source.source_text import SourceText
from otac.testing.case import Case
from otac.testing.steps import StepAddress, find_result, find_step

STATES = {
    "Completed": "succeeded",
    "Skipped": "skipped",
    "Failed": "failed",
    "Stopped": "stopped",
}
# The end of a longer text says no more.
_LONGEST = 300
# Beside a line of the file.
_LABEL = 60


@dataclass(frozen=True, slots=True)
class Verdict:
    """A test that has been run; it has passed if there is no failure.

    `answer` is what the process told. `corrections` are what would have to stand in the
    place of what was expected, as far as that can be said.
    """

    case: Case
    seconds: float
    failures: tuple[Diagnostic, ...]
    answer: Mapping[str, Any]
    corrections: tuple[tuple[Node, Json], ...] = ()

    @property
    def passed(self) -> bool:
        return not self.failures


def judge(case: Case, answer: Mapping[str, Any], config: SourceText) -> Verdict:
    """Compare. `config` is the text of the configuration, for the places of steps."""
    if problems := answer.get("problems"):
        failures = [
            error(
                "OTC661",
                f"test `{case.name}` cannot be run: {visible(problem)}",
                case.written.span,
                help="`--verbose` shows what is logged",
            )
            for problem in problems
        ]
        return Verdict(case, float(answer["seconds"]), tuple(failures), answer)
    judge = _Judge(case, answer, config)
    found = tuple(judge.failures())
    corrections = tuple(judge.corrections)
    return Verdict(case, float(answer["seconds"]), found, answer, corrections)


class _Judge:
    def __init__(
        self, case: Case, answer: Mapping[str, Any], config: SourceText
    ) -> None:
        self._case = case
        self._answer = answer
        self._config = config
        self._steps = case.runner.steps
        self._has_told = False
        self.corrections: list[tuple[Node, Json]] = []

    def failures(self) -> Iterator[Diagnostic]:
        expect = self._case.written.expect
        if (state := expect.get("state")) is not None:
            yield from self._state(state)
        for entry in _entries(expect.get("steps")):
            yield from self._step(entry)
        for entry in _entries(expect.get("results")):
            yield from self._result(entry)
        for entry in _entries(expect.get("tickets")):
            yield from self._ticket(entry)

    def _differs(
        self, node: Node, what: str, expected: object, came: object, help: str = ""
    ) -> Diagnostic:
        if not isinstance(came, _Words):
            self.corrections.append((node, cast(Json, came)))
        said = [help] if help else []
        if not self._has_told:
            said += self._run()
            self._has_told = True
        return error(
            "OTC660",
            f"test `{self._case.name}`: {what}:"
            f" expected {_shown(expected)}, came {_shown(came)}",
            node.span,
            f"came {_clipped(_shown(came), _LABEL)}",
            help="\n".join(said) or None,
        )

    def _run(self) -> Iterator[str]:
        """What the run says that may be the reason; once for each test."""
        message = visible(str(self._answer["message"]))
        if self._answer["state"] != "Completed" and message:
            yield f"the run ended as {self._answer['state']}: {message}"
        for name in self._answer.get("refused", ()):
            yield (
                f"the run wanted to reach {visible(name)}: give the service a stand-in, or name"
                " it under `real`"
            )
        for service, labels in self._answer["passed_over"].items():
            listed = ", ".join(f"`{visible(label)}`" for label in labels)
            yield (
                f"the stand-in for `{service}` answered {listed}, which was never among"
                " the labels to choose from"
            )

    def _place(self, address: StepAddress) -> str:
        line, column = self._config.place(address.step.origin.start)
        name = ".".join(address.step.path)
        return f"step `{name}` stands in {self._config.name}:{line}:{column}"

    def _state(self, node: Node) -> Iterator[Diagnostic]:
        message: Node | None = None
        if isinstance(node, MappingNode):
            message = node.get("message")
            node = cast(Node, node.get("state"))
        assert isinstance(node, Scalar)
        if node.text != self._answer["state"]:
            yield self._differs(node, "state", node.text, self._answer["state"])
        if isinstance(message, Scalar) and message.text not in self._answer["message"]:
            yield self._differs(
                message, "message", _TextPart(message.text), self._answer["message"]
            )

    # --- steps -----------------------------------------------------------------------

    def _ends(self, address: StepAddress) -> list[Mapping[str, Any]]:
        """All ends of a step in the items that are meant; the last attempts' only.

        What it has of a for-each of its own: the items, where attempts and states are.
        """
        path = list(address.step.path)
        ends: dict[tuple[int, ...], Mapping[str, Any]] = {}
        for end in self._answer["steps"]:
            indices = tuple(end["indices"])
            if (
                end["ids"] == path
                and indices[: len(address.indices)] == address.indices
            ):
                ends[indices] = end
        return list(ends.values())

    def _step(self, entry: Entry) -> Iterator[Diagnostic]:
        address = find_step(entry.key.text, self._steps)
        assert isinstance(address, StepAddress)
        node = entry.value
        wanted: dict[str, Node] = {"state": node}
        if isinstance(node, MappingNode):
            wanted = {one.key.text: one.value for one in node}
        ends = self._ends(address)
        deepest = max((len(end["indices"]) for end in ends), default=0)
        # A for-each as a whole has neither an attempt nor the reason of an item.
        items = [end for end in ends if len(end["indices"]) == deepest]
        whole = [
            end
            for end in ends
            if len(end["indices"]) == min(len(one["indices"]) for one in ends)
        ]
        where = self._place(address)
        for key, value in wanted.items():
            what = f"step `{entry.key.text}`"
            match key:
                case "state":
                    states = {STATES[end["state"]]: end for end in whole}
                    # A step that the run did not come to.
                    came = sorted(states) or ["skipped"]
                    if came != [cast(Scalar, value).text]:
                        reasons = {end["reason"] for end in states.values()} - {""}
                        because = "".join(
                            f": {visible(one)}" for one in sorted(reasons)
                        )
                        yield self._differs(
                            value,
                            what,
                            value.plain(),
                            came[0] if len(came) == 1 else _Words(" and ".join(came)),
                            f"{where}{because}",
                        )
                case "attempts":
                    counts = sorted({end["attempts"] for end in items}) or [0]
                    if counts != [cast(Scalar, value).value]:
                        came_counts: object = counts[0]
                        if len(counts) > 1:
                            came_counts = _Words(" and ".join(map(str, counts)))
                        yield self._differs(
                            value,
                            f"{what}: attempts",
                            value.plain(),
                            came_counts,
                            where,
                        )
                case _:
                    reasons = {end["reason"] for end in ends}
                    part = cast(Scalar, value).text
                    if not any(part in reason for reason in reasons):
                        said = "; ".join(sorted(reasons - {""}))
                        yield self._differs(
                            value, f"{what}: reason", _TextPart(part), said, where
                        )

    def _result(self, entry: Entry) -> Iterator[Diagnostic]:
        address = find_result(entry.key.text, self._steps)
        assert isinstance(address, StepAddress)
        where = self._place(address)
        what = f"result `{entry.key.text}`"
        # The item that is meant, or the step as a whole.
        ends = [
            end
            for end in self._ends(address)
            if tuple(end["indices"]) == address.indices
        ] or self._ends(address)
        if not ends:
            yield self._differs(
                entry.value,
                what,
                entry.value.plain(),
                _Words("no run of the step"),
                where,
            )
        for end in ends:
            if end["state"] != "Completed":
                state = STATES[end["state"]]
                came = _Words(f"none: the step has {state}")
                reason = f"{where}: {visible(end['reason'])}"
                yield self._differs(
                    entry.value, what, entry.value.plain(), came, reason
                )
                continue
            value: Any = end.get("result")
            for depth, key in enumerate(address.keys):
                found = _inside(value, key)
                if found is _NOTHING:
                    above = ".".join(address.keys[:depth])
                    yield self._differs(
                        entry.value,
                        what,
                        entry.value.plain(),
                        _Words(_no_key(key, above, value)),
                        where,
                    )
                    break
                value = found
            else:
                yield from self._value(entry.value, what, value, where)

    def _value(
        self, node: Node, what: str, came: Any, where: str
    ) -> Iterator[Diagnostic]:
        """Keys of mappings that do not stand in the test are not compared."""
        match node:
            case MappingNode() if node.entries and isinstance(came, dict):
                for entry in node:
                    name = f"{what}.{entry.key.text}"
                    if entry.key.text not in came:
                        none = _Words(_no_key(entry.key.text, "", came))
                        yield self._differs(
                            entry.value, name, entry.value.plain(), none, where
                        )
                    else:
                        yield from self._value(
                            entry.value, name, came[entry.key.text], where
                        )
            case SequenceNode() if isinstance(came, list) and len(came) == len(
                node.items
            ):
                for index, (item, one) in enumerate(zip(node.items, came, strict=True)):
                    yield from self._value(item, f"{what}[{index}]", one, where)
            case _:
                if not _equal(node.plain(), came):
                    yield self._differs(node, what, node.plain(), came, where)

    # --- tickets ---------------------------------------------------------------------

    def _ticket(self, entry: Entry) -> Iterator[Diagnostic]:
        number, node = entry.key.text, entry.value
        ticket = self._answer["tickets"].get(number)
        what = f"ticket {number}"
        if ticket is None:
            known = ", ".join(self._answer["changed"])
            none = _Words("no such ticket")
            others = f"the run has changed {known}" if known else ""
            yield self._differs(entry.key, what, _Words("a ticket"), none, others)
        elif not isinstance(node, MappingNode):
            if (changes := self._answer["changed"].get(number)) is not None:
                self.corrections.append((node, kept(changes)))
                came = _Words(_clipped(_in_words(changes), _LONGEST))
                yield self._differs(node, what, _Words("unchanged"), came)
        else:
            for one in node:
                key = one.key.text
                if key == "notes":
                    yield from self._notes(cast(SequenceNode, one.value), what, ticket)
                elif not _equal(one.value.plain(), ticket[key]):
                    yield self._differs(
                        one.value, f"{what}: {key}", one.value.plain(), ticket[key]
                    )

    def _notes(
        self, node: SequenceNode, what: str, ticket: Mapping[str, Any]
    ) -> Iterator[Diagnostic]:
        left = list(ticket["notes"])
        now: Json = [_kept_note(one) for one in left]
        shown = _Words(" and ".join(_shown(_note(one)) for one in left) or "none")
        if not node.items and left:
            self.corrections.append((node, now))
            yield self._differs(node, f"{what}: notes", _Words("none"), shown)
        for item in node.items:
            wanted = cast(dict[str, Any], item.plain())
            found = next((one for one in left if _is_note(one, wanted)), None)
            if found is None:
                self.corrections.append((node, now))
                yield self._differs(item, f"{what}: a note", wanted, shown)
            else:
                left.remove(found)


class _Words(str):
    """Words of ours, which need no quotes."""

    __slots__ = ()


class _TextPart(str):
    """A part of a text."""

    __slots__ = ()


_NOTHING = object()


def _entries(node: Node | None) -> Sequence[Entry]:
    return tuple(node) if isinstance(node, MappingNode) else ()


def _inside(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return value.get(key, _NOTHING)
    if isinstance(value, list) and key.isdecimal() and int(key) < len(value):
        return value[int(key)]
    return _NOTHING


def _no_key(key: str, where: str, value: Any) -> str:
    there = f" in `{where}`" if where else ""
    if not isinstance(value, dict):
        return f"no `{key}`{there}, which is {_shown(value)}"
    similar = nearest(key, [str(one) for one in value])
    listed = ", ".join(f"`{one}`" for one in value) or "nothing"
    meant = f"; did you mean `{similar}`?" if similar else ""
    return f"no `{key}`{there}; it has {listed}{meant}"


def _equal(expected: Any, came: Any) -> bool:
    if isinstance(expected, bool) or isinstance(came, bool):
        return expected is came
    if isinstance(expected, int | float) and isinstance(came, int | float):
        return isclose(expected, came, rel_tol=1e-9)
    return bool(expected == came)


def _note(note: Mapping[str, Any]) -> str:
    return str(note["subject"] or note["body"])


def _in_words(changes: Mapping[str, Any]) -> str:
    said = [f"{key} {_shown(new)}" for key, new in changes.items() if key != "notes"]
    said += (f"a note {_shown(_note(one))}" for one in changes.get("notes", ()))
    return ", ".join(said)


def kept(changes: Mapping[str, Any]) -> dict[str, Json]:
    """Changes of a ticket as a test says them: of a note, its subject is enough."""
    said: dict[str, Json] = {k: new for k, new in changes.items() if k != "notes"}
    if changes.get("notes"):
        said["notes"] = [_kept_note(one) for one in changes["notes"]]
    return said


def _kept_note(note: Mapping[str, Any]) -> dict[str, Json]:
    return {"subject": note["subject"]} if note["subject"] else {"body": note["body"]}


def _is_note(note: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    for key, value in wanted.items():
        if key == "contains":
            if value not in note["subject"] and value not in note["body"]:
                return False
        elif note[key] != value:
            return False
    return True


def _shown(value: object) -> str:
    if isinstance(value, _Words):
        return str(value)
    if isinstance(value, _TextPart):
        return f"a text with `{visible(value)}`"
    text = value if isinstance(value, str) else dumps(value, ensure_ascii=False)
    return f"`{_clipped(' '.join(visible(text).split()), _LONGEST)}`"


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
