"""Finding components by import path, without importing anything."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from otac.catalogue import ComponentInfo, NotFound, look_up, split


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _find(folder: Path, name: str) -> ComponentInfo | NotFound:
    (found,) = look_up([name], folder).values()
    return found


def _parameters(found: ComponentInfo | NotFound) -> list[str] | None:
    assert isinstance(found, ComponentInfo)
    if found.parameters is None:
        return None
    return list(found.parameters.properties or {})


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("acme:triage", ("acme", "triage")),
        ("acme.pipes:Triage", ("acme.pipes", "Triage")),
        ("acme.pipes.Triage", ("acme.pipes", "Triage")),
        ("Triage", None),
        ("acme:", None),
        (":triage", None),
        ("acme.pipes:", None),
        ("acme::triage", None),
        ("acme:a.b", None),
        (".acme:triage", None),
        ("acme..pipes:triage", None),
        ("my-pipes:triage", None),
        ("../acme:triage", None),
        ("acme: triage", None),
    ],
)
def test_split(name: str, parts: tuple[str, str] | None) -> None:
    assert split(name) == parts


def test_names_that_are_no_import_paths_are_left_out(tmp_path: Path) -> None:
    assert look_up(["FetchTickets", "acme:"], tmp_path) == {}


def test_a_module_beside_the_configuration(tmp_path: Path) -> None:
    _write(tmp_path, {"acme.py": "def triage(ticket_id): ..."})
    found = _find(tmp_path, "acme:triage")
    assert isinstance(found, ComponentInfo)
    assert (found.name, found.module, found.attribute) == (
        "acme:triage",
        "acme",
        "triage",
    )
    assert _parameters(found) == ["ticket_id"]


def test_a_module_of_a_package_and_of_a_namespace(tmp_path: Path) -> None:
    _write(
        tmp_path,
        {
            "acme/__init__.py": "",
            "acme/pipes.py": "class Triage:\n def __init__(self, url): ...",
            "space/pipes.py": "def triage(x): ...",
        },
    )
    assert _parameters(_find(tmp_path, "acme.pipes.Triage")) == ["url"]
    assert _parameters(_find(tmp_path, "space.pipes:triage")) == ["x"]


def test_installed_modules_are_found_after_those_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed, beside = tmp_path / "installed", tmp_path / "beside"
    _write(installed, {"acme.py": "def triage(old): ...", "other.py": "def x(a): ..."})
    _write(beside, {"acme.py": "def triage(new): ..."})
    monkeypatch.setattr(sys, "path", [str(installed), *sys.path])
    assert _parameters(_find(beside, "acme:triage")) == ["new"]
    assert _parameters(_find(beside, "other:x")) == ["a"]


def test_reexports_are_followed(tmp_path: Path) -> None:
    _write(
        tmp_path,
        {
            "acme/__init__.py": "from acme.api import triage\nfrom .api import route",
            "acme/api.py": (
                "from .inner.pipes import triage as triage, _route as route"
            ),
            "acme/inner/__init__.py": "",
            "acme/inner/pipes.py": "def triage(a): ...\ndef _route(b): ...",
        },
    )
    found = _find(tmp_path, "acme:triage")
    assert isinstance(found, ComponentInfo)
    # It is imported from where the user said, whatever that takes it from.
    assert _parameters(found) == ["a"]
    assert _parameters(_find(tmp_path, "acme:route")) == ["b"]


def test_reexports_in_a_circle_end(tmp_path: Path) -> None:
    _write(tmp_path, {"a.py": "from b import x", "b.py": "from a import x"})
    assert _parameters(_find(tmp_path, "a:x")) is None


def test_missing_modules_and_names(tmp_path: Path) -> None:
    _write(
        tmp_path,
        {
            "acme/__init__.py": "def triage(): ...\nclass Route: ...\ndef _private(): ..."
        },
    )
    module = _find(tmp_path, "acme.nothing:triage")
    assert isinstance(module, NotFound)
    assert (module.module, module.candidates) == ("acme.nothing", None)
    name = _find(tmp_path, "acme:Triage")
    assert isinstance(name, NotFound)
    assert (name.module, name.candidates) == ("acme", ("triage", "Route"))


@pytest.mark.parametrize(
    "text",
    [
        "from elsewhere import *",
        "def __getattr__(name): ...",
        "try:\n from fast import it\nexcept ImportError:\n def it(): ...",
        "it = make()",
        "it: object = make()",
        "from not_installed import it",
    ],
)
def test_what_cannot_be_read_is_not_checked(tmp_path: Path, text: str) -> None:
    _write(tmp_path, {"acme.py": text})
    assert _parameters(_find(tmp_path, "acme:it")) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def it():\npass", "line 2: expected an indented block"),
        ("# coding: none-such\n", ""),
        ("it = '\0'", ""),
    ],
)
def test_what_is_no_python_says_why(tmp_path: Path, text: str, why: str) -> None:
    _write(tmp_path, {"acme.py": text, "again.py": "from acme import it"})
    for name in ("acme:it", "again:it"):
        found = _find(tmp_path, name)
        assert isinstance(found, NotFound)
        assert (found.module, found.candidates) == ("acme", None)
        assert found.broken.startswith(why)
        assert "\n" not in found.broken


def test_compiled_modules_are_not_checked(tmp_path: Path) -> None:
    assert _parameters(_find(tmp_path, "sys:exit")) is None


def test_nothing_is_imported(tmp_path: Path) -> None:
    bomb = "raise SystemExit('imported')\n"
    _write(
        tmp_path,
        {
            "bomb_package/__init__.py": bomb + "from .pipes import triage",
            "bomb_package/pipes.py": bomb + "def triage(x): ...",
        },
    )
    before = set(sys.modules)
    assert _parameters(_find(tmp_path, "bomb_package:triage")) == ["x"]
    assert _parameters(_find(tmp_path, "bomb_package.pipes:triage")) == ["x"]
    assert isinstance(_find(tmp_path, "bomb_package.nothing:triage"), NotFound)
    assert not any(name.startswith("bomb") for name in set(sys.modules) - before)


def test_a_namespace_inside_a_namespace(tmp_path: Path) -> None:
    _write(tmp_path, {"space/inner/pipes.py": "def triage(x): ..."})
    assert _parameters(_find(tmp_path, "space.inner.pipes:triage")) == ["x"]


@pytest.mark.parametrize("text", ["", "_private = 1"])
def test_a_module_without_public_names_exists(tmp_path: Path, text: str) -> None:
    _write(tmp_path, {"acme.py": text})
    found = _find(tmp_path, "acme:it")
    nowhere = _find(tmp_path, "acme.nowhere:it")
    assert isinstance(found, NotFound)
    assert isinstance(nowhere, NotFound)
    assert vars(found) != {**vars(nowhere), "module": "acme"}


def test_names_bound_together_are_known(tmp_path: Path) -> None:
    _write(tmp_path, {"acme.py": "triage, route = make()\ndef other(): ..."})
    assert _parameters(_find(tmp_path, "acme:route")) is None


def test_the_last_definition_counts(tmp_path: Path) -> None:
    text = "@overload\ndef it(a): ...\n@overload\ndef it(b): ...\ndef it(c): ..."
    _write(tmp_path, {"acme.py": text})
    assert _parameters(_find(tmp_path, "acme:it")) == ["c"]


@pytest.mark.parametrize("name", ["acme.class:triage", "acme:import"])
def test_words_of_python_are_no_names(name: str) -> None:
    assert split(name) is None
