"""Whatever lies beside a configuration, is typed, or comes from a server, otac answers.

`OTAC_FUZZ=100000` tries more of it than every test run does, and `OTAC_FUZZ_SEED` others.
"""

import argparse
import json
import random
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import commands
import fuzzing
import httpx
import pytest
import structures
from test_structures import COUNT, ROOT, SEED, Answers, files

from case import cases
from otac.agreed import RECORD
from otac.catalogue import read_record
from otac.catalogue.editor_schema import as_text, editor_schema
from otac.cli.explain import run_explain
from otac.cli.flow_parameters import WrongParameter, read_parameters
from otac.cli.main import main
from otac.config.schema import configuration_schema
from otac.diagnostics import full
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.fixing import fix
from otac.output.lock import LOCK_PATH, Inputs
from otac.output.plan import plan
from otac.pipeline import Compiled, CompileOptions, compile_configuration
from otac.source.document import Json
from otac.testing.binding import bind
from otac.testing.reading import read_tests_of

_FEW = max(COUNT // 10, 50)
_CONFIG = """\
notifications:
  - {id: ops, use: slack, on: [failed], url: "{{ secret('ops') }}"}
orchestrator:
  runners:
    - pipe_id: one
      parameters: {text: x, number: 1, part: 0.5, flag: true, list: [1], map: {a: 1}}
      on_failure: ops
      pipe: {use: Expression, expression: "{{ params.text }}"}
    - pipe_id: two
      cron: "0 8 * * *"
      after: one
      work_pool: other
      pipe: {use: CheckEscalations}
"""


def _compiled(data: bytes, folder: Path) -> Compiled:
    return compile_configuration("config.yml", data, folder, CompileOptions())


def _json(texts: Iterator[str] | list[str]) -> list[Json]:
    return [json.loads(text) for text in texts]


def _damaged(trees: list[Json], what: str) -> Iterator[bytes]:
    """JSON whose structure is damaged, or, of ten, whose bytes are."""
    texts = [json.dumps(tree).encode() for tree in trees]
    noise = fuzzing.inputs(texts, _FEW, f"{SEED} {what}")
    sound = structures.damaged_json(trees, _FEW, f"{SEED} {what}")
    for number, (one, other) in enumerate(zip(noise, sound, strict=True)):
        yield other if number % 10 else one


def test_records_of_components(tmp_path: Path) -> None:
    answers = Answers()
    found = sorted((ROOT / "tests/cases").glob(f"*/{RECORD}"))
    trees = _json([one.read_text() for one in found if "damaged" not in str(one)])
    configs = [(one.parent / "config.yml").read_bytes() for one in found]
    chance = random.Random(SEED)

    def schema() -> None:
        record = read_record(tmp_path)
        if not isinstance(record, Diagnostic):
            as_text(editor_schema(configuration_schema(), record))

    for data in _damaged(trees, "record"):
        (tmp_path / RECORD).write_bytes(data)
        answers.ask(schema, data)
        config = chance.choice(configs)
        answers.ask(commands.compile_and_tell, data, config, tmp_path)
    assert answers.raised == {}


def test_locks_and_files_of_deployments(tmp_path: Path) -> None:
    answers = Answers()
    config = tmp_path / "config.yml"
    config.write_text(_CONFIG)
    assert main(["build", str(config), "--quiet"]) == 0
    lock, deployments = tmp_path / LOCK_PATH, tmp_path / "prefect.yaml"
    compiled = _compiled(config.read_bytes(), tmp_path)
    kept = (lock.read_bytes(), deployments.read_bytes())
    trees = structures.plain_trees(iter((deployments,)))

    def build() -> None:
        assert compiled.output is not None
        plan(tmp_path, compiled.output, Inputs("", "", "config.yml", ()))

    for data in _damaged(_json([kept[0].decode()]), "lock"):
        lock.write_bytes(data)
        answers.ask(build, data)
    lock.write_bytes(kept[0])
    for data in structures.damaged_trees(trees, _FEW, SEED):
        deployments.write_bytes(data)
        answers.ask(build, data)
    for data in fuzzing.inputs([kept[1]], _FEW, SEED):
        deployments.write_bytes(data)
        answers.ask(build, data)
    assert answers.raised == {}


def test_files_of_tests(tmp_path: Path) -> None:
    answers = Answers()
    folder = ROOT / "templates/init"
    compiled = _compiled((folder / "config.yml").read_bytes(), folder)
    assert compiled.project is not None
    project = compiled.project
    paths = (*(ROOT / "templates").glob("*/tests.yml"), *_files_of_tests())
    trees = structures.plain_trees(iter(paths))
    assert trees

    def read(data: bytes) -> None:
        suite, report = read_tests_of(folder / "tests.yml", "tests.yml", data)
        full.render(report)
        if suite is not None:
            for filling in (False, True):
                _, reports = bind(suite, project, tmp_path, filling=filling)
                for one in reports:
                    full.render(one)

    for data in structures.damaged_trees(trees, _FEW, SEED):
        answers.ask(read, data, data)
    texts = [path.read_bytes() for path in paths]
    for data in fuzzing.inputs(texts, _FEW, SEED):
        answers.ask(read, data, data)
    assert answers.raised == {}


def _files_of_tests() -> Iterator[Path]:
    yield from sorted((ROOT / "examples").rglob("tests*.yml"))


def test_what_is_typed() -> None:
    answers = Answers()
    project = _compiled(_CONFIG.encode(), Path()).project
    assert project is not None
    chance = random.Random(SEED)

    def explain(text: str) -> None:
        with redirect_stdout(StringIO()):
            run_explain(argparse.Namespace(code=text))

    def parameters(typed: list[str]) -> None:
        try:
            values = read_parameters(project.runners[0], typed)
        except WrongParameter:
            return
        json.dumps(values, allow_nan=False)

    names = [one.name for one in project.runners[0].parameters]
    for _ in range(_FEW):
        text = structures.some_text(chance)
        answers.ask(explain, text.encode("utf-8", "replace"), text)
        typed = [f"{chance.choice(names)}={structures.some_text(chance)}"]
        answers.ask(
            parameters, repr(typed).encode(), [*typed, text][: chance.choice((1, 2))]
        )
    assert answers.raised == {}


def test_corrections(tmp_path: Path) -> None:
    """`check --fix` of anything; what compiled still does."""
    answers = Answers()
    trees = structures.plain_trees(files())
    texts = [(case.folder / "config.yml").read_bytes() for case in cases()]
    chance = random.Random(SEED)
    inputs = (
        *structures.damaged_trees(trees, _FEW // 5, SEED),
        *fuzzing.inputs(texts, _FEW // 5, SEED),
    )

    def mend(data: bytes) -> None:
        def again(changed: bytes) -> Compiled:
            return _compiled(changed, tmp_path)

        before = again(data)
        fixed = fix(data, before, again, unsafe=chance.random() < 0.5)
        errors = _errors(before)
        assert _errors(fixed.compiled) <= errors
        assert _errors(again(fixed.data)) == _errors(fixed.compiled)

    for data in inputs:
        answers.ask(mend, data, data, longest=30.0)
    assert answers.raised == {}


def _errors(compiled: Compiled) -> int:
    found = compiled.report.diagnostics
    return sum(one.severity is Severity.ERROR for one in found)


class _Anything:
    """A server that gives sound answers, damaged ones, and others altogether."""

    def __init__(self, chance: random.Random, trees: list[Json]) -> None:
        self._chance = chance
        self._trees = trees
        self.said: list[bytes] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        chance = self._chance
        body, status = self._sound(request), 200
        if chance.random() < 0.05:
            (body,) = structures.damaged_json(
                [json.loads(body)], 1, str(chance.random())
            )
        elif chance.random() < 0.04:
            (body,) = structures.damaged_json(self._trees, 1, str(chance.random()))
        elif chance.random() < 0.02:
            body = chance.choice(
                (b"", b"{", b"\xff", b"[" * 5000, b"9" * 5000, b"null")
            )
        if chance.random() < 0.02:
            status = chance.choice((201, 204, 301, 307, 400, 401, 403, 404, 409, 422))
        elif chance.random() < 0.01:
            status = chance.choice((99, 299, 500, 503, 600, 999))
        self.said.append(body)
        return httpx.Response(status, content=body)

    def _sound(self, request: httpx.Request) -> bytes:
        path = request.url.path.removeprefix("/api")
        kind = path.strip("/").partition("/")[0]
        if path == "/admin/version":
            return b'"3.9.1"'
        known = [one for one in self._trees if isinstance(one, dict) and kind in one]
        if path.endswith("/filter") and known:
            return json.dumps(known[0][kind]).encode()
        if path.endswith("/filter") or "related-to" in path:
            return b"[]"
        value = {"value": "https://hooks.example/x"}
        return json.dumps({"id": _ID, "name": "one", "data": value}).encode()


_ID = "00000000-0000-0000-0000-000000000001"
_SERVER: list[Json] = [
    {"flows": [{"id": _ID, "name": "one"}, {"id": _ID, "name": "two"}]},
    {
        "deployments": [
            {
                "id": _ID,
                "name": name,
                "flow_id": _ID,
                "tags": ["open-ticket-ai", name],
                "schedules": [
                    {
                        "id": _ID,
                        "active": True,
                        "slug": "schedule",
                        "schedule": {"cron": "0 8 * * *", "timezone": "UTC"},
                        "parameters": {},
                    }
                ],
                "parameters": {"text": "x"},
                "job_variables": {"env": {}},
                "pull_steps": [{"a": {"directory": "/x"}}],
                "labels": {"otac": "0.1.0 abc"},
                "concurrency_options": {"collision_strategy": "ENQUEUE"},
                "global_concurrency_limit": {
                    "id": _ID,
                    "limit": 1,
                    "active": False,
                },
                "work_pool_name": "default",
                "entrypoint": "x.py:x",
            }
            for name in ("one", "two", "gone")
        ]
    },
    {
        "work_pools": [
            {
                "id": _ID,
                "name": name,
                "type": "process",
                "is_paused": True,
                "base_job_template": {
                    "variables": {"properties": {"env": {"type": "object"}}}
                },
            }
            for name in ("default", "other")
        ]
    },
    {
        "automations": [
            {
                "id": _ID,
                "name": "ops",
                "description": "",
                "enabled": True,
                "trigger": {
                    "type": "event",
                    "match": {"prefect.resource.id": "prefect.flow-run.*"},
                    "match_related": {},
                    "after": [],
                    "expect": ["prefect.flow-run.Failed"],
                    "for_each": ["prefect.resource.id"],
                    "posture": "Reactive",
                    "threshold": 1,
                    "within": 0,
                },
                "actions": [
                    {
                        "type": "run-deployment",
                        "source": "selected",
                        "deployment_id": _ID,
                        "parameters": {},
                        "job_variables": {},
                    }
                ],
                "actions_on_trigger": [],
                "actions_on_resolve": [],
                "owner_resource": "otac.project.x",
            }
        ]
    },
]


@pytest.mark.parametrize(
    "command",
    [
        ("plan",),
        ("plan", "--format", "json"),
        ("deploy", "--yes", "--no-import", "--prune"),
    ],
    ids=" ".join,
)
def test_answers_of_a_server(
    command: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "config.yml").write_text(_CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    assert main(["build", "config.yml", "--quiet"]) == 0
    chance = random.Random(f"{SEED} {command}")
    client = httpx.Client
    answers = Answers()
    told = set[int]()
    for _ in range(max(_FEW // 5, 20)):
        server = _Anything(chance, _SERVER)

        def connect(*_: Any, server: _Anything = server, **given: Any) -> httpx.Client:
            return client(
                transport=httpx.MockTransport(server.answer),
                base_url=given["base_url"],
                follow_redirects=given.get("follow_redirects", False),
            )

        monkeypatch.setattr(httpx, "Client", connect)
        run: Callable[[], int] = lambda: main([*command, "config.yml"])
        status = answers.ask(run, b"")
        said = "".join(capsys.readouterr())
        assert "OTC901" not in said, (said, server.said)
        told.add(status)
    assert answers.raised == {}
    # Some servers were like one, and some were not.
    assert len(told) > 1, told


def test_a_file_of_tickets_that_is_missing_is_told_at_each_test() -> None:
    folder = ROOT / "templates/init"
    project = _compiled((folder / "config.yml").read_bytes(), folder).project
    assert project is not None
    test = "runner: ticket_processor, tickets: none.yml, expect: {state: Completed}"
    data = f"tests:\n  - {{name: a, {test}}}\n  - {{name: b, {test}}}\n".encode()
    suite, _ = read_tests_of(folder / "tests.yml", "tests.yml", data)
    assert suite is not None
    _, (report,) = bind(suite, project, folder)
    assert [one.code for one in report.diagnostics] == ["OTC665", "OTC665"]
