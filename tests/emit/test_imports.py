import pytest
from formatters import ruff
from hypothesis import given, settings
from hypothesis import strategies as st

from otac.emit.scope import Imports, Names

MODULES = st.sampled_from(
    [
        *("acme", "acme.b2", "acme.b10", "Acme_Two", "acme_2.x", "zeta"),
        *("json", "email.mime", "otac.components", "pydantic", "prefect.blocks"),
    ]
)
MEMBERS = st.sampled_from(
    [
        *("load", "Load", "LOAD", "L", "l", "load2", "load10", "Load_2", "_x"),
        *("loadAll", "Any", "flow", "print", "a" * 40, "B" * 60),
    ]
)


def block(*imported: tuple[str, str]) -> str:
    imports = Imports(Names())
    for module, name in imported:
        imports.foreign(module, name, "component")
    return imports.block()


def test_sections_are_standard_library_third_party_and_the_users_own() -> None:
    imports = Imports(Names())
    imports.own("generated", "services")
    imports.own("prefect", "flow")
    imports.own("otac.runtime", "Run")
    imports.own("typing", "Any")
    imports.foreign("acme.pipes", "Triage", "component")
    assert imports.block() == (
        "from typing import Any\n"
        "\n"
        "from otac.runtime import Run\n"
        "from prefect import flow\n"
        "\n"
        "from acme.pipes import Triage\n"
        "from generated import services"
    )


def test_two_components_of_one_name() -> None:
    imports = Imports(Names())
    names = [
        imports.foreign(module, name, "component")
        for module, name in (("a", "Triage"), ("b", "Triage"), ("a", "Triage"))
    ]
    assert names == ["Triage", "TriageComponent", "Triage"]
    assert imports.foreign("c", "task", "hook") == "task_hook"
    assert imports.block() == (
        "from a import Triage\n"
        "from b import Triage as TriageComponent\n"
        "from c import task as task_hook"
    )


def test_an_attribute_of_a_class_is_reached_through_the_class() -> None:
    imports = Imports(Names())
    assert imports.foreign("a", "Report.weekly", "component") == "Report.weekly"
    assert imports.block() == "from a import Report"


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os; import sys", "x"),
        ("a", "x as y"),
        ("a", "x\nimport os"),
        ("a.class", "x"),
        ("a", "X.import"),
        ("", "x"),
    ],
)
def test_only_names_are_imported(module: str, name: str) -> None:
    with pytest.raises(ValueError, match="is not a name that Python can import"):
        block((module, name))


@given(st.lists(st.tuples(MODULES, MEMBERS), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_ruff_would_sort_them_in_the_same_way(imported: list[tuple[str, str]]) -> None:
    first_party = (
        'lint.isort.known-first-party=["acme","Acme_Two","acme_2","zeta"]',
        'lint.isort.known-third-party=["otac"]',
    )
    options = [part for option in first_party for part in ("--config", option)]
    source = block(*imported) + "\n"
    ruff("check", "--select", "I", *options, "-", source=source)
