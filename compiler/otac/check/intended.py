"""What an expression asks for that is not there, and what was most likely meant."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from otac.check.reading import Path, Reading
from otac.check.scope import StepScope, visible
from otac.diagnostics.correction import is_slip
from otac.diagnostics.edit import Correction, Edit, How, Proposal, Reshaping, Safety
from otac.diagnostics.reshaping import reshaped
from otac.diagnostics.suggest import nearest
from otac.expressions.parse import parse
from otac.expressions.reference import (
    EnvReference,
    NameReference,
    SecretReference,
    Segment,
    StepReference,
    VariableReference,
)
from otac.lower.project import (
    Argument,
    Call,
    Composite,
    Literal,
    Runner,
    Step,
    Template,
)
from otac.source.document import Document, Span
from otac.source.scalar_position import subspan
from otac.source.secrets import looks_secret

_TICKET = "ticket"
_FETCHES = "FetchTickets"
_FETCHED = "fetched_tickets"
# What pages call parts of a ticket, as `NewTicket` has it for those that are made.
_FIELDS = {"title": "subject", "customer_user": "customer"}
_NEW_STEP = "fetch_tickets"
_QUEUE = "HELPDESK_QUEUE"
# What other programs call the results of steps, and what they write between step and key.
_RESULTS = ("pipes", "steps")
_OF_A_STEP = ("outputs", "output", "result", "results")
_KEYS_OF_A_DECISION = ("label", "confidence")
# What drafts called everything that the steps of a run have come to.
_EVERYTHING = ("data", "context", "current_state")
_WORDS = re.compile(r"[^\W_]{4,}")
_COMPARED = re.compile(r"\s*(?:[<>]=?|[-+*/%])")
_COMPARES = re.compile(r"(?:[<>]=?|[-+*/])\s*$")
_CERTAIN = Safety.CERTAIN
_CONFIRM = Safety.CONFIRM


# What takes a name in quotes as its first argument.
_STORED = (EnvReference, SecretReference, VariableReference)
_Named: TypeAlias = StepReference | EnvReference | SecretReference | VariableReference


class IntendedText(NamedTuple):
    """Text in place of the characters of an expression up to `end`.

    `also` is what has to be done elsewhere.
    """

    text: str
    end: int
    safety: Safety = _CERTAIN
    reason: str = ""
    also: Reshaping | None = None


class Intended:
    """What is meant in one template, which stands in a runner at a place."""

    def __init__(
        self, template: Template, document: Document, runner: Runner, scope: StepScope
    ) -> None:
        self._template = template
        self._document = document
        self._runner = runner
        self._scope = scope

    # --- names -------------------------------------------------------------------------

    def name(self, reference: NameReference, own: Path | None) -> IntendedText | None:
        """What is written today for a name that is not known.

        `own` is the path of the composite whose parameter this is.
        """
        name, path, scope = reference.name, reference.path, self._scope
        if path and (name in _RESULTS or name in _EVERYTHING):
            rest = path[1:] if path[0].text in _RESULTS else path
            is_result = name in _RESULTS or path[0].text in _RESULTS
            if is_result and rest and rest[0].text in visible(scope):
                return self._of_step(rest[0], rest[1:])
        if name == "os" and len(path) > 1 and path[0].text == "environ":
            return IntendedText(f"get_env('{path[1].text}')", self._end(path[1]))
        if self._is_asked_for(reference, _STORED) and not path:
            return IntendedText(f"'{name}'", reference.end)
        if name in {parameter.name for parameter in self._runner.parameters}:
            return IntendedText(f"params.{name}", reference.end)
        if name in scope.config:
            return IntendedText(f"config.{name}", reference.end)
        if name in visible(scope):
            named = Segment(name, reference.start, reference.end)
            if self._is_asked_for(reference, (StepReference,)):
                return IntendedText(f"'{name}'", reference.end)
            return self._of_step(named, path)
        if name == _TICKET:
            return self._ticket(reference.end, path)
        if name in _EVERYTHING and path:
            if path[0].text == _TICKET:
                return self._ticket(self._end(path[0]), path[1:])
            if path[0].text in ("params", "config") and len(path) > 1:
                return self._given(path[1])
            return self._result(path, own)
        return None

    def _of_step(self, step: Segment, path: tuple[Segment, ...]) -> IntendedText:
        """The result of a step, or its key that is asked for."""
        asked = path[1:2] if path and path[0].text in _OF_A_STEP else path[:1]
        keys = "', '".join(segment.text for segment in (step, *asked))
        last = asked[-1] if asked else (path[0] if path else step)
        return IntendedText(f"get_pipe_result('{keys}')", self._end(last))

    def _is_asked_for(
        self, reference: NameReference, kinds: tuple[type[_Named], ...]
    ) -> bool:
        """Whether the name is the first argument of `get_pipe_result` and its like."""
        text = self._template.text
        return any(
            isinstance(one, kinds) and text[one.end : reference.start].strip() == "("
            for one in parse(text).references
        )

    def _ticket(self, end: int, path: tuple[Segment, ...]) -> IntendedText | None:
        """The ticket that a run is about, for which early drafts had a name."""
        field = _FIELDS.get(path[0].text) if path else None
        behind = "" if field is None else f".{field}"
        end = end if field is None else self._end(path[0])
        text, reason = self._the_ticket()
        if text is not None:
            return IntendedText(text + behind, end, _CONFIRM, reason)
        fetch = self._fetching()
        if fetch is None:
            return None
        text = f"(get_pipe_result('{fetch.word}', '{_FETCHED}') | first){behind}"
        return IntendedText(text, end, fetch.safety, fetch.reason, fetch)

    def _fetching(self) -> Reshaping | None:
        """A first step that fetches a ticket, for a runner in which none does."""
        steps = tuple(_every(self._runner.steps))
        fetching = (_FETCHES, "ProcessTickets")
        if any(_calls(step, one) for step in steps for one in fetching) or not steps:
            return None
        if _NEW_STEP in {step.id for step in steps}:
            return None
        first = steps[0]
        is_alone = len(steps) == 1 and not self._runner.config
        criteria = f"{{queue: {{name: \"{{{{ get_env('{_QUEUE}') }}}}\"}}}}"
        return Reshaping(
            How.FIRST,
            first.origin,
            _NEW_STEP,
            Safety.PLACEHOLDER,
            f"no step fetches a ticket: set `{_QUEUE}` where runs happen",
            first.origin if is_alone else None,
            (f"use: {_FETCHES}", f"params: {{ticket_search_criteria: {criteria}}}"),
        )

    def _the_ticket(self) -> tuple[str | None, str]:
        for place in self._scope.outward():
            if place.loop is not None and _is_of_fetched(place.loop.items):
                return "item", "the step runs once for each ticket that was fetched"
            if _TICKET in place.config:
                if place is self._scope:
                    return "config.ticket", "the composite has a parameter `ticket`"
                return (
                    "get_parent_param('ticket')",
                    "a composite around it has a parameter `ticket`",
                )
        fetches = [
            step.id
            for place in self._scope.outward()
            for step in place.earlier
            if isinstance(step.action, Call) and step.action.component.name == _FETCHES
        ]
        if len(set(fetches)) != 1:
            return None, ""
        reason = f"`{fetches[0]}` is the only step before it that fetches tickets"
        return f"(get_pipe_result('{fetches[0]}', '{_FETCHED}') | first)", reason

    def _given(self, key: Segment) -> IntendedText | None:
        for place in self._scope.outward():
            if key.text in place.config:
                is_near = place is self._scope
                text = (
                    f"config.{key.text}"
                    if is_near
                    else f"get_parent_param('{key.text}')"
                )
                return IntendedText(text, self._end(key))
        return None

    def _result(
        self, path: tuple[Segment, ...], own: Path | None
    ) -> IntendedText | None:
        """A value that the only step of its kind comes to."""
        steps = tuple(self._steps(own))
        last = path[-1]
        if last.text in _KEYS_OF_A_DECISION:
            found = [step for step in steps if _calls(step, "Classify")]
            key = last.text
        else:
            words = set(_WORDS.findall(path[0].text))
            last = path[0]
            found = [
                step
                for step in steps
                if _calls(step, "Expression") and words & set(_WORDS.findall(step.id))
            ]
            key = "value"
            if len(path) > 1:
                return None
            if not found:
                every = [step for step in steps if _calls(step, "Expression")]
                found = every if len(every) == 1 else []
        chosen = _last_of(found)
        if chosen is None:
            return None
        reason = f"`{chosen.id}` is the step that it is most likely the result of"
        asked = f"get_pipe_result('{chosen.id}', '{key}')"
        return IntendedText(asked, self._end(last), _CONFIRM, reason)

    def _steps(self, own: Path | None) -> Iterator[Step]:
        """The steps of the composite itself, for its parameters; else the earlier ones."""
        scope = self._scope
        asking = (
            scope.steps[scope.position] if scope.position < len(scope.steps) else None
        )
        if own and asking is not None and asking.path == own:
            yield from _inside(asking)
            return
        for place in scope.outward():
            yield from place.earlier
            for step in place.earlier:
                yield from _inside(step)

    # --- parameters --------------------------------------------------------------------

    def parameter(
        self,
        reference: NameReference,
        key: Segment,
        owner: StepScope | None,
        reading: Reading,
    ) -> Proposal | None:
        """A correction for a parameter that the composite has not got.

        `owner` is the place in the composite's own list of steps.
        """
        if owner is None:
            return None
        _, arguments, siblings = self._composite(owner)
        known = [argument.name for argument in arguments]
        similar = nearest(key.text, sorted(known))
        if similar is not None and is_slip(key.text, similar, 4):
            return None
        places = [a.key for a in arguments if a.key and a.key.via is None]
        place = min(places, key=lambda key: key.start, default=None)
        if any(_has(step, key.text) for step in siblings):
            # So it is called there: what this one gives has another name.
            unread = self._unread(owner, key.text, reading)
            if len(unread) == 1 and unread[0].key is not None:
                edit = Edit(unread[0].key, key.text)
                reason = f"no step reads `{unread[0].name}`, and a step beside it has `{key.text}`"
                title = f"replace `{unread[0].name}` with `{key.text}`"
                return Correction((edit,), title, _CONFIRM, reason)
        # Early forms handed parameters down to composites further in.
        unread = []
        outer: StepScope | None = owner
        while outer is not None and not unread:
            unread = self._unread(outer, key.text, reading)
            outer = outer.parent
        if len(unread) == 1:
            name, span = unread[0].name, self._span(key.start, key.end)
            reason = f"no step reads `{name}`, and nobody gives `{key.text}`"
            # A whole thing that was given, where its id is wanted.
            meant = f"{name}.id" if key.text == f"{name}_id" else name
            title = f"replace with `{meant}`"
            return Correction((Edit(span, meant),), title, _CONFIRM, reason)
        twin = self._of_twin(key.text, siblings)
        if twin is not None and place is not None:
            name, written = twin
            reason = f"step `{name}` beside it, which does the same, has it"
            return Reshaping(How.BEFORE, place, written, _CONFIRM, reason)
        if key.text in (_TICKET, f"{_TICKET}_id"):
            ticket, reason = self._the_ticket()
            if ticket is None:
                return None
            ticket += "" if key.text == _TICKET else ".id"
            instead = IntendedText(ticket, self._end(key), _CONFIRM, reason)
            return self.replacement(reference.start, instead)
        return self._added(key, place)

    def _unread(
        self, owner: StepScope, name: str, reading: Reading
    ) -> Sequence[Argument]:
        """The parameters of a composite that may be meant and that no step reads."""
        path, arguments, _ = self._composite(owner)
        return [
            argument
            for argument in arguments
            if not reading.reads(path, argument.name)
            and _share_words(argument.name, name)
        ]

    def _added(self, key: Segment, place: Span | None) -> Proposal | None:
        """The parameter itself, from the environment."""
        text, end = self._template.text, self._end(key)
        if place is None or text[end : end + 1] in (".", "[", "("):
            return None
        variable = re.sub(r"\W", "_", key.text).upper()
        number = _COMPARED.match(text, end) or _COMPARES.search(text[: key.start - 7])
        value = f"get_env('{variable}')" + (" | float" if number else "")
        return Reshaping(
            How.BEFORE,
            place,
            f'{key.text}: "{{{{ {value} }}}}"',
            Safety.PLACEHOLDER,
            f"set `{variable}` where runs happen",
        )

    def _composite(
        self, owner: StepScope
    ) -> tuple[Path, tuple[Argument, ...], tuple[Step, ...]]:
        """Its path, its parameters, and the steps beside it."""
        around = owner.parent
        if around is None:
            return (), self._runner.config, ()
        step = around.steps[around.position]
        others = tuple(one for one in around.steps if one is not step)
        config = step.action.config if isinstance(step.action, Composite) else ()
        return step.path, config, others

    def _of_twin(self, name: str, siblings: tuple[Step, ...]) -> tuple[str, str] | None:
        """The entry that the one other composite which has it has, as it is written."""
        if looks_secret(name):
            # What is said of a correction is printed.
            return None
        text = self._document.text
        found: list[tuple[str, str]] = []
        for step in siblings:
            config = step.action.config if isinstance(step.action, Composite) else ()
            for argument in config:
                key, value = argument.key, argument.value
                if argument.name != name or key is None or key.via is not None:
                    continue
                written = text[key.start : value.origin.end]
                if isinstance(value, Template | Literal) and "\n" not in written:
                    found.append((step.id, written))
        return found[0] if len({written for _, written in found}) == 1 else None

    # --- places ------------------------------------------------------------------------

    def _end(self, segment: Segment) -> int:
        """Behind a segment, with the quote and bracket that may close it."""
        closing = re.compile(r"['\"]\s*\]").match(self._template.text, segment.end)
        return segment.end if closing is None else closing.end()

    def replacement(self, start: int, meant: IntendedText) -> Correction | None:
        """The edit, in the quotes that stand around the expression."""
        scalar, text = self._template.scalar, meant.text
        if scalar is not None and scalar.style == "'":
            text = text.replace("'", "''")
        edit = Edit(self._span(start, meant.end), text)
        title = f"replace with `{meant.text}`"
        edits: tuple[Edit, ...] = (edit,)
        if meant.also is not None:
            made = reshaped(meant.also, self._document.text)
            if made is None:
                return None
            edits = tuple(sorted((edit, *made.edits), key=lambda one: one.span[:2]))
        return Correction(edits, title, meant.safety, meant.reason)

    def _span(self, start: int, end: int) -> Span:
        scalar = self._template.scalar
        if scalar is None:
            return self._template.origin
        return subspan(self._document, scalar, start, end)


def _every(steps: Sequence[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        yield from _inside(step)


def _is_of_fetched(items: Template | Literal) -> bool:
    return isinstance(items, Template) and _FETCHED in items.text


def _calls(step: Step, component: str) -> bool:
    return isinstance(step.action, Call) and step.action.component.name == component


def _last_of(steps: Sequence[Step]) -> Step | None:
    """The one step, or the one that works with the results of all the others."""
    if not steps:
        return None
    *others, last = steps
    match last.action:
        case Call(arguments=arguments):
            texts = [a.value.text for a in arguments if isinstance(a.value, Template)]
        case _:
            texts = []
    ids = {step.id for step in others} - {last.id}
    asked = all(any(f"'{one}'" in text for text in texts) for one in ids)
    return last if asked else None


def _has(step: Step, parameter: str) -> bool:
    config = step.action.config if isinstance(step.action, Composite) else ()
    return any(argument.name == parameter for argument in config)


def _inside(step: Step) -> Iterator[Step]:
    if isinstance(step.action, Composite):
        yield from _every(step.action.steps)


def _share_words(one: str, other: str) -> bool:
    """Whether all words of one are words of the other, whichever is the longer."""
    words, others = (set(name.casefold().split("_")) for name in (one, other))
    return words <= others or others <= words
