"""`otac.components.json`: written, read, damaged."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otac.agreed import RECORD
from otac.catalogue import encode_record, known_components, read_record
from otac.catalogue.record import DamagedRecord, decode_record
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.pipeline import CompileOptions, compile_configuration

PLUGINS = {"acme": {"distribution": "otai-acme", "version": "1.2.0"}}
ENTRY: dict[str, Any] = {
    "kind": "pipe",
    "module": "otai_acme.pipes",
    "name": "Greet",
    "description": "Says hello.",
    "parameters": {
        "$defs": {"Tone": {"enum": ["kind", "loud"]}},
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string", "pattern": "^[a-z]+$"},
            "times": {"type": "integer", "minimum": 1, "multipleOf": 2},
            "tone": {"$ref": "#/$defs/Tone"},
        },
        "required": ["name"],
        "type": "object",
    },
    "services": {"ticket_system": {"kind": "ticket_system", "required": True}},
    "results": {"properties": {"text": {"type": "string"}}, "type": "object"},
    "network": False,
    "plugin": "acme",
}
COMPONENTS = {"acme:Greet": ENTRY}


def text() -> str:
    return encode_record(PLUGINS, COMPONENTS)


def test_what_was_written_is_read() -> None:
    record = decode_record(text().encode())
    assert not record.edited
    assert record.plugins["acme"].version == "1.2.0"
    found = record.find("acme:Greet")
    assert found is not None
    assert (found.info.module, found.info.attribute) == ("otai_acme.pipes", "Greet")
    assert found.info.results is not None
    assert found.info.results.properties is not None
    assert found.info.results.properties["text"].types == {"string"}
    assert found.info.parameters is not None
    assert found.info.parameters.required == ("name",)
    assert found.info.services["ticket_system"].required


def test_line_ends_and_order_are_the_same_everywhere() -> None:
    backwards = dict(reversed({"b:C": ENTRY, "acme:Greet": ENTRY}.items()))
    assert encode_record(PLUGINS, backwards) == encode_record(
        PLUGINS, {"acme:Greet": ENTRY, "b:C": ENTRY}
    )
    assert not decode_record(text().replace("\n", "\r\n").encode()).edited
    minified = json.dumps(json.loads(text())).encode()
    assert not decode_record(minified).edited


def test_an_edit_is_noticed() -> None:
    assert decode_record(
        text().replace('"required": true', '"required": false').encode()
    ).edited


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is not JSON: line 1, column 1"),
        (b"{\n<<<<<<<", "it is not JSON: line 2, column 1"),
        (b"\xff", "it is not UTF-8"),
        (b"[]", "it is not a record of components"),
        (b"{}", "it is not a record of components"),
        (b'{"format": 2}', "its format is not 1, which this otac reads"),
        (b'{"format": 1}', "it has no `plugins` and `components`"),
        (b"[" * 100_000, "it is nested too deeply"),
        (
            b'{"format": 1, "plugins": {"a": {}}, "components": {}}',
            "its entry for plugin `a` is not whole",
        ),
        (
            b'{"format": 1, "plugins": {}, "components": {"a:B": {"kind": "pipe"}}}',
            "its entry for `a:B` is not whole",
        ),
    ],
)
def test_damage_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(DamagedRecord) as caught:
        decode_record(data)
    assert str(caught.value) == reason


def test_an_entry_says_what_it_is_and_what_it_is_called() -> None:
    """Without a name, its key has to be one."""
    without = {key: value for key, value in ENTRY.items() if key != "description"}
    nameless = {key: value for key, value in ENTRY.items() if key != "name"}
    for entry in (without, {**ENTRY, "description": 5}, nameless):
        with pytest.raises(DamagedRecord, match="is not whole"):
            decode_record(encode_record({}, {"a:B": entry}).encode())
    decode_record(encode_record({}, {"B": nameless}).encode())


@pytest.mark.parametrize(
    "name", ["", "a b", "class", "os;import sys", "x\n", "1a", "a..b"]
)
def test_only_names_reach_generated_code(name: str) -> None:
    for key in ("module", "name"):
        with pytest.raises(DamagedRecord, match="is not whole"):
            decode_record(encode_record({}, {"a:B": {**ENTRY, key: name}}).encode())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*ENTRY, "type", "items", "minimum"]), inner)
    ),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = (
        value
        if isinstance(value, dict)
        else range(len(value))
        if isinstance(value, list)
        else ()
    )
    return [path, *(p for key in keys for p in places(value[key], (*path, key)))]


@given(st.data())
def test_no_edit_raises(data: st.DataObject) -> None:
    """Whatever somebody makes of the file, it is used or refused, also while compiling."""
    whole = json.loads(text())
    path = data.draw(st.sampled_from(places(whole)[1:]))
    target = whole
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = data.draw(JSON)
    folder = Path("no folder")
    config = b"""
