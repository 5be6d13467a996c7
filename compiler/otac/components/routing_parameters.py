"""The parameters of `ProcessTickets`: all of what it can be told about routing."""

from typing import Annotated, Any

from pydantic import Field

from otac.components.component import Parameters
from otac.components.label_map import PriorityTarget, QueueTarget
from otac.components.routing import DECISION_KEYS
from otac.components.ticket_system import Named
from otac.components.ticket_template import TICKET_KEYS, template
from otac.components.vocabulary import PRIORITIES


class RoutingParameters(Parameters):
    """Where tickets come from, what they are asked, and what is done with the answer."""

    queue: Annotated[
        str,
        Field(
            description="The queue whose tickets are routed",
            json_schema_extra={"x-names": "queue"},
        ),
    ]
    limit: Annotated[int, Field(ge=1, description="At most this many a run")] = 100
    at_once: Annotated[
        int, Field(ge=1, le=64, description="At most this many at the same time")
    ] = 4
    min_confidence: Annotated[
        float | None,
        Field(
            ge=0,
            le=1,
            description="Below this, a ticket stays where it is; without it 0.75,"
            " or what a trained classifier was told by `min_precision`",
        ),
    ] = None
    min_priority_confidence: Annotated[
        float | None,
        Field(
            ge=0,
            le=1,
            description="Below this, a ticket keeps its priority; without it,"
            " `min_confidence` counts",
        ),
    ] = None
    queues: Annotated[
        dict[str, str] | None,
        Field(
            description="The queues to choose from and what belongs there; without"
            " it, all others of the ticket system",
            json_schema_extra={
                "propertyNames": {"x-names": "queue", "x-listed": True},
                "x-chooses": "queue",
            },
        ),
    ] = None
    queue_map: Annotated[
        dict[
            str,
            Annotated[
                str | Named,
                Field(json_schema_extra={"x-names": "queue", "x-listed": True}),
            ],
        ]
        | None,
        Field(
            description="Where tickets of which label go: labels of the classifier,"
            " or patterns such as `Science/*` and `*`, the first that fits counts;"
            " without `queues`, the classifier chooses among its own labels",
            json_schema_extra={"x-chooses": "queue"},
        ),
    ] = None
    labels_are_queues: Annotated[
        bool,
        Field(
            description="The classifier's own labels are the names of queues; with"
            " `queue_map`, those that no rule fits",
            json_schema_extra={"x-chooses": "queue"},
        ),
    ] = False
    priorities: Annotated[
        dict[str, str] | None,
        Field(
            description="The priorities to choose from and what deserves them, the"
            " lowest first; without it, the usual five; `{}` leaves priorities alone",
            json_schema_extra={
                "propertyNames": {"x-names": "priority"},
                "x-usual": list(PRIORITIES),
            },
        ),
    ] = None
    priority_map: Annotated[
        dict[str, PriorityTarget] | None,
        Field(description="The priority of which label, as in `queue_map`"),
    ] = None
    labels_are_priorities: Annotated[
        bool,
        Field(
            description="The classifier's own labels are the names of priorities;"
            " with `priority_map`, those that no rule fits"
        ),
    ] = False
    queue_model: Annotated[
        str | None,
        Field(
            description="The classifier's model for queues",
            json_schema_extra={"x-names": "model"},
        ),
    ] = None
    priority_model: Annotated[
        str | None,
        Field(
            description="The classifier's model for priorities",
            json_schema_extra={"x-names": "model"},
        ),
    ] = None
    text: Annotated[
        Any,
        Field(
            description="What is classified, for each ticket: `{{ ticket.subject }}`; without it, the"
            " subject and the body"
        ),
        template(
            ticket=TICKET_KEYS,
        ),
    ] = None
    low_confidence_queue: Annotated[
        QueueTarget | None,
        Field(description="Where undecided tickets go; without it, they stay"),
    ] = None
    low_confidence_priority: Annotated[
        PriorityTarget | None,
        Field(
            description="The priority of a ticket whose priority is undecided;"
            " without it, it keeps its own"
        ),
    ] = None
    may_lower_priority: Annotated[
        bool,
        Field(
            description="Lower also priorities above the middle one, which somebody"
            " or `CheckEscalations` has raised"
        ),
    ] = False
    note: Annotated[bool, Field(description="Write an internal note that says why")] = (
        True
    )
    note_subject: Annotated[
        Any,
        Field(
            description="The subject of the note, for each ticket; `decision.subject` is the usual one"
        ),
        template(
            ticket=TICKET_KEYS,
            decision=DECISION_KEYS,
        ),
    ] = None
    note_body: Annotated[
        Any,
        Field(
            description="The text of the note, for each ticket; `decision.text` is the usual one"
        ),
        template(
            ticket=TICKET_KEYS,
            decision=DECISION_KEYS,
        ),
    ] = None
    priority_note_subject: Annotated[
        Any,
        Field(
            description="The subject of a note of its own about the priority; with"
            " `priority_note_body`, the text of one that has the usual subject"
        ),
        template(
            ticket=TICKET_KEYS,
            decision=DECISION_KEYS,
        ),
    ] = None
    priority_note_body: Annotated[
        Any,
        Field(description="The text of a note of its own about the priority"),
        template(
            ticket=TICKET_KEYS,
            decision=DECISION_KEYS,
        ),
    ] = None
    dry_run: Annotated[bool, Field(description="Decide, report and change nothing")] = (
        False
    )
    stop_when_empty: Annotated[
        bool,
        Field(
            description="End the run as `Stopped` if there is nothing to do; false"
            " goes on to the next step"
        ),
    ] = True
    tolerate_failures: Annotated[
        bool,
        Field(
            description="Report tickets that failed and succeed; the next run tries"
            " them again"
        ),
    ] = False
