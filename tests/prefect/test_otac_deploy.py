"""`otac plan` and `otac deploy` against a real server, and beside `prefect deploy --all`."""

from typing import Any

import pytest
from fleet_project import KEY, TOKEN, Fleet, lasting

pytestmark = pytest.mark.slow

_RUNNERS = {
    "fleet_first",
    "fleet_second",
    "fleet_described",
    "fleet_after_one",
    "fleet_after_two",
    "fleet_listens",
}


def _everything(fleet: Fleet) -> dict[str, Any]:
    return {
        "deployments": {
            name: lasting(one) for name, one in fleet.deployments().items()
        },
        "automations": lasting(fleet.automations()),
    }


def test_both_ways_to_deploy_come_to_the_same(fleet: Fleet) -> None:
    """Field by field, automations included; but for otac's own two labels."""
    fleet.prefect_deploy()
    by_prefect = _everything(fleet)
    assert set(by_prefect["deployments"]) == _RUNNERS
    assert len(by_prefect["automations"]) == 5
    # otac sees no difference either, but for whose they are.
    assert {
        name: [place["field"] for place in one["fields"]]
        for name, one in fleet.plan().items()
    } == {name: ["owner"] for name in _RUNNERS}
    fleet.clear()
    fleet.deploy()
    assert _everything(fleet) == by_prefect
    assert fleet.plan() == {}
    # And the other way: what otac made, Prefect leaves as it is, marks included.
    fleet.prefect_deploy()
    assert _everything(fleet) == by_prefect
    assert fleet.plan() == {}


def test_only_what_changed_is_written(fleet: Fleet) -> None:
    fleet.deploy()
    before = fleet.deployments()
    again = fleet.otac("deploy", "config.yml")
    assert (again.status, again.out) == (0, "")
    assert again.err.endswith("\nconfig.yml: nothing to do, the server is in step\n")
    assert fleet.deployments() == before

    fleet.edit("interval_seconds: 1h", "interval_seconds: 2h")
    (change,) = fleet.plan().values()
    assert (change["name"], change["action"]) == ("fleet_second", "change")
    fields = {place["field"]: place for place in change["fields"]}
    assert set(fields) == {
        "version",
        "description",
        "schedules.schedule.schedule.interval",
    }
    interval = fields["schedules.schedule.schedule.interval"]
    assert (interval["from"], interval["to"], interval["by_hand"]) == (
        3600,
        7200,
        False,
    )
    fleet.deploy()
    after = fleet.deployments()
    written = [name for name in _RUNNERS if after[name] != before[name]]
    assert written == ["fleet_second"]
    assert after["fleet_second"]["id"] == before["fleet_second"]["id"]
    assert fleet.plan() == {}


def test_a_schedule_and_a_trigger_that_left_the_file_are_gone(fleet: Fleet) -> None:
    fleet.deploy()
    fleet.edit('        - {cron: "0 8 * * *", slug: daily, active: false}\n', "")
    fleet.edit("      after: fleet_first\n", "")
    fleet.edit("      interval_seconds: 1h\n      active: false\n", "")
    pending = fleet.plan()
    assert set(pending) == {"fleet_described", "fleet_after_one", "fleet_second"}
    (removed,) = (
        place
        for place in pending["fleet_after_one"]["fields"]
        if place["field"].startswith("triggers")
    )
    assert removed["field"] == "triggers.fleet_after_one after fleet_first"
    assert removed["to"] is None
    fleet.deploy()
    found = fleet.deployments()
    slugs = {one["slug"] for one in found["fleet_described"]["schedules"]}
    assert slugs == {"schedule", "often", "monday-morning", "new-year", "minutely"}
    assert found["fleet_second"]["schedules"] == []
    assert "fleet_after_one" not in {one["starts"] for one in fleet.automations()}
    assert fleet.plan() == {}


def test_what_somebody_changed_by_hand_is_told_and_mended(fleet: Fleet) -> None:
    fleet.deploy()
    found = fleet.deployments()
    described, after = found["fleet_described"], found["fleet_after_one"]
    fleet.server.patch(f"deployments/{described['id']}", description="mine now")
    (daily,) = [one for one in described["schedules"] if one["slug"] == "daily"]
    place = f"deployments/{described['id']}/schedules/{daily['id']}"
    fleet.server.patch(place, active=True)
    # Paused by hand is not otac's business, nor is an automation somebody made.
    fleet.server.patch(f"deployments/{after['id']}", paused=True)
    (automation,) = [x for x in fleet.automations() if x["starts"] == "fleet_after_one"]
    own = {**automation, "name": "somebody's own", "owner_resource": None}
    fleet.server.post("automations/", **{k: own[k] for k in _OWN})
    # But that one is.
    (sequence,) = [x for x in fleet.automations() if "__automation_3" in x["name"]]
    fleet.server.patch(f"automations/{sequence['id']}", enabled=False)

    pending = fleet.plan()
    assert {name: one["action"] for name, one in pending.items()} == {
        "fleet_described": "drifted",
        "fleet_listens": "drifted",
    }
    assert [(x["field"], x["from"], x["to"]) for x in _hand(pending, "described")] == [
        ("description", "mine now", described["description"]),
        ("schedules.daily.active", True, False),
    ]
    assert [(x["field"], x["from"], x["to"]) for x in _hand(pending, "listens")] == [
        ("triggers.fleet_listens__automation_3.enabled", False, True)
    ]
    fleet.deploy()
    assert fleet.plan() == {}
    mended = fleet.deployments()
    assert lasting(mended["fleet_described"]) == lasting(described)
    assert mended["fleet_after_one"]["paused"] is True
    assert "somebody's own" in {one["name"] for one in fleet.automations()}


