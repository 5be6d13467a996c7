"""What becomes of a run's place under a `concurrency_limit` while the run waits."""

import json
import re
from importlib.metadata import version
from uuid import uuid4

from server_process import Server

from otac.deploy.older_releases import KEEPS_ITS_PLACE

# Through Prefect's client: a server gives no place to one that does not say its release.
_RUN = """
import asyncio, json, sys
from httpx import HTTPStatusError
from prefect import get_client
from prefect.exceptions import ObjectNotFound
from prefect.states import Failed, Pending, Running

async def renews(client, lease):
    try:
        await client.renew_concurrency_lease(lease, lease_duration=300)
    except ObjectNotFound:
        return False
    except HTTPStatusError as error:
        if error.response.status_code not in (404, 410):
            raise
        return False
    return True

async def main():
    async with get_client() as client:
        run = await client.create_flow_run_from_deployment(sys.argv[1])
        for state in Pending(), Running():
            answer = await client.set_flow_run_state(run.id, state)
        lease = answer.state.state_details.deployment_concurrency_lease_id
        before = await renews(client, lease)
        policy = {"retries": 1, "retry_delay": 600}
        await client.update_flow_run(run.id, empirical_policy=policy)
        answer = await client.set_flow_run_state(run.id, Failed())
        print(json.dumps([before, answer.state.name, await renews(client, lease)]))

asyncio.run(main())
"""


def test_releases_that_take_the_place_of_a_run_that_is_tried_again(
    server: Server,
) -> None:
    """Prefect asks for the place again later, and ends the run where it is gone."""
    flow = server.post("flows/", name=f"places-{uuid4().hex}")["id"]
    schema: dict[str, object] = {"type": "object", "properties": {}}
    limited = {"name": "places", "flow_id": flow, "concurrency_limit": 1}
    deployment = server.post(
        "deployments/", **limited, parameter_openapi_schema=schema
    )["id"]
    try:
        printed = server.run(server.home, "python", "-c", _RUN, deployment)
    finally:
        server.delete(f"flows/{flow}")
    release = tuple(map(int, re.findall(r"\d+", version("prefect"))[:3]))
    kept = release >= KEEPS_ITS_PLACE
    assert json.loads(printed.splitlines()[-1]) == [True, "AwaitingRetry", kept]
