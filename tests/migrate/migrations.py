"""What holds for every migrated file."""

from collections import Counter
from pathlib import Path

from otac.diagnostics.diagnostic import Severity
from otac.dialects import Form
from otac.migrate import Migrated, migrate
from otac.pipeline import Compiled, CompileOptions, compile_configuration
from otac.source.comments import remarks
from otac.source.source_text import SourceText

# Said of the old form: that it is none, and what has no counterpart.
_OF_THE_OLD = {"OTC212", "OTC213"}


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
    assert _codes(after) == _codes(before) - _OF_THE_OLD
    assert after.output == before.output
    again = migrate("config.yml", migrated.data, CompileOptions())
    assert again.is_current
    old, new = comments(data), comments(migrated.data)
    assert (old == new) if order else (Counter(old) == Counter(new))
    return migrated


def _codes(of: Compiled) -> set[str]:
    return {found.code for found in of.report.diagnostics}
