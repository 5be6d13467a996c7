from typing import Any

from prefect import Flow
from prefect.client.schemas.objects import FlowRun, State


def load(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None: ...


def on_failure(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None: ...
