"""One file for each form: `before.yml` becomes `after.yml`, to the byte."""

from pathlib import Path

import pytest
from migrations import check_migration, compiled

FORMS = sorted((Path(__file__).parent / "forms").iterdir())


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


def test_the_documentation_shows_what_happens() -> None:
    page = Path(__file__).parents[2] / "docs" / "migrating.md"
    old, new = (
        block.partition("```")[0]
        for block in page.read_text(encoding="utf-8").split("```yaml\n")[1:]
    )
    migrated = check_migration(old.encode(), page.parent)
    assert migrated.data is not None
    assert migrated.data.decode() == new
    assert compiled(old.encode(), page.parent).output is not None
