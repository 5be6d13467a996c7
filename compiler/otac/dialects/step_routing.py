"""September 2025: pipelines of steps, and pipes by definitions, that route tickets.

No release did what they say: the first ran and changed nothing, the others never started.
They are read as they were meant. Most are one `ProcessTickets`; those that say what becomes
of a ticket that cannot be written are its steps one by one.
"""

from typing import cast

from otac.config.shape_findings import missing_keys
from otac.diagnostics.question import PossibleAnswer, Question
from otac.dialects.findings import Findings
from otac.dialects.helpdesk_system import helpdesk, helpdesk_among
from otac.dialects.nodes import Entries, dropping, mapping
from otac.dialects.step_meaning import StepMeanings
from otac.dialects.step_runner import StepRunner
from otac.dialects.step_values import StepNames, items_of, settings
from otac.dialects.surroundings import surroundings
from otac.dialects.ticket_routing import routing
from otac.source.document import Entry, Mapping, Node, Scalar

_EVERY = "run_every_milli_seconds"
_MAPS = ("queue_map", "priority_map")


def step_pipelines(body: Mapping, found: Findings) -> Mapping | None:
    """The canonical body of a file in one of these forms; None where nothing is routed."""
    listed = body.entries.get("pipelines")
    orchestrator = cast(Mapping, body.entries["orchestrator"].value)
    runners = orchestrator.entries.get("runners")
    if listed is not None:
        found.never_worked(listed.key)
        pipelines = _only(items_of(listed.value), listed, found)
    else:
        assert runners is not None
        defs = body.get("defs")
        inside = defs.entries if isinstance(defs, Mapping) else {}
        defined = inside.get("pipe_definitions") or body.entries.get("pipe_definitions")
        if defined is not None:
            found.never_worked(defined.key)
        else:
            found.never_worked(runners.key, "runners that are pipes")
        pipelines = items_of(runners.value)
    services = _helpdesk(body, found)
    definitions = _definitions(body)
    made_of: list[Node] = []
    for node in pipelines:
        steps = StepMeanings(definitions, _spare_maps(body), found)
        interval = node.entries.get(_EVERY) or orchestrator.entries.get(_EVERY)
        if listed is not None:
            config = node.get("pipeline_config") or node.get("config")
            scope = StepNames({})
            scope.config.update(settings(config, scope))
            steps.follow(items_of(node.get("steps")), scope)
        else:
            kept = {k: one for k, one in node.entries.items() if k != _EVERY}
            steps.follow([mapping(kept, node)], StepNames({}))
        if interval is None:
            found.report(missing_keys(orchestrator, [_EVERY], "the orchestrator"))
            continue
        one = StepRunner(node, steps, body, found).made(interval)
        if one is not None:
            services |= one[1]
            made_of.append(one[0])
    around = surroundings(body, found)
    return routing(body, services, made_of, around) if made_of else None


def _only(pipelines: list[Mapping], listed: Entry, found: Findings) -> list[Mapping]:
    """The one that counts: no release ran more than the first."""
    fetching = [one for one in pipelines if _fetches(one)]
    if len(pipelines) < 2:
        return pipelines
    names = [_text(one, "id") or _text(one, "name") for one in pipelines]
    choices = tuple(
        PossibleAnswer(
            name,
            "",
            tuple(
                change
                for other in pipelines
                if other is not one
                for change in dropping(other, "").makes
            ),
        )
        for name, one in zip(names, pipelines, strict=True)
    )
    meant = fetching[0] if fetching else pipelines[0]
    proposal = names[pipelines.index(meant)]
    found.ask(
        Question("pipeline", choices, proposal),
        "which of these pipelines counts?",
        listed.key.span,
        "the first alone was run, whatever stood there",
        f"leave that one alone; `{proposal}` takes tickets"
        if fetching
        else "leave that one alone",
    )
    return [meant]


def _fetches(pipeline: Mapping) -> bool:
    return any(
        "ticket_search_criteria" in step.entries
        or any("ticket_search_criteria" in inner for inner in _inside(step))
        for step in items_of(pipeline.get("steps"))
    )


def _inside(step: Mapping) -> list[Entries]:
    return [one.value.entries for one in step if isinstance(one.value, Mapping)]


def _definitions(body: Mapping) -> dict[str, Mapping]:
    """Pipes by their names, wherever they are defined."""
    defs = body.get("defs")
    inside = defs.get("pipe_definitions") if isinstance(defs, Mapping) else None
    listed = (body.get("pipe_defs"), body.get("pipe_definitions"), inside)
    every_one = [one for each in listed for one in items_of(each)]
    return {_text(one, "name") or _text(one, "id"): one for one in every_one}


def _spare_maps(body: Mapping) -> Entries:
    """Maps that stand where nothing read them."""
    system = body.get("system")
    config = system.get("config") if isinstance(system, Mapping) else None
    places = [one for one in (body, system, config) if isinstance(one, Mapping)]
    return {k: one.entries[k] for one in places for k in _MAPS if k in one.entries}


def _helpdesk(body: Mapping, found: Findings) -> Entries:
    system = body.entries.get("system")
    if system is not None:
        return helpdesk(system, found)
    defs = body.entries.get("defs")
    inside = defs.value if defs is not None else body
    services = inside.entries.get("services") if isinstance(inside, Mapping) else None
    return helpdesk_among(services, body, found)


def _text(node: Mapping, key: str) -> str:
    value = node.get(key)
    return value.text if isinstance(value, Scalar) else ""
