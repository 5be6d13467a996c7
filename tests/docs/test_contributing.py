"""The recipes of CONTRIBUTING.md, followed in a copy of the source: what was added works.

A place is a file that one edits or writes; docs and tests are not counted.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

_COMPONENT = '''\
"""`TagTicket`."""

from typing import Annotated

from pydantic import BaseModel, Field

from otac.components.component import Component, Parameters


class TagTicket(Component):
    """Gives a ticket a word to find it by."""

    class Params(Parameters):
        word: Annotated[str, Field(description="The word")]

    class Result(BaseModel):
        length: int

    params: Params

    async def run(self) -> Result:
        """It works on nothing."""
        return self.Result(length=len(self.params.word))
'''
_TICKET_SYSTEM = '''\
"""`DrawerTicketSystem`."""

from typing import Annotated

from pydantic import Field

from otac.components.outcome import Fail
from otac.components.ticket_system import (
    NewTicket,
    Note,
    Queue,
    Ticket,
    TicketChanges,
    TicketSearch,
)


class DrawerTicketSystem:
    """A drawer without tickets."""

    def __init__(
        self,
        *,
        drawers: Annotated[
            dict[str, str],
            Field(
                description="Its queues",
                json_schema_extra={
                    "x-lists": "queue",
                    "propertyNames": {"x-names": "queue"},
                },
            ),
        ],
    ) -> None:
        self._drawers = drawers

    async def find(self, search: TicketSearch) -> list[Ticket]:
        return []

    async def get(self, ticket_id: str) -> Ticket:
        raise Fail("the drawer is empty")

    async def create(self, ticket: NewTicket) -> Ticket:
        raise Fail("the drawer does not open")

    async def update(
        self,
        ticket_id: str,
        changes: TicketChanges,
        note: Note | None = None,
        *,
        key: str | None = None,
    ) -> bool:
        raise Fail("the drawer is empty")

    async def list_queues(self) -> list[Queue]:
        return [Queue(name=name) for name in self._drawers]
'''
_CHECK = '''\
"""Runners whose id is not friendly."""

from collections.abc import Iterator

from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.lower.project import Project


def check_kindness(project: Project) -> Iterator[Diagnostic]:
    """Ids that begin with `grumpy`."""
    for runner in project.runners:
        if runner.id.startswith("grumpy"):
            yield warning("OTC888", "this is grumpy", runner.origin, "be kind")
'''
_EXTRA_PAGE = "# {code}: {title}\n\nWhat it means.\n"
_RUNNER = "orchestrator:\n  runners:\n    - pipe_id: {id}\n      pipe: {pipe}\n"


class _Copy:
    """A copy of the source, and the places that were touched in it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "otac"
        self._folder = folder
        self.places: set[str] = set()
        without = shutil.ignore_patterns("__pycache__")
        for name in ("compiler", "schemas", "templates", "requirements"):
            shutil.copytree(ROOT / name, self.root / name, ignore=without)

    def write(self, path: str, text: str) -> None:
        """A new file."""
        assert not (self.root / path).exists()
        self.places.add(path)
        (self.root / path).write_text(text, encoding="utf-8")

    def insert(self, path: str, before: str, text: str) -> None:
        """Text in front of the first occurrence of another."""
        file = self.root / path
        found = file.read_text(encoding="utf-8")
        assert before in found, f"{path} has no {before!r}"
        self.places.add(path)
        file.write_text(found.replace(before, text + before, 1), encoding="utf-8")

    def schema(self, edit: Callable[[dict[str, dict[str, object]]], None]) -> None:
        """The schema of the configuration."""
        path = "schemas/config.schema.json"
        file = self.root / path
        schema = json.loads(file.read_text(encoding="utf-8"))
        edit(schema["$defs"])
        self.places.add(path)
        file.write_text(json.dumps(schema, indent=2), encoding="utf-8")

    def describe(self) -> None:
        """Have the description of the components written, which is a place as well."""
        self._python("otac.components.catalogue")
        self.places.add("schemas/components.json")

    def otac(self, *arguments: str) -> str:
        """What a command of the copy says, whatever it thinks of its input."""
        return self._python("otac", *arguments)

    def config(self, text: str) -> None:
        """The `config.yml` beside the copy."""
        (self._folder / "config.yml").write_text(text, encoding="utf-8")

    def module(self) -> str:
        """The only generated flow."""
        folder = self._folder / "generated" / "flows"
        (file,) = (f for f in folder.glob("*.py") if f.name != "__init__.py")
        return file.read_text(encoding="utf-8")

    def _python(self, *arguments: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(self.root / "compiler")}
        run = subprocess.run(
            (sys.executable, "-P", "-m", *arguments),
            cwd=self._folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        said = run.stdout + run.stderr
        assert "Traceback" not in said, said
        return said


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> _Copy:
    """One copy for all: what is added does not touch what others add."""
    return _Copy(tmp_path_factory.mktemp("copy"))


@pytest.fixture
def copy(copied: _Copy) -> _Copy:
    copied.places.clear()
    return copied


def _named(heading: str, copy: _Copy) -> None:
    """The recipe names every place, by itself or by its folder."""
    section = PAGE.partition(f"## {heading}")[2].partition("\n## ")[0]
    told = re.findall(r"`([^`\s]+)`", section)
    for path in copy.places:
        inner = path.removeprefix("compiler/otac/")
        folder = inner.rpartition("/")[0] + "/"
        assert inner in told or folder in told, f"{heading}: {path} is not told"


def test_a_policy_key(copy: _Copy) -> None:
    def describe(definitions: dict[str, dict[str, object]]) -> None:
        definitions["log_prints"] = {
            "description": "What the step prints is logged.",
            "type": "boolean",
            "default": False,
        }
        for owner in ("step", "runner", "defaults"):
            properties = definitions[owner]["properties"]
            assert isinstance(properties, dict)
            properties["log_prints"] = {"$ref": "#/$defs/log_prints"}

    copy.schema(describe)
    copy.insert(
        "compiler/otac/config/model.py",
        "    timeout: Located[float | None]",
        "    log_prints: Located[bool] | None = None\n",
    )
    copy.insert(
        "compiler/otac/lower/project.py",
        "    timeout_seconds: float | None\n    on_error: OnError",
        "    log_prints: bool\n",
    )
    copy.insert(
        "compiler/otac/lower/policies.py",
        "        timeout_seconds=None if",
        "        log_prints=(found := nearest(levels, lambda p: p.log_prints))"
        " is not None\n        and found.value,\n",
    )
    copy.insert(
        "compiler/otac/emit/flow_module.py",
        "    if policy.timeout_seconds is not None:",
        '    if policy.log_prints:\n        options.append("log_prints=True")\n',
    )
    assert len(copy.places) <= 5
    _named("Add a policy key", copy)

    composite = (
        "{steps: [{id: first, use: CheckEscalations},"
        " {id: second, use: CheckEscalations, log_prints: false}]}"
    )
    runner = _RUNNER.format(id="talks", pipe=composite)
    defaults = "  defaults: {log_prints: true}\n"
    talks = runner.replace("  runners:", defaults + "  runners:")
    copy.config(talks)
    said = copy.otac("build", "config.yml")
    assert "error" not in said, said
    first, second = copy.module().split("@task(")[1:]
    assert "log_prints=True" in first.partition("async def")[0]
    assert "log_prints=True" not in second.partition(")\nasync def")[0]

    copy.config(talks.replace("{log_prints:", "{log_print:"))
    assert "did you mean `log_prints`" in copy.otac("check", "config.yml")
    copy.config(talks.replace("prints: true", "prints: often"))
    assert "`log_prints` must be `true` or `false`" in copy.otac("check", "config.yml")


def test_a_component_and_a_ticket_system(copy: _Copy) -> None:
    init = "compiler/otac/components/__init__.py"
    copy.write("compiler/otac/components/tag_ticket.py", _COMPONENT)
    copy.insert(
        init,
        "from otac.components.trained_classifier",
        "from otac.components.tag_ticket import TagTicket\n",
    )
    copy.insert(init, '    "Ticket",\n', '    "TagTicket",\n')
    copy.places.add("schemas/components.json")
    assert len(copy.places) <= 3
    _named("Add a component", copy)

    copy.places.clear()
    copy.write("compiler/otac/components/drawer.py", _TICKET_SYSTEM)
    copy.insert(
        init,
        "from otac.components.embedding_classifier",
        "from otac.components.drawer import DrawerTicketSystem\n",
    )
    copy.insert(init, '    "EmbeddingClassifier",\n', '    "DrawerTicketSystem",\n')
    copy.describe()
    assert len(copy.places) <= 4
    _named("Add a ticket system", copy)

    listed = copy.otac("components")
    assert "TagTicket" in listed
    assert "DrawerTicketSystem" in listed
    described = json.loads((copy.root / "schemas" / "components.json").read_text())
    assert described["DrawerTicketSystem"]["kind"] == "ticket_system"

    tag = _RUNNER.format(id="tags", pipe="{use: TagTicket, params: {word: red}}")
    copy.config(tag)
    copy.otac("build", "config.yml")
    assert "TagTicket" in copy.module()
    copy.config(tag.replace("word", "wrd"))
    assert "did you mean `word`" in copy.otac("check", "config.yml")

    fetch = "{use: FetchTickets, params: {ticket_search_criteria: {queue: {name: Incomin}}}}"
    service = "{use: DrawerTicketSystem, params: {drawers: {Incoming: all of it}}}"
    copy.config(f"services: {{desk: {service}}}\n" + _RUNNER.format(id="f", pipe=fetch))
    said = copy.otac("check", "config.yml")
    assert "did you mean `Incoming`" in said, said


def test_a_diagnostic_and_a_check(copy: _Copy) -> None:
    pages = "compiler/otac/diagnostics/pages"
    copy.insert(
        "compiler/otac/check/runner_names.py",
        "        module = module_name(name)\n",
        '        if name == "nameless":\n'
        '            yield error("OTC889", "it has a name", runner.origin, "not so")\n',
    )
    page = _EXTRA_PAGE.format(code="OTC889", title="a name that denies itself")
    copy.write(f"{pages}/OTC889.md", page)
    assert len(copy.places) <= 3
    _named("Add a diagnostic", copy)

    copy.places.clear()
    copy.write("compiler/otac/check/kindness.py", _CHECK)
    rules = "compiler/otac/check/rules.py"
    copy.insert(
        rules,
        "from otac.check.outside_names",
        "from otac.check.kindness import check_kindness\n",
    )
    copy.insert(
        rules,
        "        *check_dependencies(",
        "        *check_kindness(project),\n",
    )
    page = _EXTRA_PAGE.format(code="OTC888", title="a runner that is not kind")
    copy.write(f"{pages}/OTC888.md", page)
    assert len(copy.places) <= 3
    _named("Add a check", copy)

    for name, code in (("nameless", "OTC889"), ("grumpy_one", "OTC888")):
        copy.config(_RUNNER.format(id=name, pipe="{use: CheckEscalations}"))
        assert f"[{code}]" in copy.otac("check", "config.yml")
        assert copy.otac("explain", code).startswith(f"# {code}")
