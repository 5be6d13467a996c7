"""The container files of a project."""

import json

from otac.emit.artifact import Artifact
from otac.emit.containers import versions
from otac.emit.containers.base_job_template import BASE_JOB_TEMPLATE
from otac.emit.containers.placement import Placement
from otac.emit.containers.stack import Stack, stack
from otac.emit.containers.target import ContainerTarget
from otac.emit.templates import render
from otac.lower.project import Project

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
