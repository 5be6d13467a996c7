"""One file for each form: `before.yml` becomes `after.yml`, to the byte."""

from pathlib import Path

import pytest
from migrations import check_migration, compiled

FORMS = sorted((Path(__file__).parent / "forms").iterdir())
WALK = sorted((Path(__file__).parents[2] / "docs" / "migrating").iterdir())


@pytest.mark.parametrize("folder", FORMS, ids=lambda folder: folder.name)
def test_a_form(folder: Path) -> None:
    before = (folder / "before.yml").read_bytes()
    # Where there are merges, comments follow what is written out where it is used.
    migrated = check_migration(before, folder, order=b"<<" not in before)
    assert migrated.data is not None
    assert migrated.data.decode() == (folder / "after.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", FORMS, ids=lambda folder: folder.name)
def test_both_files_build(folder: Path) -> None:
    for name in ("before.yml", "after.yml"):
        assert compiled((folder / name).read_bytes(), folder).output is not None


@pytest.mark.parametrize("file", WALK, ids=lambda file: file.stem)
def test_a_file_of_the_documentation(file: Path) -> None:
    """Before it is corrected; `tests/diagnostics_pages` has what the page shows."""
    data = file.read_bytes()
    check_migration(data, file.parent, order=b"<<" not in data)
