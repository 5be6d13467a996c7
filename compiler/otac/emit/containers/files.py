"""The container files of a project."""

import json
from typing import Final

from otac.emit.containers import versions
from otac.emit.containers.placement import ContainerTarget, Placement
from otac.emit.containers.stack import Stack, stack
from otac.emit.layout import Artifact
from otac.emit.templates import render
from otac.lower.project import Project
from otac.source.document import Json

# Of the user inside the image, who is nobody outside of it.
_USER = 10001
# A pool that somebody paused stays so: `create --overwrite` would let it go on.
_POOLS_SCRIPT = """\
for pool do
  prefect work-pool update "$pool" --base-job-template docker/pool.json ||
    prefect work-pool create "$pool" --type process --base-job-template docker/pool.json
done"""
# An init container has no other way to wait for a pod of another Deployment.
_WAIT_SCRIPT = """\
import sys, time, urllib.request
while True:
    try:
        urllib.request.urlopen(sys.argv[1], timeout=5)
        break
    except OSError as problem:
        print(problem, flush=True)
        time.sleep(3)"""
_MANIFESTS = ("kustomization", "settings", "server", "services", "deploy", "workers")


def container_files(
    project: Project, placement: Placement, targets: frozenset[ContainerTarget]
) -> tuple[Artifact, ...]:
    """What `targets` need, the image included; nothing for no target."""
    if not targets:
        return ()
    view = stack(project, placement)
    artifacts = list(_image(view))
    if ContainerTarget.DOCKER in targets:
        artifacts += [
            _rendered("compose.yml", "docker/compose.yml.jinja", view),
            _rendered(".env.example", "docker/env.jinja", view),
        ]
    if ContainerTarget.KUBERNETES in targets:
        artifacts += [
            _rendered(f"kubernetes/{name}.yaml", f"kubernetes/{name}.yaml.jinja", view)
            for name in _MANIFESTS
        ]
    return tuple(artifacts)


def _image(view: Stack) -> tuple[Artifact, ...]:
    return (
        _rendered("Dockerfile", "docker/Dockerfile.jinja", view),
        _rendered("Dockerfile.dockerignore", "docker/dockerignore.jinja", view),
        _rendered("docker/packages.txt", "docker/packages.txt.jinja", view),
        _rendered("docker/constraints.txt", "docker/constraints.txt.jinja", view),
        Artifact("docker/pool.json", json.dumps(BASE_JOB_TEMPLATE, indent=2) + "\n"),
    )


def _rendered(path: str, template: str, view: Stack) -> Artifact:
    text = render(
        template,
        stack=view,
        placement=view.placement,
        user=_USER,
        python_image=versions.PYTHON_IMAGE,
        postgres_image=versions.POSTGRES_IMAGE,
        redis_image=versions.REDIS_IMAGE,
        packages=versions.packages(view.extras),
        constraints=versions.tested_versions(),
        wait_script=_WAIT_SCRIPT,
        pools_script=_POOLS_SCRIPT,
        uninterpolated=_uninterpolated,
        json=json.dumps,
    )
    return Artifact(path, text)


def _uninterpolated(text: str) -> str:
    """Text in which compose finds no variable."""
    return text.replace("$", "$$")


# The base job template of the work pools: how a worker starts a run as a process.
#
# Prefect's own for pools of type process, the same from 3.4.20 on. Written out, it
# can be reviewed, and does not change with the Prefect that happens to create a pool.
_TEXT_OR_NULL: Final[Json] = [{"type": "string"}, {"type": "null"}]

BASE_JOB_TEMPLATE: Final[Json] = {
    "job_configuration": {
        "command": "{{ command }}",
        "env": "{{ env }}",
        "labels": "{{ labels }}",
        "name": "{{ name }}",
        "stream_output": "{{ stream_output }}",
        "working_dir": "{{ working_dir }}",
    },
    "variables": {
        "type": "object",
        "properties": {
            "name": {
                "title": "Name",
                "description": "The name of the process in Prefect's log.",
                "anyOf": _TEXT_OR_NULL,
                "default": None,
            },
            "env": {
                "title": "Environment Variables",
                "description": "Set for the run, beside those of the worker.",
                "type": "object",
                "additionalProperties": {"anyOf": _TEXT_OR_NULL},
            },
            "labels": {
                "title": "Labels",
                "description": "Labels of the run.",
                "type": "object",
                "additionalProperties": {"type": "string"},
            },
            "command": {
                "title": "Command",
                "description": "What starts a run; best left empty.",
                "anyOf": _TEXT_OR_NULL,
                "default": None,
            },
            "stream_output": {
                "title": "Stream Output",
                "description": "Whether the worker's log shows what runs write.",
                "type": "boolean",
                "default": True,
            },
            "working_dir": {
                "title": "Working Directory",
                "description": "Where the process begins; a temporary folder by default.",
                "anyOf": [{"type": "string", "format": "path"}, {"type": "null"}],
                "default": None,
            },
        },
    },
}
