"""The whole story on one screen: read, check the shape, decode, lower, check, emit."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from otac import source
from otac.catalogue import Catalogue, known_components
from otac.check import check
from otac.config.decode import Decoder
from otac.config.model import Config
from otac.config.schema import Schema, compile_schema, configuration_schema
from otac.config.shape import check_shape
from otac.diagnostics.diagnostic import Severity
from otac.diagnostics.report import Report
from otac.dialects import refuse_older
from otac.emit import emit
from otac.emit.artifact import Output
from otac.lower import Lowered, Options, component_names, import_paths, lower
from otac.lower.project import Project
from otac.source.document import Document, Mapping, Node
from otac.source.source_text import SourceText


@dataclass(frozen=True, slots=True)
class CompileOptions:
    """What the command line decides.

    `source` is the file name that generated files mention. `config_folder` is the way from the output folder to the configuration's, POSIX, `.`
    where they are the same. `unresolved` is how bad a component is that is not installed
    here. With `strict`, warnings stop the build as errors do.
    """

    source: str = "config.yml"
    config_folder: str = "."
    unresolved: Severity = Severity.ERROR
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """What became of a configuration: everything to say, and the output if it is sound.

    `imports` tells whether modules of the user's were read. `project` is what the output
    was made from; None where there is none.
    """

    report: Report
    output: Output | None = None
    imports: bool = False
    project: Project | None = None


def compile_configuration(
    name: str, data: bytes, folder: Path, options: CompileOptions
) -> Compiled:
    """Compile a configuration.

    `name` is the file as the user typed it, `data` its bytes, `folder` where modules that
    it imports are looked for first. Reads nothing else but those modules' source, the
    record of components beside it and otac's own data; never raises for anything a file
    can hold.
    """
    text = SourceText.decode(name, data)
    with _collector_off():
        document = source.read(name, data)
        if not isinstance(document, Document):
            return Compiled(Report(text, document))
        older = refuse_older(document.root)
        if older is not None:
            return Compiled(Report(text, (older,)))
        shape = check_shape(document.root, _schema(), "the configuration")
        if not shape.fits:
            return Compiled(Report(text, tuple(shape.diagnostics)))
        decoder = Decoder()
        config = decoder.config(_body(document.root), shape.damaged)
        known = known_components(import_paths(config), component_names(config), folder)
        lowered = _lower(config, known.catalogue, options)
        found = (
            *shape.diagnostics,
            *decoder.diagnostics,
            *known.diagnostics,
            *lowered.diagnostics,
            *check(lowered.project, document, lowered.incomplete),
        )
        report = Report(text, found).strict() if options.strict else Report(text, found)
        imports = known.imports
        if report.fails:
            return Compiled(report.without_notes(), None, imports)
        return Compiled(report, emit(lowered.project), imports, lowered.project)


def _lower(config: Config, catalogue: Catalogue, options: CompileOptions) -> Lowered:
    return lower(
        config,
        catalogue,
        Options(
            source=options.source,
            config_folder=options.config_folder,
            unresolved=options.unresolved,
        ),
    )


def components_in_use(name: str, data: bytes) -> tuple[str, ...] | Report:
    """What stands behind `use` in a configuration that need not be right otherwise.

    Import paths of hooks are no components and not among it.
    """
    document = source.read(name, data)
    text = SourceText.decode(name, data)
    if not isinstance(document, Document):
        return Report(text, document)
    older = refuse_older(document.root)
    if older is not None:
        return Report(text, (older,))
    shape = check_shape(document.root, _schema(), "the configuration")
    if not shape.fits:
        return Report(text, tuple(shape.diagnostics))
    return component_names(Decoder().config(_body(document.root), shape.damaged))


def _body(root: Node) -> Mapping:
    """The mapping that holds the configuration; the shape was checked."""
    mapping = cast(Mapping, root)
    return cast(Mapping, mapping.get("open_ticket_ai") or mapping)


@cache
def _schema() -> Schema:
    return compile_schema(configuration_schema())


@contextmanager
def _collector_off() -> Iterator[None]:
    """Keep the garbage collector out: a large tree grows, and nothing in it dies.

    It would visit the whole tree again and again, at three times the cost.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