orchestrator:
  runners:
    - pipe_id: a
      pipe: {use: "acme:Greet", name: Eva, times: 2, tone: loud}
"""
    with pytest.MonkeyPatch.context() as patch:
        changed = json.dumps(whole).encode()
        patch.setattr(Path, "read_bytes", lambda _: changed)
        compiled = compile_configuration("c.yml", config, folder, CompileOptions())
    assert compiled.report.diagnostics


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    assert read_record(tmp_path) is None
    (tmp_path / RECORD).mkdir()
    found = read_record(tmp_path)
    assert isinstance(found, Diagnostic)
    assert found.code == "OTC370"


def test_another_version_of_a_plugin_is_installed(tmp_path: Path) -> None:
    """pytest stands in for a plugin: it is certainly installed."""
    plugins = {"acme": {"distribution": "pytest", "version": "0.0.1"}}
    (tmp_path / RECORD).write_text(encode_record(plugins, COMPONENTS), encoding="utf-8")
    known = known_components((), ("acme:Greet",), tmp_path)
    (found,) = known.diagnostics
    assert (found.code, found.severity) == ("OTC372", Severity.WARNING)
    assert found.message == (
        "plugin `acme` is recorded as pytest 0.0.1, and"
        f" {pytest.__version__} is installed"
    )
    assert known_components((), ("FetchTickets",), tmp_path).diagnostics == ()


def test_a_schema_that_leads_back_to_itself() -> None:
    parameters = {
        "$defs": {"A": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/A"}]}},
        "properties": {"a": {"$ref": "#/$defs/A"}},
    }
    data = encode_record({}, {"a:B": {**ENTRY, "parameters": parameters}}).encode()
    with pytest.raises(DamagedRecord, match="is not whole"):
        decode_record(data)
    nested = {"A": {"items": {"$ref": "#/$defs/A"}}}
    fine = {**parameters, "$defs": nested}
    decode_record(encode_record({}, {"a:B": {**ENTRY, "parameters": fine}}).encode())


def test_names_in_plugins_are_checked(tmp_path: Path) -> None:
    """What lists queues, and what names one, is said by their schemas alone."""
    desk = {
        **ENTRY,
        "kind": "ticket_system",
        "name": "Desk",
        "parameters": {
            "properties": {
                "teams": {
                    "type": "object",
                    "x-lists": "queue",
                    "propertyNames": {"x-names": "queue"},
                }
            }
        },
        "services": {},
        "results": None,
    }
    escalate = {
        **ENTRY,
        "name": "Escalate",
        "parameters": {
            "properties": {
                "hand_to": {"type": "string", "x-names": "queue", "x-listed": True},
                "rules": {
                    "type": "object",
                    "x-chooses": "queue",
                    "additionalProperties": {"x-names": "queue", "x-listed": True},
                },
            }
        },
    }
    components = {"acme:Desk": desk, "acme:Escalate": escalate}
    (tmp_path / RECORD).write_text(encode_record(PLUGINS, components), "utf-8")

    def found(desk: str, step: str) -> list[tuple[str, str | None]]:
        config = f"""\
services: {{desk: {{use: "acme:Desk"{desk}}}}}
orchestrator:
  runners:
    - pipe_id: escalate
      interval_seconds: 60
      pipe: {{use: "acme:Escalate"{step}}}
"""
        options = CompileOptions(unresolved=Severity.WARNING)
        made = compile_configuration("c.yml", config.encode(), tmp_path, options)
        return [(one.code, one.suggestion) for one in made.report.diagnostics]

    teams = ", teams: {Billing: invoices, Support: computers}"
    assert found(teams, ", hand_to: Suport") == [("OTC393", "Support")]
    assert found(teams, ", rules: {a: Billng}") == [("OTC393", "Billing")]
    assert found(teams, ", hand_to: Support") == []
    assert found("", ", rules: {a: Billng}") == []
    assert [code for code, _ in found("", ", hand_to: Support")] == ["OTC394"]
