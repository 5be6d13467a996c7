"""The Python of the user's guide, as it stands there, and the way to ours."""

import re
from textwrap import indent

BASIC = """\
from open_ticket_ai.core.pipeline import PrefectOrchestrator
from injector import Injector

# Get orchestrator via dependency injection
orchestrator = injector.get(PrefectOrchestrator)

# Start serving all scheduled deployments (blocks until shutdown)
await orchestrator.run()
"""
INTERVAL = """\
# Interval-based (current implementation)
deployment_params["interval"] = timedelta(seconds=300)
"""
CRON = """\
# Cron-based (can be added)
from prefect.client.schemas.schedules import CronSchedule
deployment_params["schedule"] = CronSchedule(cron="0 */6 * * *")  # Every 6 hours
"""
ONE_TIME = """\
result = await orchestrator.run_once("ticket_processor")
print(f"Result: {result}")
"""
EXAMPLE = """\
orchestrator = PrefectOrchestrator(pipe_factory, app_config)

# Start and serve all deployments
await orchestrator.run()

# Or run a specific pipe once
result = await orchestrator.run_once("my_pipe")
"""
CUSTOM = """\
from open_ticket_ai.core.pipeline.prefect_flows import execute_scheduled_pipe_flow
from datetime import timedelta

# Create a custom deployment
deployment = execute_scheduled_pipe_flow.to_deployment(
    name="custom_processor",
    parameters={
        "pipe_factory": my_pipe_factory,
        "definition": my_runner_definition,
    },
    interval=timedelta(minutes=15),
    tags=["custom", "high-priority"],
)

# Serve it
await serve(deployment)
"""
APSCHEDULER = """\
# Use APScheduler for local development
from open_ticket_ai.core.pipeline import Orchestrator
orchestrator = injector.get(Orchestrator)
"""
PREFECT = """\
# Use Prefect for production with monitoring
from open_ticket_ai.core.pipeline import PrefectOrchestrator
orchestrator = injector.get(PrefectOrchestrator)
"""


def script(*parts: str) -> str:
    """A program of these parts, in which the guide's modules are otac's."""
    body = "\n".join(parts)
    body = re.sub(
        r"from open_ticket_ai\.core\.pipeline(\.prefect_flows)?",
        "from otac.orchestrator",
        body,
    )
    return (
        "import asyncio\n\n\nasync def main() -> None:\n"
        f"{indent(body, '    ')}\n\n"
        'if __name__ == "__main__":\n    asyncio.run(main())\n'
    )
