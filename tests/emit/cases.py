"""Projects whose whole output lies in `expected/`, a folder for each."""

from ir import (
    FromFlow,
    Jinja,
    composite,
    every,
    notification,
    parameter,
    policy,
    project,
    runner,
    schedule,
    service,
    step,
)

from otac.lower.project import (
    Concurrency,
    FunctionHook,
    Hooks,
    NotificationHook,
    WorkPool,
)
from otac.schedules import Cron, Interval, RRule

HELPDESK = service(
    "helpdesk", "otac.components:SqliteTicketSystem", {"path": "helpdesk.db"}
)
CLASSIFIER = service(
    "classifier",
    "otac.components:KeywordClassifier",
    {
        "labels": {
            "billing": ["invoice", "refund", "payment"],
            "technical": ["crash", "error", "slow"],
        }
    },
)
STORE = {"ticket_system": "helpdesk"}
HOSTILE = (
    "\"\"\"'''; import os # {{ 7 * 7 }} {{ prefect.variables.x }} {% raw %}\\N{DASH}"
    "\0\x1b[31m\u202e\u2066evil\u2069\u200b\ufeff\u2028\ud800 \U0001f3ab größer\r\n\t$HOME"
)

THE_GUIDE = project(
    runner(
        "ticket_processor",
        step(
            "ticket_processor", "otac.components:ProcessTickets", {"queue": "my-queue"}
        ),
        schedules=(every(300.0),),
    ),
    runner(
        "escalation_checker",
        step("escalation_checker", "otac.components:CheckEscalations"),
        schedules=(every(600.0),),
    ),
)

TRIAGE = project(
    runner(
        "triage",
        step(
            "fetch",
            "otac.components:FetchTickets",
            {
                "ticket_search_criteria": {
                    "queue": {"name": FromFlow("queue")},
                    "limit": 10,
                }
            },
            injects=STORE,
        ),
        composite(
            "each",
            step(
                "classify",
                "otac.components:Classify",
                {"text": Jinja("{{ item.subject }}")},
                within=("each",),
                injects={"classification_service": "classifier"},
            ),
            step(
                "update",
                "otac.components:UpdateTicket",
                {
                    "ticket_id": Jinja("{{ item.id }}"),
                    "updated_ticket": {
                        "queue": {
                            "name": Jinja("{{ get_pipe_result('classify', 'label') }}")
                        }
                    },
                },
                within=("each",),
                injects=STORE,
                when=Jinja("{{ get_pipe_result('classify', 'confidence') >= 0.8 }}"),
                depends_on=("classify",),
                policy=policy(3, (5.0, 10.0, 20.0), timeout=20.0),
            ),
            step(
                "note",
                "otac.components:AddNote",
                {
                    "ticket_id": Jinja("{{ item.id }}"),
                    "note": {
                        "subject": "Not sure where this belongs",
                        "body": Jinja(
                            "Please route this ticket by hand:\n"
                            "{{ get_pipe_result('classify', 'label') }} was the best "
                            "guess, at {{ get_pipe_result('classify', 'confidence') }}.\n"
                        ),
                    },
                },
                within=("each",),
                injects=STORE,
                when=Jinja("{{ get_pipe_result('classify', 'confidence') < 0.8 }}"),
                policy=policy(0),
            ),
            for_each=Jinja("{{ get_pipe_result('fetch', 'fetched_tickets') }}"),
            max_concurrency=4,
            policy=policy(on_error="continue"),
        ),
        description="Routes new tickets to the team that can answer them.",
        parameters=(parameter("queue", "str", "Incoming"),),
        schedules=(every(300.0),),
    ),
    services=(HELPDESK, CLASSIFIER),
)

