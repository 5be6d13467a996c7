"""The steps of a pipe from before 1.0 -> what they decide on, and from what.

The steps fetch a ticket, ask one model or two, and write what these say to the ticket, with
notes; some say what becomes of a ticket that could not be written. They are followed in
their order, as what they stand for.
"""

from otac.config.shape_findings import unknown_key
from otac.diagnostics.diagnostic import Label
from otac.diagnostics.question import PossibleAnswer, Question
from otac.diagnostics.suggest import misspelt, nearest
from otac.dialects import names
from otac.dialects.findings import Findings
from otac.dialects.nodes import Entries, dropping, mapping, nested
from otac.dialects.part_wiring import attribute_in
from otac.dialects.step_reading import (
    READ,
    STEP_KEYS,
    TOKENS,
    Conditions,
    Definitions,
    StepSettings,
    class_of,
    kind_of,
    leaves,
    name_of,
    parameters,
    text_in,
)
from otac.dialects.step_values import (
    Chosen,
    Confidence,
    GivenValue,
    LabelValue,
    ModelStep,
    OfTicket,
    Path,
    StepNames,
    UnknownName,
    Value,
    evaluated,
    items_of,
    settings,
)
from otac.dialects.step_writing import Meaning, Writing
from otac.source.document import Entry, Mapping, Scalar

_DEEPEST = 20
_MOST_LISTS = 200
_WRITING = ("UpdateTicket", "AddNote")


