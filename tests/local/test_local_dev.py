"""`otac dev`: a server, a worker and deployments that follow the configuration.

The tests share one as long as none of them ends it.
"""

import json
import os
import signal
import subprocess

import pytest
from development import DEPLOYED, Development

from background import until
from command import OTAC, Finished, otac, without_times
from otac.local.descendants import descendants, lives

pytestmark = pytest.mark.slow

GOES_ON = "the last good version goes on\n"

INTRODUCTION = """\
Prefect is at URL

  often       every 10 seconds
  everything  started by hand
  failing     on cron `0 4 * * *` (UTC)
  stopping    after `often`
  leaving     started by hand
  sleeping    started by hand

Run one now: otac run config.yml often
Edit config.yml, and it is deployed anew. Ctrl-C ends all of it.

"""
EVERYTHING = """\
everything
  numbers    Completed      0.0 s  1 attempt
  each       Completed      0.0 s  4 items     1 failed: step `each.double[2]` failed: RuntimeError: two is bad [runner `everything`, config.yml:17]
    double   Failed         0.0 s  4 items     1 failed: RuntimeError: two is bad [runner `everything`, config.yml:17]
    big      Completed      0.0 s  4 items     2 skipped: its condition is false
  step `flaky`: attempt 1
  step `flaky`: Task run failed with exception: StepError('ValueError: boom 1 �[31m [runner `everything`, config.yml:19]') - Retry 1/2 will start 0.0 second(s) from now
  step `flaky`: attempt 2
  flaky      Completed      0.0 s  2 attempts
  never      Skipped                           its condition is false
  inner      Completed      0.0 s
    label    Completed      0.0 s  1 attempt
  bad        Failed         0.0 s  1 attempt   it is bad [runner `everything`, config.yml:24]
  dependent  Skipped                           it depends on step `bad`, which has not succeeded
Completed after 0.0 s
"""


def run(dev: Development, runner: str, *arguments: str) -> Finished:
    """A run on the server of `otac dev`: no other one is started."""
    command = ("run", "config.yml", runner, *arguments)
    finished = otac(*command, cwd=dev.folder, timeout=300)
    return Finished(finished.status, finished.out, without_times(finished.err))


def test_it_says_where_everything_is(dev: Development) -> None:
    begin = dev.text.index("Prefect is at")
    assert dev.text[:begin] == "config.yml: 10 created\nstarting Prefect ...\n"
    assert dev.text[begin:].startswith(INTRODUCTION)


def test_the_worker_runs_what_is_due(dev: Development) -> None:
    dev.wait_for("TIME  often  Completed after 0.0 s\n")


def test_a_run_shows_every_step(dev: Development) -> None:
    finished = run(dev, "everything", "--param", "count=4", "--param", "label=1")
    assert finished.err == EVERYTHING
    assert finished.status == 0
    result = json.loads(finished.out)
    assert list(result) == ["numbers", "each", "flaky", "inner"]
    assert result["numbers"] == {"value": [0, 1, 2, 3]}
    assert result["each"][2] is None
    assert result["inner"] == {"label": {"value": "1"}}


def test_a_failed_run(dev: Development) -> None:
    assert run(dev, "failing") == Finished(
        1,
        "",
        "failing\n"
        "  step `hopeless`: attempt 1\n"
        "  step `hopeless`: Task run failed with exception: "
        "StepError('ValueError: boom 1 �[31m [runner `failing`, config.yml:30]')"
        " - Retry 1/1 will start 0.0 second(s) from now\n"
        "  step `hopeless`: attempt 2\n"
        "  hopeless  Failed         0.0 s  2 attempts  ValueError: boom 2 �[31m"
        " [runner `failing`, config.yml:30]\n"
        "  later     Skipped                           an earlier step failed\n"
        "Failed after 0.0 s: step `hopeless` failed after 2 attempts: "
        "ValueError: boom 2 �[31m [runner `failing`, config.yml:30]\n",
    )


def test_a_stopped_run(dev: Development) -> None:
    assert run(dev, "stopping") == Finished(
        0,
        "{}\n",
        "stopping\n"
        "  enough  Stopped        0.0 s\n"
        "  later   Skipped                           the run was stopped\n"
        "Stopped after 0.0 s: no more\n",
    )


def test_a_component_that_ends_the_process(dev: Development) -> None:
    assert run(dev, "leaving") == Finished(
        1, "", "leaving\nCrashed: its process ended with status 5\n"
    )


def test_verbose_shows_the_log_of_prefect(dev: Development) -> None:
    verbose = run(dev, "stopping", "--verbose")
    assert verbose.out == "{}\n"
    assert "Beginning flow run" in verbose.err
    assert "Finished in state Stopped('no more', type=COMPLETED)" in verbose.err


def test_a_step_is_watched(dev: Development) -> None:
    finished = run(dev, "everything", "--watch-step", "each.big")
    # Of the other items, one has no need of it, and one has failed before.
    assert finished.err.count(" = {") == 1
    assert '  each.big[1] = {\n    "value": 1\n  }\n' in finished.err