EVERY_OPTION = project(
    runner(
        "nightly",
        step(
            "load",
            "acme.pipes:load",
            {"limit": FromFlow("limit"), "queues": FromFlow("queues")},
            tags=("database",),
            policy=policy(5, 1.5, jitter=0.5, timeout=0.5),
        ),
        composite(
            "clean",
            composite(
                "old",
                step("close", "acme.pipes:Close", within=("clean", "old")),
                within=("clean",),
                config={"days": 30},
                when=True,
            ),
            step("report", "acme.reports:Report.weekly", within=("clean",)),
            config={
                "threshold": Jinja("{{ params.limit / 10 }}"),
                "queues": FromFlow("queues"),
            },
            depends_on=("load",),
        ),
        step(
            "tell",
            "acme.pipes:tell",
            {"from": "otac", "x-priority": 1, "to": ["ops"]},
            when=Jinja("{{ has_failed('clean') }}"),
            asks_failure=True,
            for_each=["a", "b"],
            policy=policy(0),
        ),
        description="Cleans up.\n\nAnd tells what it did: {{ flow.name }}.",
        parameters=(
            parameter("limit", "int", 100),
            parameter("queues", "list[Any]", ["Incoming", "Returns"]),
            parameter("ratio", "float", 0.5),
            parameter("owner", "str | None", None),
            parameter("note", "str", "{{ not.for.prefect }}"),
        ),
        schedules=(
            schedule(Cron("0 2 * * *", "Europe/Berlin", True), "cron"),
            schedule(
                Cron("0 3 1 * 1", None, False),
                "cron-2",
                active=False,
                parameters={"limit": 5, "note": "{{ left.out }}"},
            ),
            schedule(
                Interval(12.5, "2026-01-01T02:00:00+01:00", "Europe/Berlin"), "interval"
            ),
            schedule(RRule("FREQ=DAILY;BYHOUR=8", "UTC"), "rrule"),
        ),
        config={"limit": FromFlow("limit"), "where": Jinja("{{ env.PLACE }}")},
        tags=("open-ticket-ai", "nightly", "{{ odd.tag }}"),
        work_pool=WorkPool(
            "docker", "slow", {"image": "acme/otac:1", "env": {"TZ": "UTC"}}
        ),
        concurrency=Concurrency(3, True),
        flow_retries=2,
        flow_timeout=3600.0,
        hooks=Hooks(
            (NotificationHook("ops"), FunctionHook("acme.hooks", "on_failure")),
            (FunctionHook("acme.hooks", "load"),),
            (NotificationHook("ops"),),
        ),
    ),
    runner(
        "follow-up",
        step("send", "acme.pipes:tell"),
        after=("nightly",),
        triggers=({"expect": ["acme.tickets.imported"], "threshold": 10},),
        flow_timeout=90.5,
    ),
    runner("summary", step("send", "acme.pipes:tell"), after=("nightly", "follow-up")),
    runner(
        "weekly",
        step("send", "acme.pipes:tell"),
        schedules=(schedule(Cron("0 6 * * 1", None, True), "cron"),),
    ),
    runner(
        "paused",
        step("send", "acme.pipes:tell"),
        schedules=(every(86400.0, active=False),),
    ),
    runner(
        "by-rule",
        step("send", "acme.pipes:tell"),
        schedules=(schedule(RRule("FREQ=WEEKLY", None), "rrule"),),
    ),
    notifications=(
        notification(
            "ops",
            "slack",
            "failed",
            "crashed",
            in_flow=True,
            subject="{{ flow.name }} needs you",
            message="Look at the log.",
            settings={"url": Jinja("{{ secret('ops') }}")},
        ),
        notification(
            "team",
            "teams",
            "failed",
            "late",
            runners=("nightly",),
            subject="100 % {{ verbatim }}",
            message="{% raw %} {# and all #}",
            late_after=60.0,
        ),
        notification(
            "mail",
            "email",
            "completed",
            "late",
            settings={"block": "12345678-1234-5678-1234-567812345678"},
        ),
        notification("pager", "webhook", "crashed", settings={"block": "pagers"}),
    ),
    pull=({"prefect.deployments.steps.git_clone": {"repository": "https://a.test/b"}},),
    log_level="DEBUG",
)

AWKWARD_NAMES = project(
    runner(
        "email",
        step("email", "acme.pipes:email"),
        step("import", "acme.pipes:Triage"),
        step("run", "acme.other:Triage"),
        step("2nd", "acme.other:Run"),
        step("print", "acme.other:json"),
        step("TicketFetch", "acme.pipes:triage"),
        composite(
            "ticket",
            step("fetch", "acme.pipes:triage", within=("ticket",)),
            step("class", "acme.pipes:services", within=("ticket",)),
        ),
        step("triage", "acme.pipes:triage"),
        step("x" * 90, "acme.pipes:" + "T" + "r" * 90),
        step("-.-", "json:dumps"),
    ),
    runner(
        "class",
        step(
            "Run",
            "acme.pipes:Template",
            {"a": Jinja("{{ params.run }}"), "b": FromFlow("queue")},
        ),
        step("queue", "acme.pipes:queue", when=Jinja("{{ params.Run }}")),
        parameters=(
            parameter("run", "str", "nightly"),
            parameter("Run", "str", ""),
            parameter("Template", "str", ""),
            parameter("queue", "dict[str, Any]", {}),
            parameter("QUEUE", "float", float("inf")),
        ),
    ),
    runner("r" * 120, step("s" * 120, "otac.components:Expression", {"expression": 1})),
    services=(
        service("Run", "acme.systems:build"),
        service("help-desk", "acme.systems:Desk", {"class": 1, "größe": 2}),
        service("help.desk", "acme.others:Desk"),
        service("票", "acme.systems:" + "D" * 80),
        service("s" * 60, "acme.systems:" + "S" * 30),
    ),
    source="../my coding: latin-1\n# type: ignore.yml",
)

HOSTILE_TEXT = project(
    runner(
        "hostile",
        step(
            "say",
            "otac.components:Expression",
            {
                "expression": HOSTILE,
                "template": Jinja(HOSTILE),
                "nested": {HOSTILE: [HOSTILE, Jinja(HOSTILE)]},
            },
            tags=(HOSTILE,),
            when=Jinja(HOSTILE),
        ),
        description=HOSTILE,
        parameters=(parameter("text", "str", HOSTILE),),
        schedules=(every(60.0, parameters={"text": "safe"}),),
        tags=(HOSTILE,),
    ),
    services=(service(HOSTILE, "acme.systems:Desk", {"a": HOSTILE}),),
    notifications=(
        notification("ops", "webhook", "failed", subject=HOSTILE, message=HOSTILE),
    ),
    source=HOSTILE,
)

CASES = {
    "the guide": THE_GUIDE,
    "triage": TRIAGE,
    "every option": EVERY_OPTION,
    "awkward names": AWKWARD_NAMES,
    "hostile text": HOSTILE_TEXT,
}