_OWN = ("name", "description", "enabled", "trigger", "actions")


def _hand(pending: dict[str, Any], name: str) -> list[dict[str, Any]]:
    fields = pending[f"fleet_{name}"]["fields"]
    assert all(place["by_hand"] for place in fields)
    return list(fields)


def test_a_runner_that_left_the_file_is_an_orphan(fleet: Fleet) -> None:
    fleet.deploy()
    text = (fleet.folder / "config.yml").read_text("utf-8")
    end = text.index("    - pipe_id: fleet_listens")
    fleet.edit(text[end:], "")
    (orphan,) = fleet.plan().values()
    assert (orphan["name"], orphan["action"]) == ("fleet_listens", "orphaned")
    kept = fleet.deploy()
    assert "1 orphaned: `--prune` removes them" in kept.err
    assert "fleet_listens" in fleet.deployments()
    fleet.deploy("--prune")
    assert set(fleet.deployments()) == _RUNNERS - {"fleet_listens"}
    assert {one["starts"] for one in fleet.automations()} == {
        "fleet_after_one",
        "fleet_after_two",
    }
    assert fleet.plan() == {}


def test_nothing_is_written_while_something_is_wrong(fleet: Fleet) -> None:
    fleet.edit("work_pool: fleet", "work_pool: nowhere")
    with (fleet.folder / "acme.py").open("a", encoding="utf-8") as module:
        module.write("import no_such_module_here\n")
    done = fleet.otac("deploy", "config.yml", "--yes")
    assert done.status == 3
    assert "OTC535" in done.err
    assert "`nowhere`" in done.err
    # One for the reason, which names those that cannot be imported and none that can.
    assert done.err.count("OTC537") == 1
    assert "fleet_second` and 2 more cannot be imported" in done.err
    assert "No module named 'no_such_module_here'" in done.err
    assert fleet.deployments() == {}


def test_a_placeholder_that_stands_for_nothing_is_told(fleet: Fleet) -> None:
    """Prefect would put nothing in its place."""
    fleet.edit("{{ $FLEET_KEY }}", "{{ $FLEET_NOT_SET }}")
    unset = fleet.otac("plan", "config.yml")
    assert (unset.status, unset.out) == (3, "")
    assert "error[OTC539]" in unset.err
    assert "the environment variable `FLEET_NOT_SET` is not set" in unset.err


def test_a_pool_is_made_or_another_one_taken(fleet: Fleet) -> None:
    fleet.edit("work_pool: fleet", "work_pool: made-by-otac")
    fleet.deploy("--create-pools")
    try:
        pool = fleet.server.get("work_pools/made-by-otac")
        assert pool["type"] == "process"
        assert fleet.plan() == {}
        fleet.deploy("--target-pool", "fleet")
        pools = {one["work_pool_name"] for one in fleet.deployments().values()}
        assert pools == {"fleet"}
    finally:
        fleet.clear()
        fleet.server.delete("work_pools/made-by-otac")


def test_it_asks_before_it_writes(fleet: Fleet) -> None:
    done = fleet.otac("deploy", "config.yml")
    assert done.status == 2
    assert "look at `otac plan`, then add `--yes`" in done.err
    assert fleet.deployments() == {}


def test_output_that_is_not_built_is_not_deployed(fleet: Fleet) -> None:
    config = fleet.folder / "config.yml"
    text = config.read_text("utf-8")
    config.write_text(text.replace("interval_seconds: 1h", "interval_seconds: 3h"))
    done = fleet.otac("deploy", "config.yml", "--yes")
    assert done.status == 1
    assert "OTC408" in done.err
    assert "run `otac build config.yml`" in done.err
    assert fleet.deployments() == {}
    planned = fleet.otac("plan", "config.yml")
    assert planned.status == 2
    assert "warning[OTC536]" in planned.err


def test_a_deployment_of_another_project_is_not_taken_by_accident(
    fleet: Fleet,
) -> None:
    fleet.deploy()
    fleet.edit("name: fleet}", "name: other}")
    done = fleet.otac("deploy", "config.yml", "--yes")
    assert done.status == 3
    assert done.err.count("error[OTC543]") == len(_RUNNERS)
    assert "belongs to another project, `fleet`" in done.err
    fleet.deploy("--adopt")
    assert fleet.plan() == {}


def test_no_credential_is_shown(fleet: Fleet) -> None:
    """One is named like one, the other comes by way of `{{ $NAME }}`."""
    fleet.deploy()
    fleet.edit(TOKEN, f"{TOKEN}-2")
    after = {"FLEET_KEY": f"{KEY}-2"}
    for options in (("plan",), ("plan", "--format", "json"), ("deploy", "-y")):
        done = fleet.otac(options[0], "config.yml", *options[1:], **after)
        # The compiler's own warning of the first one shows the line.
        told = (done.err + done.out).split("found 1 warning in config.yml")[-1]
        assert "job_variables.env.API_TOKEN" in told
        assert "triggers.fleet_listens__automation_1.trigger.match.acme.key" in told
        assert TOKEN not in told
        assert KEY not in told
    variables = fleet.deployments()["fleet_described"]["job_variables"]
    assert variables["env"]["API_TOKEN"] == f"{TOKEN}-2"
