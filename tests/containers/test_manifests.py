"""The manifests: valid, without a namespace or a value of a Secret, and restricted."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import kubernetes_validate
import pytest
import yaml
from container_project import ODD_POOL, Project

# The oldest that somebody may still run, and the newest whose schema is here.
VERSIONS = ("1.28.0", "1.37.0")
NAME = "help-desk-24x7"
Objects = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture(scope="module")
def objects(built: Project) -> Objects:
    return built.manifests()


def _pods(objects: Objects) -> Iterator[tuple[str, dict[str, Any]]]:
    for (kind, name), one in objects.items():
        if kind in {"Deployment", "Job"}:
            yield name, one["spec"]["template"]["spec"]


def _containers(objects: Objects) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, pod in _pods(objects):
        for container in (*pod["initContainers"], *pod["containers"]):
            yield name, container


def test_what_there_is(objects: Objects) -> None:
    assert set(objects) == {
        ("ConfigMap", f"{NAME}-client"),
        ("ConfigMap", f"{NAME}-server"),
        ("Deployment", f"{NAME}-server"),
        ("Deployment", f"{NAME}-services"),
        ("Deployment", f"{NAME}-worker-default"),
        ("Deployment", f"{NAME}-worker-helpdesk-password-home"),
        ("Job", f"{NAME}-deploy"),
        ("PersistentVolumeClaim", f"{NAME}-results"),
        ("Service", f"{NAME}-server"),
    }
    for (_, name), one in objects.items():
        assert len(name) <= 63
        assert "namespace" not in one["metadata"]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_schema_of_kubernetes(objects: Objects, version: str) -> None:
    for one in objects.values():
        kubernetes_validate.validate(one, version, strict=True)


def test_the_schema_would_find_something(objects: Objects) -> None:
    wrong = {**objects["Service", f"{NAME}-server"], "spce": {}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not here")
def test_kustomize_takes_it_and_an_overlay_changes_it(
    built: Project, tmp_path: Any
) -> None:
    """The overlay of docs/operations.md."""
    shutil.copytree(built.folder / "kubernetes", tmp_path / "kubernetes")
    overlay = tmp_path / "production"
    overlay.mkdir()
    (overlay / "kustomization.yaml").write_text(
        "namespace: helpdesk\n"
        "resources: [../kubernetes]\n"
        "images:\n"
        f"  - {{name: {NAME}, newName: registry.example/desk, newTag: '7'}}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        ["kubectl", "kustomize", overlay],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found = list(yaml.safe_load_all(done.stdout))
    assert len(found) == 9
    assert {one["metadata"]["namespace"] for one in found} == {"helpdesk"}
    images = re.findall(r"image: (.*)", done.stdout)
    assert set(images) == {"registry.example/desk:7"}


def test_pods_are_restricted(objects: Objects) -> None:
    """What the Pod Security Standard `restricted` asks for, and no token of the cluster."""
    for _, pod in _pods(objects):
        assert pod["automountServiceAccountToken"] is False
        context = pod["securityContext"]
        assert context["runAsNonRoot"] is True
        assert context["runAsUser"] == 10001
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}
        assert {tuple(sorted(volume)) for volume in pod["volumes"]} <= {
            ("emptyDir", "name"),
            ("name", "persistentVolumeClaim"),
        }
    for _, container in _containers(objects):
        assert container["image"] == f"{NAME}:local"
        # Claims are in a file beside the configuration here.
        writes = container["name"] in ("deploy", "worker")
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": not writes,
            "capabilities": {"drop": ["ALL"]},
        }


_HELPDESK = "use: OTOBOZnunyTicketSystem, base_url: 'http://h/x.pl', password: ''"


@pytest.mark.parametrize(
    ("helpdesk", "writes"),
    [
        ("use: SqliteTicketSystem, path: helpdesk.db", True),
        # A file of claims.
        (_HELPDESK, True),
        (f'{_HELPDESK}, claims: "{{{{ env.CLAIMS_URL }}}}"', False),
    ],
)
def test_who_writes_beside_the_configuration_may(
    helpdesk: str, writes: bool, tmp_path: Any
) -> None:
    project = Project(tmp_path / "embedded")
    project.write(
        f"services: {{helpdesk: {{{helpdesk}}}}}\n"
        "orchestrator:\n"
        "  runners:\n"
        "    - {pipe_id: triage, interval_seconds: 60, pipe: {use: CheckEscalations}}\n"
    )
    assert project.build("--kubernetes").status == 0
    may_write = {
        f"{name}/{container['name']}"
        for name, container in _containers(project.manifests())
        if not container["securityContext"]["readOnlyRootFilesystem"]
    }
    both = {*("open-ticket-ai-deploy/deploy", "open-ticket-ai-worker-default/worker")}
    assert may_write == (both if writes else set())


def test_values_of_secrets_are_references(objects: Objects) -> None:
    for name, container in _containers(objects):
        for one in container.get("env", []):
            assert set(one) == {"name", "valueFrom"}, one
            assert set(one["valueFrom"]) == {"secretKeyRef"}
        names = [one["name"] for one in container.get("env", [])]
        assert len(names) == len(set(names))
        runs = name.endswith("-deploy") or "-worker-" in name
        knows = container["name"] in {"deploy", "worker"}
        assert ("HELPDESK_PASSWORD" in names) == knows
        assert ("PREFECT_SERVER_DATABASE_CONNECTION_URL" in names) == (
            not runs and container["name"] != "wait"
        )
    worker = objects["Deployment", f"{NAME}-worker-default"]
    (container,) = worker["spec"]["template"]["spec"]["containers"]
    references = {
        one["name"]: one["valueFrom"]["secretKeyRef"] for one in container["env"]
    }
    assert references["HELPDESK_PASSWORD"] == {
        "name": f"{NAME}-environment",
        "key": "HELPDESK_PASSWORD",
    }
    assert references["HELPDESK_URL"]["optional"] is True


def test_every_reference_leads_somewhere(objects: Objects) -> None:
    """ConfigMaps, claims, volumes, ports and selectors, within the manifests."""
    for _, pod in _pods(objects):
        volumes = {volume["name"] for volume in pod["volumes"]}
        for volume in pod["volumes"]:
            claim = volume.get("persistentVolumeClaim")
            if claim:
                assert ("PersistentVolumeClaim", claim["claimName"]) in objects
        for container in (*pod["initContainers"], *pod["containers"]):
            assert {one["name"] for one in container["volumeMounts"]} <= volumes
            for source in container.get("envFrom", []):
                assert ("ConfigMap", source["configMapRef"]["name"]) in objects
            ports = {one["name"] for one in container.get("ports", [])}
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                if probe in container:
                    assert container[probe]["httpGet"]["port"] in ports
    for (kind, _), one in objects.items():
        if kind == "Deployment":
            labels = one["spec"]["template"]["metadata"]["labels"]
            assert one["spec"]["selector"]["matchLabels"] == labels
            assert all(len(value) <= 63 for value in labels.values())
    service = objects["Service", f"{NAME}-server"]
    server = objects["Deployment", f"{NAME}-server"]["spec"]["template"]
    assert service["spec"]["selector"] == server["metadata"]["labels"]
    settings = objects["ConfigMap", f"{NAME}-client"]["data"]
    assert settings["PREFECT_API_URL"] == f"http://{NAME}-server:4200/api"


def test_each_pool_has_its_worker(objects: Objects) -> None:
    graces = {}
    for short, pool in (
        ("default", "default"),
        ("helpdesk-password-home", ODD_POOL),
    ):
        spec = objects["Deployment", f"{NAME}-worker-{short}"]["spec"]["template"][
            "spec"
        ]
        (worker,) = spec["containers"]
        # Kubernetes fills in `$(NAME)`, and takes `$$(` for the text `$(`.
        assert not re.search(r"(?<!\$)\$\(", " ".join(worker["command"]))
        assert worker["command"][3].replace("$$(", "$(") == f"--pool={pool}"
        (wait,) = spec["initContainers"]
        assert wait["command"][-1].replace("$$(", "$(") == pool
        graces[short] = spec["terminationGracePeriodSeconds"]
    assert graces == {"default": 180, "helpdesk-password-home": 420}


def test_a_name_that_begins_with_a_digit(tmp_path: Any) -> None:
    project = Project(tmp_path / "digits")
    project.write(
        "prefect: {name: '24/7'}\n"
        "services: {helpdesk: {use: SqliteTicketSystem, path: helpdesk.db}}\n"
        "orchestrator:\n"
        "  runners:\n"
        "    - {pipe_id: triage, interval_seconds: 60, pipe: {use: CheckEscalations}}\n"
    )
    assert project.build("--kubernetes").status == 0
    assert ("Service", "otac-24-7-server") in project.manifests()


def test_what_goes_on_asks_for_memory(objects: Objects) -> None:
    """About what `python -m benchmarks.memory` finds, for a worker with two runs."""
    asked = {
        container["name"]: container["resources"]["requests"]["memory"]
        for _, container in _containers(objects)
        if "resources" in container
    }
    assert asked == {"server": "256Mi", "services": "256Mi", "worker": "512Mi"}
