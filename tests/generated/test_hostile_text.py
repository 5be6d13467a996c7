"""Any text in any string of a configuration comes out the same, and never as code."""

import ast
import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from prefect import Flow, Task
from prefect.utilities.importtools import import_object

from otac.output.lock import Inputs
from otac.output.plan import BuildPlan, plan
from otac.pipeline import CompileOptions, compile_configuration
from otac.runtime import Run

# Every position that takes any text. TEXT is read as Jinja where the place allows that.
_CONFIGURATION = """\
services:
  words:
    use: KeywordClassifier
    labels: {TEXT: [TEXT]}
notifications:
  - {id: ops, use: slack, url: "{{ secret('a') }}", on: [failed], subject: TEXT, in_flow: true}
prefect: {name: TEXT}
orchestrator:
  runners:
    - pipe_id: hostile
      description: TEXT
      tags: [TEXT]
      work_pool: TEXT
      work_queue: TEXT
      job_variables: {env: {TEXT: TEXT}}
      parameters: {text: TEXT, texts: [TEXT], by_text: {TEXT: TEXT}}
      schedules:
        - {cron: "0 6 * * *", parameters: {text: TEXT}}
      pipe:
        around: JINJA
        steps:
          - {id: plain, use: Expression, expression: TEXT, tags: [TEXT]}
          - {id: jinja, use: Expression, expression: JINJA}
          - {id: nested, use: Expression, expression: {TEXT: [TEXT, {TEXT: TEXT}]}}
          - id: service
            use: Classify
            text: JINJA
            labels: {TEXT: TEXT}
"""
_NASTY = (
    '\"\"\"', "'''", "\\", "'; import os", "\0", "\u202e", "\u2028", "\x85", "🦊", "\r\n",
    "\n", "\t", "#", "{", "}", "%", "}}", "%}", "#}", " ", "- a", ": ", "&a", "*a", "!tag",
    "$(touch x)", "__import__('os').abort()", "\ufeff", "\u200f", "\x1b[31m", "\x7f",
)  # fmt: skip
# `{{` in a place that Prefect renders is refused, and elsewhere it is an expression.
_TEXTS = st.lists(
    st.one_of(st.sampled_from(_NASTY), st.characters(exclude_categories=["Cs"])),
    min_size=1,
    max_size=8,
).map("".join)


def _harmless(text: str) -> bool:
    return not any(opening in text for opening in ("{{", "{%", "{#"))


@given(_TEXTS.filter(_harmless))
@example('"""')
@example("\\")
@example("'; import os; '")
@example("\0")
@example("\u202eevil\u202c 🦊")
@example("a\r\nb\rc\n")
@settings(max_examples=40)
def test_any_text_comes_out_the_same(text: str) -> None:
    files = _compiled(text)
    with _imported(files) as (flow, tasks):
        assert flow.description == text
        parameters = flow.parameters.properties
        assert {name: field["default"] for name, field in parameters.items()} == {
            "text": text,
            "texts": [text],
            "by_text": {text: text},
        }
        assert _result(tasks["plain"]) == text
        assert tasks["plain"].tags == {text}
        assert _result(tasks["nested"]) == {text: [text, {text: text}]}

    (service,) = (
        ast.literal_eval(keyword.value)
        for node in ast.walk(ast.parse(files["generated/services.py"]))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "labels"
    )
    assert service == {text: [text]}

    project = yaml.safe_load(files["prefect.yaml"])
    assert project["name"] == text
    (deployment,) = project["deployments"]
    assert deployment["tags"][2:] == [text]
    assert deployment["work_pool"] == {
        "name": text,
        "work_queue_name": text,
        "job_variables": {"env": {text: text}},
    }
    assert deployment["parameters"] == {
        "text": text,
        "texts": [text],
        "by_text": {text: text},
    }
    (schedule,) = deployment["schedules"]
    assert schedule["parameters"] == {"text": text}


@given(_TEXTS)
@example("a\nb\n")
@example("a\r\nb\rc")
@example("\u2028")
@settings(max_examples=25)
def test_any_text_around_an_expression_comes_out_the_same(text: str) -> None:
    """But for line breaks, which Jinja brings into one form, dropping the last one.

    White space around an expression does not count: such a string is the value itself.
    """
    source = """
        orchestrator:
          runners:
            - pipe_id: hostile
              pipe: {id: jinja, use: Expression, expression: JINJA}
    """
    with _imported(_compiled(text, source)) as (_, tasks):
        expected = text.replace("\r\n", "\n").replace("\r", "\n")
        expected = expected.removesuffix("\n") if text.strip() else ""
        assert _result(tasks["jinja"]) == expected


def test_no_text_changes_the_code() -> None:
    """Of the syntax tree only texts differ: each stays the one string it was."""
    plain = _shapes(_compiled("x"))
    for text in (*_NASTY, "{ { x } }", "x" * 200):
        if _harmless(text):
            assert _shapes(_compiled(text)) == plain, repr(text)


def _compiled(text: str, source: str = _CONFIGURATION) -> dict[str, str]:
    jinja = "{{ '' }}" + text.replace("{", "{{ '{' }}")
    source = source.replace("TEXT", _yaml(text)).replace("JINJA", _yaml(jinja))
    folder = Path("/no such folder")
    options = CompileOptions()
    compiled = compile_configuration("config.yml", source.encode(), folder, options)
    assert compiled.output is not None, compiled.report.diagnostics
    planned = plan(folder, compiled.output, Inputs("", "", "config.yml", ()))
    assert isinstance(planned, BuildPlan)
    return {change.path: (change.new or b"").decode() for change in planned.changes}


def _yaml(text: str) -> str:
    """A double-quoted scalar, everything but letters and digits escaped."""
    written = (
        character
        if character.isascii() and character.isalnum()
        else f"\\U{ord(character):08X}"
        for character in text
    )
    return f'"{"".join(written)}"'


@contextmanager
def _imported(
    files: dict[str, str],
) -> Iterator[tuple[Flow[..., Any], dict[str, Task[..., Any]]]]:
    """The flow and its tasks, imported from where a build would have written them."""
    with TemporaryDirectory() as name:
        for path, content in files.items():
            file = Path(name, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode())
        sys.path.insert(0, name)
        try:
            flow = import_object(f"{name}/generated/flows/hostile.py:hostile")
            assert isinstance(flow, Flow)
            members = flow.fn.__globals__.values()
            yield flow, {one.name: one for one in members if isinstance(one, Task)}
        finally:
            sys.path.remove(name)
            for module in [m for m in sys.modules if m.split(".")[0] == "generated"]:
                del sys.modules[module]


def _result(task: Task[..., Any]) -> Any:
    return asyncio.run(task.fn(Run("hostile")))["value"]


def _shapes(files: dict[str, str]) -> dict[str, str]:
    return {
        path: ast.dump(_without_texts(ast.parse(text)))
        for path, text in files.items()
        if path.endswith(".py")
    }


def _without_texts(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return tree
