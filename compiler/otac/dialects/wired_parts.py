"""June to September 2025: fetchers, preparers, models and modifiers, wired by their ids.

No release worked with these files. They are read as their documentation meant them: the
tickets of one queue get a queue, and maybe a priority, from what the predictors name.
Those of September 2025 list all parts as `pipes`, and mean what the flat form soon did.
"""

from typing import cast

from otac.config.shape_findings import missing_keys
from otac.diagnostics.diagnostic import Label
from otac.diagnostics.question import PossibleAnswer, Question, instead
from otac.dialects.findings import Findings
from otac.dialects.flat_routing import MOVED, note_of
from otac.dialects.helpdesk_system import helpdesk
from otac.dialects.nodes import dropping
from otac.dialects.part_wiring import parts_of, text_of
from otac.dialects.predictor import Predictor
from otac.dialects.ticket_routing import one_step
from otac.source.document import Mapping, Scalar, Sequence


def wired_parts(body: Mapping, found: Findings) -> Mapping | None:
    """The canonical body of a file in this form; None where no tickets are routed."""
    parts = parts_of(body, found)
    listed = body.entries.get("attribute_predictors") or body.entries.get("pipelines")
    if listed is None:
        found.report(missing_keys(body, ["pipelines"], "the configuration"))
        return None
    found.never_worked(listed.key)
    is_list = "pipes" in body.entries
    predictors = [
        Predictor(cast(Mapping, one), parts, found, is_list=is_list)
        for one in cast(Sequence, listed.value).items
    ]
    if not all(one.is_whole for one in predictors):
        # For what they ask as well.
        helpdesk(body.entries["system"], found)
        for one in predictors:
            if one.what == "queue":
                one.schedule(found)
        return None
    queue = _only("queue", predictors, listed.key, found)
    priority = _only("priority", predictors, None, found)
    if queue is None:
        helpdesk(body.entries["system"], found)
        return None
    if priority is not None:
        _check_same(queue, priority, found)
    source = queue.queue(found)
    schedule = queue.schedule(found) or {}
    default = body.entries.get("hf_token_env_var")
    decisions = (
        queue.attribute(default, found),
        None if priority is None else priority.attribute(default, found),
    )
    on_queue, on_priority = decisions
    is_whole = priority is None or on_priority is not None
    if source is None or on_queue is None or not is_whole:
        helpdesk(body.entries["system"], found)
        return None
    if is_list:
        on_queue.note = note_of(MOVED, body)
    return one_step(body, source, queue.text, (on_queue, on_priority), schedule, found)


def _only(
    what: str, predictors: list[Predictor], listed: Scalar | None, found: Findings
) -> Predictor | None:
    those = [one for one in predictors if one.what == what]
    for other in those[1:]:
        first = those[0]
        choices = dropping(other.node, first.name), dropping(first.node, other.name)
        found.ask(
            Question(f"predictor.{other.name}", choices),
            f"two predictors decide on the {what}",
            other.place,
            "this is one of them",
            "which of them is meant? leave that one alone",
            Label(first.place, "this is another"),
        )
    if not those and listed is not None:
        found.ask(
            Question("predictors"),
            "where do the tickets go?",
            listed.span,
            "no predictor decides on the queue",
            "add one, or write a `ProcessTickets` in today's form",
        )
    return those[0] if those else None


def _check_same(queue: Predictor, priority: Predictor, found: Findings) -> None:
    """Two predictors become one step, which takes the tickets of one queue."""
    quiet = Findings(found.unresolved)
    one, other = queue.queue(quiet), priority.queue(found)
    if (
        one is not None
        and other is not None
        and text_of(one.value) != text_of(other.value)
    ):
        names = text_of(one.value), text_of(other.value)
        choices = (
            PossibleAnswer(names[0], "", instead(other.value.span, names[0]).makes),
            PossibleAnswer(names[1], "", instead(one.value.span, names[1]).makes),
        )
        found.ask(
            Question("queue", choices),
            "two queues to take tickets from",
            other.value.span,
            f"`{queue.name}` takes them from another queue",
            "which of them is meant? write it in both",
            Label(one.value.span, "the other one"),
        )
        return
    _check_preparers(queue, priority, found)
    _check_schedules(queue, priority, found)
    choices = (
        PossibleAnswer("together", "priority and queue are set together"),
        dropping(priority.node, queue.name, "the queue alone"),
    )
    found.doubt(
        Question("predictors", choices, "together"),
        f"`{queue.name}` and `{priority.name}` take the same tickets",
        priority.place,
        "each would have taken them away from the other; they become one step",
        "is that meant? priority and queue are then set together, as often as "
        f"`{queue.name}` looks for tickets; for one of them alone, remove the other",
    )


def _check_preparers(queue: Predictor, priority: Predictor, found: Findings) -> None:
    """One step reads one text for both models."""
    if queue.text == priority.text:
        return
    one, other = queue.wire("preparer"), priority.wire("preparer")
    choices: tuple[PossibleAnswer, ...] = ()
    if one is not None and other is not None:
        choices = (
            PossibleAnswer(one.text, "", instead(other.span, one.text).makes),
            PossibleAnswer(other.text, "", instead(one.span, other.text).makes),
        )
    labels = () if one is None else (Label(one.span, "the text for the queue"),)
    found.ask(
        Question("preparer", choices, choices[0].answer if choices else None),
        f"`{queue.name}` and `{priority.name}` prepare the text differently",
        priority.place if other is None else other.span,
        "they become one step, which reads one text",
        "which preparer is meant? name it in both",
        *labels,
    )


def _check_schedules(queue: Predictor, priority: Predictor, found: Findings) -> None:
    """One step looks for tickets at one interval; that of priorities may be left out."""
    quiet = Findings(found.unresolved)
    given = priority.schedule_entry
    if given is None or queue.schedule_entry is None:
        return
    times = [each.milliseconds(quiet) for each in (queue, priority)]
    if times[0] == times[1]:
        return
    every = [f"every {0 if one is None else one / 1000:g} s" for one in times]
    choices = [dropping(given, queue.name, every[0])]
    moved = queue.with_times_of(priority)
    if moved is not None:
        choices.append(PossibleAnswer(priority.name, every[1], moved))
    found.ask(
        Question("schedule", tuple(choices), queue.name),
        f"`{queue.name}` and `{priority.name}` look for tickets at different intervals",
        given.key.span,
        "they become one step, which has one interval",
        f"how often is meant? `{queue.name}` looks {every[0]}; the interval of the other "
        "may be left out",
        Label(queue.schedule_entry.key.span, "the other one"),
    )
