"""`otac init`: a project that builds, and nothing overwritten."""

from pathlib import Path

import pytest
import yaml

from command import Finished, otac
from otac import __version__

ROOT = Path(__file__).parents[2]
STARTER = ROOT / "templates" / "init"
FILES = [
    ".github/workflows/otac.yml",
    ".gitignore",
    ".pre-commit-config.yaml",
    "README.md",
    "config.schema.json",
    "config.yml",
    "helpdesk.yml",
    "tests.schema.json",
    "tests/routing.yml",
]


def files(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    )


def test_a_starter_project(tmp_path: Path) -> None:
    assert otac("init", "my helpdesk", cwd=tmp_path) == Finished(
        0,
        "",
        "created my helpdesk/config.yml\n"
        "created my helpdesk/helpdesk.yml\n"
        "created my helpdesk/tests/routing.yml\n"
        "created my helpdesk/README.md\n"
        "created my helpdesk/.gitignore\n"
        "created my helpdesk/.pre-commit-config.yaml\n"
        "created my helpdesk/.github/workflows/otac.yml\n"
        "created my helpdesk/config.schema.json\n"
        "created my helpdesk/tests.schema.json\n"
        "\n"
        "next:\n"
        "  cd 'my helpdesk'\n"
        "  otac build config.yml   # writes prefect.yaml and generated/\n"
        "  otac test config.yml    # runs tests/, each on a helpdesk in memory\n"
        "  otac dev config.yml     # runs everything here, with Prefect's user interface\n",
    )
    assert files(tmp_path / "my helpdesk") == FILES


def test_it_builds_and_its_check_passes(tmp_path: Path) -> None:
    assert otac("init", cwd=tmp_path).status == 0
    assert otac("build", "config.yml", "--strict", cwd=tmp_path).status == 0
    workflow = yaml.safe_load((tmp_path / FILES[0]).read_text(encoding="utf-8"))
    *_, install, check, test = workflow["jobs"]["check"]["steps"]
    assert install == {"run": f'pip install "otac[prefect]=={__version__}"'}
    for step, said in ((check, ""), (test, "2 of 2 tests passed\n")):
        name, *arguments = step["run"].split()
        assert name == "otac"
        run = otac(*arguments, cwd=tmp_path, timeout=300)
        assert (run.status, run.out) == (0, said)
    hook = yaml.safe_load((tmp_path / FILES[2]).read_text(encoding="utf-8"))
    entry = hook["repos"][0]["hooks"][0]
    assert entry["entry"] == check["run"]
    assert entry["additional_dependencies"] == [f"otac=={__version__}"]


def test_the_editor_finds_the_schema(tmp_path: Path) -> None:
    otac("init", cwd=tmp_path)
    line = (tmp_path / "config.yml").read_text(encoding="utf-8").splitlines()[0]
    assert line == "# yaml-language-server: $schema=config.schema.json"
    schema = (tmp_path / "config.schema.json").read_text(encoding="utf-8")
    assert schema == otac("schema", cwd=tmp_path).out
    line = (tmp_path / "tests/routing.yml").read_text(encoding="utf-8").splitlines()[0]
    assert line == "# yaml-language-server: $schema=../tests.schema.json"
    schema = (tmp_path / "tests.schema.json").read_text(encoding="utf-8")
    assert schema == otac("schema", "--tests", cwd=tmp_path).out


@pytest.mark.parametrize("name", FILES)
def test_no_file_is_overwritten(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("mine\n", encoding="utf-8")
    assert otac("init", cwd=tmp_path) == Finished(
        1, "", f"error: `{name}` already exists; nothing was written\n"
    )
    assert files(tmp_path) == [name]
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine\n"


def test_other_files_may_be_there(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine\n", encoding="utf-8")
    assert otac("init", cwd=tmp_path).status == 0
    assert files(tmp_path) == sorted([*FILES, "notes.txt"])


def test_a_file_in_the_way_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / ".github").write_text("no folder\n", encoding="utf-8")
    finished = otac("init", cwd=tmp_path)
    assert finished.status == 3
    assert finished.err.startswith(
        "error[OTC503]: the operating system refused `.github/workflows`: "
    )
    assert files(tmp_path) == [".github"]


def test_the_starter_is_the_example_of_this_repository() -> None:
    seed = (STARTER / "helpdesk.yml").read_text(encoding="utf-8")
    assert seed == (ROOT / "helpdesk.yml").read_text(encoding="utf-8")
    _, guide = (STARTER / "config.yml").read_text(encoding="utf-8").split("\n", 1)
    assert guide == (ROOT / "config.yml").read_text(encoding="utf-8")


def test_a_starter_for_a_helpdesk(tmp_path: Path) -> None:
    finished = otac("init", "--from", "otobo", cwd=tmp_path)
    assert finished.status == 0
    assert "  cat README.md           # what the helpdesk needs first\n" in finished.err
    assert files(tmp_path) == sorted({*FILES, "otac.yml"} - {"helpdesk.yml"})
    assert otac("build", "config.yml", "--strict", cwd=tmp_path).status == 0
    assert otac("test", cwd=tmp_path, timeout=300).status == 0
    services = (tmp_path / "generated" / "services.py").read_text(encoding="utf-8")
    assert "password=Template(\"{{ get_env('HELPDESK_PASSWORD') }}\")" in services
    (config,) = yaml.safe_load_all((tmp_path / "config.yml").read_text("utf-8"))
    web_service = yaml.safe_load((tmp_path / "otac.yml").read_text("utf-8"))
    # The routes are those the ticket system has when nothing else is said.
    assert "operation_urls" not in config["services"]["helpdesk"]
    provider = web_service["Provider"]
    assert {
        operation["Type"]: provider["Transport"]["Config"]["RouteOperationMapping"][
            name
        ]
        for name, operation in provider["Operation"].items()
    } == {
        f"Ticket::Ticket{what}": {
            "ParserBackend": "JSON",
            "RequestMethod": ["POST"],
            "Route": f"/ticket-{what.lower()}",
        }
        for what in ("Create", "Get", "Search", "Update")
    }
