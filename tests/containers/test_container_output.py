"""Container files are a part of the output, from the day they were asked for."""

from collections.abc import Callable

import pytest
from container_project import CONFIG, Project

New = Callable[..., Project]

IMAGE = {
    "Dockerfile",
    "Dockerfile.dockerignore",
    "docker/constraints.txt",
    "docker/packages.txt",
    "docker/pool.json",
}
DOCKER = {*IMAGE, "compose.yml", ".env.example"}
KUBERNETES = {
    f"kubernetes/{name}.yaml"
    for name in (
        *("deploy", "kustomization", "server"),
        *("services", "settings", "workers"),
    )
}


def _containers(project: Project) -> set[str]:
    others = ("generated/", "prefect.yaml")
    return {path for path in project.files() if not path.startswith(others)}


@pytest.mark.parametrize(
    ("flags", "files"),
    [
        ((), set()),
        (("--docker",), DOCKER),
        (("--kubernetes",), IMAGE | KUBERNETES),
        (("--docker", "--kubernetes"), DOCKER | KUBERNETES),
    ],
)
def test_what_is_written(new: New, flags: tuple[str, ...], files: set[str]) -> None:
    project = new()
    assert project.build(*flags).status == 0
    assert _containers(project) == files


def test_a_plain_build_keeps_them(new: New) -> None:
    project = new()
    project.build("--docker")
    first = project.files()
    for arguments in ((), ("--check",), ("--docker",), ("--docker", "--check")):
        done = project.build(*arguments)
        assert done.status == 0
        assert "nothing to do" in done.err
        assert project.files() == first


def test_a_plain_build_brings_them_up_to_date(new: New) -> None:
    project = new()
    project.build("--docker", "--kubernetes")
    project.write(CONFIG.replace("work_pool: default", "work_pool: night"))
    check = project.build("--check")
    assert check.status == 1
    assert "`compose.yml`" in check.err
    assert "`kubernetes/workers.yaml`" in check.err
    assert project.build().status == 0
    assert "--pool=night" in project.read("compose.yml")
    assert "--pool=night" in project.read("kubernetes/workers.yaml")
    assert project.build("--check").status == 0


def test_check_and_diff_write_nothing(new: New) -> None:
    project = new()
    project.build()
    before = project.files()
    check = project.build("--docker", "--check")
    assert check.status == 1
    assert check.err.count("OTC408") == len(DOCKER) + len({"generated/otac.lock"})
    diff = project.build("--docker", "--diff")
    assert diff.status == 0
    assert "+CMD [" in diff.out
    assert project.files() == before


def test_one_target_goes_and_the_image_stays_for_the_other(new: New) -> None:
    project = new()
    project.build("--docker", "--kubernetes")
    assert project.build("--no-docker").status == 0
    assert _containers(project) == IMAGE | KUBERNETES
    assert project.build("--check").status == 0
    assert project.build("--no-kubernetes").status == 0
    assert _containers(project) == set()
    assert not (project.folder / "docker").exists()


def test_a_file_of_the_users_own_stops_the_build(new: New) -> None:
    project = new()
    file = project.folder / "Dockerfile"
    file.write_text("FROM scratch\n", encoding="utf-8")
    done = project.build("--docker")
    assert done.status == 1
    assert "error[OTC402]: `Dockerfile` exists already" in done.err
    assert project.files() == {"Dockerfile": b"FROM scratch\n"}
    assert project.build("--docker", "--force").status == 0
    assert "FROM scratch" not in project.read("Dockerfile")


def test_an_edited_file_is_not_overwritten(new: New) -> None:
    project = new()
    project.build("--docker")
    text = project.read("compose.yml").replace("redis:7", "redis:6")
    (project.folder / "compose.yml").write_text(text, encoding="utf-8")
    before = project.files()
    for arguments in ((), ("--docker",), ("--no-docker",)):
        done = project.build(*arguments)
        assert done.status == 1
        assert "error[OTC401]: `compose.yml` was edited by hand" in done.err
        assert project.files() == before


def test_a_configuration_with_errors_writes_nothing(new: New) -> None:
    project = new()
    project.write(CONFIG + "      tagz: [a]\n")
    done = project.build("--docker", "--kubernetes")
    assert done.status == 1
    assert "tagz" in done.err
    assert project.files() == {}


def test_an_odd_folder_is_refused(new: New) -> None:
    project = new()
    for name in ("my build", "$HOME", "büro"):
        done = project.build("--docker", "-o", name)
        assert done.status == 1
        message = f"the way to the output folder, `{name}`, cannot be written"
        assert f"error[OTC409]: no image can be made of this project: {message}" in (
            done.err
        )
    assert project.files() == {}
    # Without an image it is nobody's business.
    assert project.build("-o", "my build").status == 0


def test_the_bytes_depend_on_the_configuration_alone(new: New) -> None:
    one, other = new("one"), new("other")
    assert one.build("--docker", "--kubernetes").status == 0
    assert other.build().status == 0
    assert other.build("--kubernetes").status == 0
    assert other.build("--docker").status == 0
    assert one.files() == other.files()
