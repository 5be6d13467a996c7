import builtins
import keyword
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otac.emit.scope import Names, is_keyword_argument
from otac.lower.reserved import BUILTINS, KEYWORDS, STANDARD_LIBRARY, module_name, snake

IDS = st.text("abcXYZ019-_.", min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("runner", "module"),
    [
        ("ticket_processor", "ticket_processor"),
        ("ticket-processor", "ticket_processor"),
        ("TicketProcessor", "ticket_processor"),
        ("HTTPServer2Check", "http_server2_check"),
        ("acme.tickets.new", "acme_tickets_new"),
        ("__init__", "init"),
        ("2fa", "runner_2fa"),
        ("-.-", "runner"),
        ("prüfen", "pr_fen"),
        ("class", "class_flow"),
        ("email", "email_flow"),
        ("queue", "queue_flow"),
        ("Prefect", "prefect_flow"),
        ("otac", "otac_flow"),
        ("generated", "generated_flow"),
        ("compression", "compression_flow"),
        ("CON", "con_flow"),
        ("com1", "com1_flow"),
        ("../../etc/x", "etc_x"),
    ],
)
def test_module_name(runner: str, module: str) -> None:
    assert module_name(runner) == module


@given(st.text())
def test_a_module_name_is_a_safe_file_name(runner: str) -> None:
    name = module_name(runner)
    assert name.isidentifier()
    assert name.isascii()
    assert name == name.lower()
    assert not keyword.iskeyword(name)
    assert name not in sys.stdlib_module_names


def test_tables_cover_this_python() -> None:
    assert set(keyword.kwlist) <= KEYWORDS
    assert {n for n in sys.stdlib_module_names if n[0] != "_"} <= STANDARD_LIBRARY
    functions = {n for n in dir(builtins) if n[0].islower()}
    assert functions <= BUILTINS | KEYWORDS
    assert {"match", "case", "type"} <= BUILTINS


def test_names_are_given_once() -> None:
    names = Names(["limit"])
    given = [names.function(text, "step") for text in ("a", "a", "A", "a", "limit")]
    assert given == ["a", "a_step", "a_step_2", "a_step_3", "limit_step"]


@pytest.mark.parametrize(
    "taken", ["run", "flow", "task", "Template", "import", "print", "match", "services"]
)
def test_reserved_names_are_not_given(taken: str) -> None:
    assert Names().take(taken, f"{taken}_step") == f"{taken}_step"


def test_our_own_names_make_way_for_parameters() -> None:
    names = Names(["run", "otac_run", "Run"])
    assert names.ours("run") == "otac_run_2"
    assert names.ours("Run") == "otac_Run"
    assert names.ours("Template") == "Template"


def test_functions_have_names_that_fit_on_a_line() -> None:
    names = Names()
    assert names.function("x" * 200, "step") == "x" * 45
    assert names.function("x" * 200, "step") == "x" * 45 + "_step"


@given(st.lists(IDS, max_size=20), st.lists(IDS, max_size=3))
def test_no_two_names_are_the_same(ids: list[str], parameters: list[str]) -> None:
    names = Names(parameters)
    given = [names.function(text, "step") for text in ids]
    assert len(set(given)) == len(given)
    assert not set(given) & {*parameters, "run", "Any", "class"}
    assert all(name.isidentifier() for name in given)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("queue", True),
        ("match", True),
        ("from", False),
        ("None", False),
        ("__debug__", False),
        ("x-priority", False),
        ("queue.name", False),
        ("ﬁx", False),
        ("größe", False),
        ("", False),
    ],
)
def test_keyword_arguments(name: str, written: bool) -> None:
    assert is_keyword_argument(name) is written


def test_snake_case_has_a_default() -> None:
    assert snake("", "step") == "step"
    assert snake("2", "step") == "step_2"