class StepMeanings:
    """Follows steps; `definitions` are pipes by their names, `maps` those of the system."""

    def __init__(
        self, definitions: dict[str, Mapping], maps: Entries, found: Findings
    ) -> None:
        self.settings = StepSettings(found)
        self._definitions = Definitions(definitions, found)
        self._conditions = Conditions(found)
        self._writing = Writing(self._conditions, self.settings, found)
        self._maps = maps
        self._found = found
        self._models: list[ModelStep] = []
        self._stray: dict[Path, Value] = {}
        # Of lists of steps: a definition that uses itself twice would make millions.
        self._left = _MOST_LISTS

    @property
    def meaning(self) -> Meaning:
        """What has been followed so far."""
        return self._writing.meaning

    def follow(
        self,
        steps: list[Mapping],
        scope: StepNames,
        *,
        failed: bool = False,
        depth: int = 0,
    ) -> None:
        """Follow a list of steps; `failed` is true where one before could not write."""
        for node in steps:
            self._step(node, steps, scope, failed=failed, depth=depth)
            failed = failed or text_in(node, "on_success").startswith("finish")

    def _step(
        self,
        node: Mapping,
        siblings: list[Mapping],
        scope: StepNames,
        *,
        failed: bool,
        depth: int,
    ) -> None:
        whole = self._definitions.whole(node, siblings)
        when = self._conditions.of(whole, scope)
        if when.never:
            return
        failed = failed or when.failed
        has = settings(mapping(parameters(whole), whole), scope)
        if (when.sure or when.unsure) and kind_of(whole) not in _WRITING:
            self._conditions.ask(whole)
        inner = whole.get("steps") or whole.get("pipes")
        own: dict[str, Value] = {}
        kind = kind_of(whole)
        for key in sorted(has.keys() - set(READ.get(kind, has))):
            self._unread(has[key].entry.key, whole, kind)
        match kind:
            case _ if inner is not None and depth < _DEEPEST and self._left > 0:
                self._left -= 1
                inside = scope.inside(has)
                self.follow(items_of(inner), inside, failed=failed, depth=depth + 1)
            case "FetchTickets":
                self._fetch(has)
                own = {"found_tickets": OfTicket(), "fetched_tickets": OfTicket()}
            case "Classify":
                own = self._classified(whole, has)
            case "Map":
                value = self._mapped(whole, has)
                own = {"to_value": value, "value": value}
            case "Expression":
                if "expression" in has:
                    own = {"value": evaluated(has["expression"])}
            case "UpdateTicket":
                self._writing.update(whole, has, when, failed=failed)
                own = {"success": OfTicket(), "failed": OfTicket()}
            case "AddNote":
                self._writing.check_ticket(has)
                if "note" in has:
                    self._writing.note(has["note"], when, failed=failed)
            case names.COMPOSITE:
                pass
            case _:
                self._ask_what(whole)
        self._put_out(whole, scope, own)

    def _unread(self, key: Scalar, node: Mapping, kind: str) -> None:
        """A parameter that the step does not take."""
        title = f"`{name_of(node) or class_of(node)}`"
        known = (*READ[kind], *STEP_KEYS)
        similar = nearest(key.text, known)
        if similar is None:
            why = f"{title} does not read it"
            self._found.without_counterpart(key, why, "remove it")
        else:
            self._found.report(unknown_key(key, known, title, similar))

    def _fetch(self, has: dict[str, GivenValue]) -> None:
        given = has.get("ticket_search_criteria")
        value = None if given is None else evaluated(given)
        if isinstance(value, GivenValue) and self.meaning.criteria is not None:
            self._found.ask(
                Question("fetch", (dropping(value.entry, "remove"),)),
                "tickets are fetched twice",
                value.entry.key.span,
                "one step takes the tickets of one queue",
                "which of them is meant? leave that one alone",
                Label(self.meaning.criteria.entry.key.span, "the first time"),
            )
        elif isinstance(value, GivenValue):
            key, inside = value.entry
            self.meaning.criteria = value._replace(entry=Entry(key, nested(inside)))

    def _classified(
        self, node: Mapping, has: dict[str, GivenValue]
    ) -> dict[str, Value]:
        entries: dict[str, GivenValue] = {}
        for name, keys in (
            ("model", ("model", "hf_model", "model_name")),
            ("text", ("prompt", "text")),
            ("token", TOKENS),
        ):
            given = next((has[key] for key in keys if key in has), None)
            if given is not None:
                entries[name] = given
        model = ModelStep(name_of(node), entries)
        self._models.append(model)
        label = LabelValue(model)
        return {
            "label": label,
            "prediction": label,
            "value": label,
            "confidence": Confidence(model),
        }

    def _mapped(self, node: Mapping, has: dict[str, GivenValue]) -> Value:
        key = (
            evaluated(has["from_key"])
            if "from_key" in has
            else UnknownName(("from_key",))
        )
        given = has.get("key_to_value_map")
        table = None if given is None else evaluated(given)
        if not isinstance(key, LabelValue):
            return key
        if isinstance(table, GivenValue) and isinstance(table.entry.value, Mapping):
            return key._replace(map=table.entry)
        spare = self._maps.get(f"{attribute_in(name_of(node))}_map")
        if spare is None:
            return key
        choices = (
            PossibleAnswer("follow", "labels become what it says"),
            dropping(spare, "remove", "labels stay as the model says them"),
        )
        self._found.doubt(
            Question(f"label-map.{name_of(node)}", choices, "follow"),
            f"`{name_of(node)}` has no map of its own",
            spare.key.span,
            "this one is used, which nothing read",
            "remove it to keep the labels of the model as they are",
        )
        return key._replace(map=spare)

    def _put_out(self, node: Mapping, scope: StepNames, own: dict[str, Value]) -> None:
        """Remember a result by the step's name, and what `output` calls it."""
        for value in own.values():
            self._writing.chosen = (
                value if isinstance(value, Chosen) else self._writing.chosen
            )
        if own and name_of(node):
            scope.results[name_of(node)] = own
        output = node.get("output")
        around = StepNames(scope.config, scope.data, scope.results, own)
        for path, entry in leaves(output, ()):
            if "events" in path:
                self._conditions.events[path[-1]] = kind_of(node)
            elif path[0] == "data":
                scope.data[path[1:]] = evaluated(GivenValue(entry, around))
            elif path[0] != "meta":
                self._stray[path] = evaluated(GivenValue(entry, around))
        for path, value in self._stray.items():
            # It went nowhere, and a later step reads it all the same.
            scope.data.setdefault(path, value)

    def _ask_what(self, node: Mapping) -> None:
        said = class_of(node)
        for key, one in node.entries.items():
            similar = None if key in STEP_KEYS else misspelt(key, STEP_KEYS)
            if similar is not None:
                title = f"`{name_of(node) or said or 'a step'}`"
                self._found.report(unknown_key(one.key, STEP_KEYS, title, similar))
                return
        name = node.entries.get("name") or node.entries.get("id")
        self._found.ask(
            Question(f"step.{name_of(node)}", (dropping(node, "remove"),), "remove"),
            f"what does `{name_of(node) or said}` do?",
            (name.value if name is not None else node).span,
            f"`{said}` is nothing that a step can be"
            if said
            else "nothing says what it is",
            "remove it if nothing needs it",
        )
