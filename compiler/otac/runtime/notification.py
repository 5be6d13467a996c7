"""Notifications that the flow's own process sends."""

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from otac.expressions.problem import ExpressionError
from otac.runtime.ambient import ambient
from otac.runtime.channels import Notice, NotSent, send
from otac.runtime.log import run_log
from otac.runtime.secrets import Secrets
from otac.runtime.template import render

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.client.schemas.objects import FlowRun, State

Channel: TypeAlias = Literal["slack", "teams", "email", "webhook", "apprise"]


class Hook(Protocol):
    """A state hook; Prefect passes the arguments by name."""

    __name__: str

    def __call__(
        self, flow: "Flow[..., Any]", flow_run: "FlowRun", state: "State[Any]"
    ) -> Awaitable[None]: ...


def notify(
    channel: Channel,
    *,
    subject: str | None = None,
    message: str | None = None,
    **settings: Any,
) -> Hook:
    """A hook for `on_failure` and the like that tells people of a run's state.

    Templates in the settings are rendered when there is something to send. What cannot
    be sent is a line in the log and no failure of the run.
    """

    async def hook(
        flow: "Flow[..., Any]", flow_run: "FlowRun", state: "State[Any]"
    ) -> None:
        def tell() -> None:
            names = ambient(Secrets())
            notice = _notice(flow, flow_run, state, subject, message)
            send(channel, render(settings, names), notice)

        try:
            await asyncio.to_thread(tell)
        except Exception as error:  # noqa: BLE001
            # The message of any other exception may name the address.
            known = isinstance(error, NotSent | ExpressionError)
            reason = str(error) if known else type(error).__name__
            run_log().error("notification by %s was not sent: %s", channel, reason)

    hook.__name__ = f"notify_{channel}"
    return hook


def _notice(
    flow: "Flow[..., Any]",
    flow_run: "FlowRun",
    state: "State[Any]",
    subject: str | None,
    message: str | None,
) -> Notice:
    from prefect.utilities.urls import url_for

    facts = {
        "flow": flow.name,
        "flow_run": flow_run.name,
        "flow_run_id": str(flow_run.id),
        "state": state.name or "",
        "reason": state.message or "",
        "url": url_for(flow_run) or "",
    }
    lines = [
        f"Run {flow_run.name} of {flow.name} is {state.name}.",
        facts["reason"],
        facts["url"],
    ]
    return Notice(
        f"{flow.name}: {state.name}" if subject is None else subject,
        "\n".join(filter(None, lines)) if message is None else message,
        facts,
    )
