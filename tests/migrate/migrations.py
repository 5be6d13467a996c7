"""What holds for every migrated file."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from otac.diagnostics.diagnostic import Severity
from otac.dialects import Form
from otac.migrate import Migrated, migrate
from otac.pipeline import Compiled, CompileOptions, compile_configuration
from otac.source.comments import remarks
from otac.source.source_text import SourceText

# Said of the old form: that it is none, its slips, and what has no counterpart. A condition that was
# always false there is written `false`, which nobody has to be told of.
_OF_THE_OLD = {"OTC212", "OTC213", "OTC217", "OTC348", "OTC382"}
# Forms whose pipes and keys become parts of one step, in that step's order.
_REARRANGED = (
    *(Form.ONE_MODEL, Form.TWO_MODELS, Form.NAMED_PIPES, Form.WIRED_PARTS),
    *(Form.GROUPED_MODELS, Form.PIPELINE_STEPS, Form.DEFINED_PIPES),
)
# Conclusions about a runner are not drawn where it has errors, as it has once the steps
# that it shared with others stand in it.
_OF_A_RUNNER = {"OTC368", "OTC381", "OTC385", "OTC386"}


def comments(data: bytes) -> list[str]:
    """All comments of a file that could be read."""
    text = SourceText.decode("", data).text
    return [remark.text for remark in remarks(text).all if remark.text]


def compiled(data: bytes, folder: Path) -> Compiled:
    """As `otac check` compiles it, under one name whatever the file's."""
    options = CompileOptions(unresolved=Severity.WARNING)
    return compile_configuration("config.yml", data, folder, options)


def check_migration(data: bytes, folder: Path, *, order: bool = True) -> Migrated:
    """Migrate, and expect of the result what is promised of every one.

    With `order`, comments keep theirs, as they do where nothing moves.
    """
    migrated = migrate("config.yml", data, CompileOptions())
    if migrated.data is None:
        assert migrated.report.fails
        return migrated
    if migrated.is_current:
        assert migrated.data == data
        return migrated
    before, after = compiled(data, folder), compiled(migrated.data, folder)
    assert after.dialect is not None
    assert after.dialect.form is Form.TODAY
    silent = _OF_THE_OLD | {"OTC330"}
    if before.report.fails:
        silent |= _OF_A_RUNNER
    if "OTC327" in _codes(before):
        # Today's form has an embedded ticket system where none is defined, and says so.
        silent |= {"OTC327"}
    if "OTC321" in _codes(before):
        # Whether a misspelt parameter is taken for the missing one depends on the names.
        silent |= {"OTC322"}
    assert _codes(after) - silent == _codes(before) - silent
    if "OTC327" not in _codes(before):
        assert _files(after) == _files(before)
    again = migrate("config.yml", migrated.data, CompileOptions())
    assert again.is_current
    old, new = comments(data), comments(migrated.data)
    order = order and migrated.form not in _REARRANGED
    assert (old == new) if order else (Counter(old) == Counter(new))
    return migrated


def _codes(of: Compiled) -> set[str]:
    return {found.code for found in of.report.diagnostics}


def _files(of: Compiled) -> object:
    """What a build would write, without the lines that the lock keeps."""
    return None if of.output is None else replace(of.output, places={})
