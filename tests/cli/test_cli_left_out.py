"""CONFIG may be left out, and a near command or file is suggested."""

from pathlib import Path

import pytest

from command import SOUND, otac


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.yml").write_text(SOUND, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [("build",), ("check",), ("graph",), ("build", "--check"), ("migrate", "--diff")],
)
def test_it_is_config_yml(folder: Path, command: tuple[str, ...]) -> None:
    named = otac(*command, "config.yml", cwd=folder)
    assert otac(*command, cwd=folder).status in (named.status, 0)
    left_out = otac(*command, cwd=folder)
    named = otac(*command, "config.yml", cwd=folder)
    assert (left_out.out, left_out.err) == (named.out, named.err)


@pytest.mark.parametrize(
    "operands",
    [
        ("nobody",),
        ("config.yml", "nobody"),
        ("--param", "a=b", "nobody"),
        ("nobody", "--param", "a=b"),
        ("config.yml", "--param", "a=b", "nobody"),
        ("--param", "a=b", "config.yml", "nobody"),
    ],
    ids=" ".join,
)
def test_the_runner_is_the_last_operand(
    folder: Path, operands: tuple[str, ...]
) -> None:
    done = otac("run", *operands, cwd=folder)
    assert done.status != 0
    assert "`nobody`" in done.err
    assert "config.yml` cannot" not in done.err


def test_a_configuration_alone_is_no_runner(folder: Path) -> None:
    done = otac("run", "config.yml", cwd=folder)
    assert done.status != 0
    assert "no runner `config.yml`" in done.err


def test_too_many_operands_are_refused(folder: Path) -> None:
    done = otac("run", "config.yml", "triage", "more", cwd=folder)
    assert done.status == 2
    assert "unrecognized arguments: more" in done.err


def test_what_is_left_out_must_be_there(tmp_path: Path) -> None:
    done = otac("check", cwd=tmp_path)
    assert "error[OTC505]: `config.yml` cannot be read" in done.err


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("chekc", "did you mean `check`?"),
        ("biuld", "did you mean `build`?"),
        ("frobnicate", "`otac --help` lists them"),
    ],
)
def test_a_near_command_is_suggested(typed: str, said: str, tmp_path: Path) -> None:
    done = otac(typed, cwd=tmp_path)
    assert done.status == 2
    error = f"otac: error: there is no command `{typed}`; {said}\n"
    assert done.err == f"usage: otac [--version] COMMAND [--help] ...\n{error}"


def test_a_near_file_is_suggested(folder: Path) -> None:
    done = otac("check", "confg.yml", cwd=folder)
    assert "= help: did you mean `config.yml`?" in done.err
    done = otac("check", folder / "config.yaml", cwd=folder.parent)
    assert f"did you mean `{folder / 'config.yml'}`?" in done.err
    done = otac("check", "quite-other.yml", cwd=folder)
    assert "= help: name a configuration file" in done.err
