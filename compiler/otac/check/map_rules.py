"""Rules of a map from labels that never apply, because an earlier one always does."""

from collections.abc import Iterator

from otac.check.mentions import Mention, Places, argument, calls, keys_of
from otac.diagnostics.cells import visible
from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.label_pattern import covers
from otac.lower.project import Call, Literal, MappingValue, Project, Runner
from otac.source.document import Document, Span

_COMPONENTS = "otac.components"
_MAPS = ("queue_map", "priority_map", "label_map")


def check_map_rules(project: Project, document: Document) -> Iterator[Diagnostic]:
    """The first rule that fits decides, so what stands after `*` is never asked."""
    places = Places(document)
    told: set[Span | None] = set()
    for runner in project.runners:
        for call in calls(runner):
            if call.component.module == _COMPONENTS:
                for found in _in_call(call, runner, places):
                    # An alias brings one rule to several steps.
                    if found.span not in told:
                        told.add(found.span)
                        yield found


def _in_call(call: Call, runner: Runner, places: Places) -> Iterator[Diagnostic]:
    for name in _MAPS:
        match argument(call.arguments, name, runner):
            case (Literal() | MappingValue()) as value:
                rules = keys_of(value)
            case _:
                continue
        for place, rule in enumerate(rules):
            earlier = next((one for one in rules[:place] if covers(one, rule)), None)
            if earlier is not None:
                yield warning(
                    "OTC398",
                    f"the rule `{visible(rule)}` of `{name}` never applies",
                    places.of(Mention(rule, value.origin, (rule,), is_key=True)),
                    f"`{visible(earlier)}` comes before it, and the first that fits counts",
                    help="remove it: both fit the same labels"
                    if covers(rule, earlier)
                    else f"write it before `{visible(earlier)}`, or remove it",
                )
