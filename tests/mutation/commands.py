"""Everything that otac does with a configuration, up to where a server or a run would begin."""

import json
import random
from datetime import UTC, datetime
from pathlib import Path

from nobody import NOBODY

from otac.cli.configuration import Configuration
from otac.cli.containers import ContainerChoice, with_containers
from otac.deploy.declaration import Declared, ProjectPlace, declare
from otac.diagnostics import (
    concise,
    full,
    github,
    gitlab,
    json_format,
    junit,
    sarif,
)
from otac.diagnostics.diagnostic import Diagnostic
from otac.graph import Known, Links, html, mermaid, sketch, svg
from otac.lsp.completion import complete
from otac.lsp.definition import definition
from otac.lsp.fixes import fixes
from otac.lsp.hover import hover
from otac.lsp.preview import preview
from otac.lsp.rename import references, rename
from otac.lsp.state import State
from otac.lsp.told import ToldSymbols
from otac.lsp.translation import Translation
from otac.migrate import migrate
from otac.output.lock import Inputs
from otac.output.plan import plan
from otac.pipeline import (
    Compiled,
    CompileOptions,
    compile_configuration,
    components_in_use,
)

_FORMATS = (concise, full, github, gitlab, json_format, junit, sarif)
_START = datetime(2026, 3, 28, 22, tzinfo=UTC)


def compile_and_tell(data: bytes, folder: Path) -> Compiled:
    """`check`, in every format."""
    compiled = compile_configuration("config.yml", data, folder, CompileOptions())
    for one in _FORMATS:
        one.render(compiled.report)
    return compiled


def build(compiled: Compiled, folder: Path) -> None:
    """`build` and what it would write, with the files of containers."""
    if compiled.output is None or compiled.project is None:
        return
    here = Configuration("config.yml", b"", folder, folder)
    output = with_containers(
        compiled.output, compiled.project, here, ContainerChoice(True, True)
    )
    if not isinstance(output, Diagnostic):
        plan(folder, output, Inputs("", "", "config.yml", ()))


def draw(compiled: Compiled) -> None:
    """`graph`."""
    if compiled.project is None:
        return
    report = compiled.report.without_notes().discreet()
    picture = sketch(
        compiled.project,
        Known(report.source, report.diagnostics),
        Links("config.yml", "http://127.0.0.1:4200"),
        _START,
    )
    for drawn in (mermaid, svg, html):
        drawn(picture)


def compare(compiled: Compiled, folder: Path) -> None:
    """`plan` and `deploy`, up to the server."""
    if compiled.project is not None and compiled.output is not None:
        declared = declare(
            compiled.project, compiled.output, ProjectPlace(folder), NOBODY
        )
        if isinstance(declared, Declared):
            for one in declared.deployments:
                told = (one.fields, one.schedules, one.triggers)
                # As httpx would: JSON knows neither infinities nor half characters.
                json.dumps(told, allow_nan=False, ensure_ascii=False).encode()


def change_form(data: bytes) -> None:
    """`migrate`, and `components`."""
    migrate("config.yml", data, CompileOptions())
    components_in_use("config.yml", data)


def edit(data: bytes, folder: Path, chance: random.Random) -> None:
    """What an editor asks `lsp`, at a few places."""
    text = data.decode("utf-8", "replace")
    state = State("config.yml", folder, text)
    if not state.is_ours:
        return
    state.read()
    found = state.compiled.report.diagnostics
    state.findings.put(state.text, found)
    translation = Translation("file:///config.yml", state, "utf-16")
    for one in found:
        translation.diagnostic(one)
    ToldSymbols().symbols(state, translation)
    for _ in range(3):
        offset = chance.randrange(len(state.text) + 1)
        complete(state, offset)
        hover(state, offset)
        definition(state, offset)
        references(state, offset)
        rename(state, offset, chance.choice(("b", "group", "", "a b", "x.y", "\n")))
        fixes(state, offset, min(len(state.text), offset + 40))
        preview(state, offset)