def test_the_outcome_as_json(dev: Development) -> None:
    """Also of a run that fails; standard output is nothing else."""
    finished = run(dev, "failing", "--format", "json")
    outcome = json.loads(finished.out)
    assert finished.status == 1
    assert (outcome["runner"], outcome["state"]) == ("failing", "Failed")
    assert outcome["message"].startswith("step `hopeless` failed after 2 attempts")
    states = [(step["ids"], step["state"]) for step in outcome["steps"]]
    assert states == [(["hopeless"], "Failed"), (["later"], "Skipped")]
    assert run(dev, "stopping", "--format", "json").err == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_interrupted(number: int, dev: Development) -> None:
    asleep = dev.folder / "asleep"
    asleep.unlink(missing_ok=True)
    process = subprocess.Popen(
        [OTAC, "run", "config.yml", "sleeping"],
        cwd=dev.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until("a run that sleeps", lambda: True if asleep.exists() else None)
    below = descendants(process.pid)
    os.kill(process.pid, number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert len(below) == 1
    assert not any(map(lives, below))


def test_a_second_one_is_refused(dev: Development) -> None:
    finished = otac("dev", "config.yml", cwd=dev.folder)
    assert finished == Finished(
        3,
        "",
        "config.yml: nothing to do, all files are up to date\n"
        f"error[OTC515]: `otac dev` already runs for this project, at {dev.url}\n"
        " = help: end it first; it deploys every change by itself\n"
        "\n"
        "found 1 error\n",
    )


def test_a_mistake_leaves_the_last_good_version(dev: Development) -> None:
    before = dev.deployments()
    mistakes = dev.text.count(GOES_ON)
    with dev.edited("config.yml", "cron:", "corn:"):
        dev.wait_for(GOES_ON, mistakes + 1)
        said = dev.text[dev.text.rindex("error[") :]
        assert said.startswith("error[OTC202]: unknown key `corn` in a runner")
        assert "help: did you mean `cron`?" in said
        assert dev.deployments().keys() == before.keys()


def test_a_change_is_deployed(dev: Development) -> None:
    before = dev.deployments()
    deployed = dev.text.count(DEPLOYED)
    schedule = '      cron: "0 4 * * *"\n'
    rest = "      pipe:\n        steps:\n          - {id: hopeless"
    old, new = schedule + rest, rest
    with dev.edited("config.yml", old, new):
        dev.wait_for(DEPLOYED, deployed + 1)
        with dev.edited("config.yml", "pipe_id: sleeping", "pipe_id: dozing"):
            dev.wait_for(DEPLOYED, deployed + 2)
            found = dev.deployments()
    assert before.keys() - found.keys() == {"sleeping"}
    assert found.keys() - before.keys() == {"dozing"}
    assert found["failing"]["schedules"] == []
    # What did not change was not touched.
    assert found["often"]["schedules"] == before["often"]["schedules"]
    assert found["often"]["schedules"][0]["schedule"]["interval"] == 10
    again = dev.deployments()
    assert again.keys() == before.keys()
    (mended,) = again["failing"]["schedules"]
    assert mended["schedule"]["cron"] == "0 4 * * *"


def test_it_deploys_as_otac_deploy_does(dev: Development) -> None:
    """Its mark is there, and new; how soon a save is live, `benchmarks.development` tells."""
    deployed = dev.text.count(DEPLOYED)
    before = dev.deployments()["often"]["labels"]
    with dev.edited("config.yml", "interval_seconds: 10", "interval_seconds: 11"):
        dev.wait_for(DEPLOYED, deployed + 1)
        found = dev.deployments()["often"]
    assert found["schedules"][0]["schedule"]["interval"] == 11
    assert found["labels"]["otac.project"] == before["otac.project"]
    assert found["labels"]["otac.applied"] != before["otac.applied"]


def test_what_the_user_wrote_into_prefect_yaml_is_deployed_too(
    dev: Development,
) -> None:
    deployed = dev.text.count(DEPLOYED)
    file = dev.folder / "prefect.yaml"
    before = file.read_text(encoding="utf-8")
    own = (
        "  - name: mine\n"
        "    entrypoint: generated/flows/stopping.py:stopping\n"
        "    work_pool: {name: default}\n"
    )
    file.write_text(before + own, encoding="utf-8")
    with dev.edited("config.yml", "interval_seconds: 10", "interval_seconds: 12"):
        dev.wait_for(DEPLOYED, deployed + 1)
        assert "mine" in dev.deployments()
        file.write_text(before, encoding="utf-8")
    assert "mine" not in dev.deployments()


def test_a_module_of_the_users_is_watched(dev: Development) -> None:
    mistakes = dev.text.count(GOES_ON)
    with dev.edited("acme.py", "async def double(number", "async def double(n"):
        dev.wait_for(GOES_ON, mistakes + 1)
        assert "error[OTC321]: `acme:double` has no parameter `number`" in dev.text


def test_a_module_that_cannot_be_imported_is_told_of(dev: Development) -> None:
    """The compiler does not import it; the runs would be the first to."""
    with dev.edited("acme.py", "import os\n", "import os\nimport no_such_module\n"):
        dev.wait_for(
            "error[OTC537]: `generated/flows/everything.py:everything`, "
            "`generated/flows/failing.py:failing` and 2 more cannot be imported: "
            "ModuleNotFoundError: No module named 'no_such_module'"
        )
        assert "generated/flows/often.py" not in dev.text


def test_ctrl_c_leaves_nothing_behind(dev: Development) -> None:
    dev.server.run("sleeping")
    asleep = dev.folder / "asleep"
    until("a run that sleeps", lambda: True if asleep.exists() else None)
    below = descendants(dev.pid)
    assert len(below) >= 3, "the server, the worker and a run"
    assert dev.end(signal.SIGINT) == 0
    assert not any(map(lives, below))
    assert "Traceback" not in dev.text
    (home,) = (dev.folder / ".otac").glob("prefect-*")
    assert not (home / "server.json").exists()
