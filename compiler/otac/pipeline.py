"""The whole story on one screen: read, check the shape, decode, lower, check, emit."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from otac import source
from otac.catalogue import Catalogue, known_components
from otac.check import check, silence, without_follow_ons
from otac.check.outside_names import OutsideName, outside_names
from otac.config.decode import Decoder
from otac.config.model import Config
from otac.config.schema import Schema, compile_schema, configuration_schema
from otac.config.shape import check_shape
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.report import Report
from otac.dialects import (
    Dialect,
    Form,
    Translated,
    body_of,
    recognise,
    use_todays_names,
)
from otac.emit import emit
from otac.emit.layout import Output
from otac.emit.project_files import places
from otac.lower import Lowered, Options, component_names, import_paths, lower
from otac.lower.project import Project
from otac.source.document import Document, Mapping, growing
from otac.source.ignores import ignores
from otac.source.source_text import SourceText

if TYPE_CHECKING:
    from otac.check.environment import ReadVariable


@dataclass(frozen=True, slots=True)
class CompileOptions:
    """What the command line decides.

    `source` is the file name that generated files mention. `config_folder` is the way from the output folder to the configuration's, POSIX, `.`
    where they are the same. `unresolved` is how bad a component is that is not installed
    here. With `strict`, warnings stop the build as errors do. `environment` are the names
    of the variables that runs will have; None where nobody has said. `models` tells
    whether trained models are looked at, `asks` whether `Compiled.world` is wanted.
    """

    source: str = "config.yml"
    config_folder: str = "."
    unresolved: Severity = Severity.ERROR
    strict: bool = False
    environment: frozenset[str] | None = None
    models: bool = True
    asks: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """What a configuration expects of the world, each thing with its place."""

    variables: "tuple[ReadVariable, ...]"
    names: tuple[OutsideName, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """What became of a configuration: everything to say, and the output if it is sound.

    `imports` tells whether modules of the user's or trained models were read. `project` is what the output
    was made from; None where there is none. `dialect` is the form the file was read in.
    """

    report: Report
    output: Output | None = None
    imports: bool = False
    project: Project | None = None
    dialect: Dialect | None = None
    world: World | None = None


def compile_configuration(
    name: str, data: bytes, folder: Path, options: CompileOptions
) -> Compiled:
    """Compile a configuration.

    `name` is the file as the user typed it, `data` its bytes, `folder` where modules that
    it imports are looked for first. Reads nothing else but those modules' source, the
    record of components beside it, the cards of trained models and otac's own data; never raises for anything a file
    can hold.
    """
    text = SourceText.decode(name, data)
    with growing():
        document = source.read(name, data)
        if not isinstance(document, Document):
            return Compiled(Report(text, document))
        comments = ignores(document)
        dialect = recognise(document.root)
        if not isinstance(dialect, Dialect):
            return Compiled(Report(text, (dialect,)))
        canonical = canonical_body(document, dialect, options)
        if canonical.body is None:
            return Compiled(Report(text, canonical.diagnostics), dialect=dialect)
        decoder = Decoder()
        config = decoder.config(canonical.body, list(canonical.damaged))
        # Older forms had no embedded ticket system: their files mean a real one.
        config = config._replace(embeds=dialect.form is Form.TODAY)
        known = known_components(import_paths(config), component_names(config), folder)
        lowered = _lower(config, known.catalogue, options)
        found = (
            *canonical.diagnostics,
            *decoder.diagnostics,
            *known.diagnostics,
            *lowered.diagnostics,
            *check(
                lowered.project,
                document,
                lowered.incomplete,
                known.catalogue,
                options.environment,
                folder if options.models else None,
            ),
        )
        lost = (*canonical.lost, *decoder.lost, *lowered.lost)
        runners = [runner.span for runner in config.runners]
        found = without_follow_ons(found, lost, runners)
        found = silence(comments, _in_its_words(document, dialect, found))
        report = Report(text, found).strict() if options.strict else Report(text, found)
        imports = known.imports or _has_models(lowered.project)
        if report.fails:
            return Compiled(report.without_notes(), None, imports, None, dialect)
        output = replace(
            emit(lowered.project), places=places(lowered.project, document.source)
        )
        world = None
        if options.asks:
            world = _world(lowered.project, document, known.catalogue)
        return Compiled(report, output, imports, lowered.project, dialect, world)


def _world(project: Project, document: Document, catalogue: Catalogue) -> World:
    # Only those who ask pay for reading expressions.
    from otac.check.environment import variables

    return World(
        tuple(variables(project, document)),
        tuple(outside_names(project, document, catalogue)),
    )


def _has_models(project: Project) -> bool:
    return any(
        service.component.name == "TrainedClassifier"
        for service in (*project.services, *project.unused_services)
    )


def canonical_body(
    document: Document, dialect: Dialect, options: CompileOptions
) -> Translated:
    """The body in today's form, whatever form the file has."""
    if dialect.form is not Form.TODAY:
        # Only files in an older form pay for its import.
        from otac.dialects.translate import translate

        return translate(document, dialect.form, options.unresolved)
    shape = check_shape(document.root, _schema(), "the configuration")
    body = body_of(cast(Mapping, document.root)) if shape.fits else None
    if body is not None:
        use_todays_names(body)
    return Translated(
        body, tuple(shape.diagnostics), tuple(shape.damaged), tuple(shape.lost)
    )


def _in_its_words(
    document: Document, dialect: Dialect, found: tuple[Diagnostic, ...]
) -> tuple[Diagnostic, ...]:
    """The findings, speaking of keys by the names that they have in this form."""
    if dialect.form is Form.TODAY:
        return found
    from otac.dialects.vocabulary import in_words_of

    body = body_of(cast(Mapping, document.root))
    return tuple(in_words_of(dialect.form, body, document.text, found))


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
    dialect = recognise(document.root)
    if not isinstance(dialect, Dialect):
        return Report(text, (dialect,))
    canonical = canonical_body(document, dialect, CompileOptions())
    if canonical.body is None:
        return Report(text, canonical.diagnostics)
    return component_names(Decoder().config(canonical.body, list(canonical.damaged)))


@cache
def _schema() -> Schema:
    return compile_schema(configuration_schema())
