"""Every folder of `cases/` compiles to exactly what its `expected/` says.

`pytest tests/test_cases.py --snapshot-update` writes what is new and removes what is no
longer produced. A feature arrives as a folder; a bug first as a failing one.
"""

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

from case import CASES, Case, cases


class Expected(SingleFileSnapshotExtension):
    """Each file as itself, below the case's own folder."""

    file_extension = ""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        name = test_location.snapshot_name.partition("[")[2].removesuffix("]")
        return str(CASES / name / "expected")

    @classmethod
    def get_file_basename(
        cls, *, test_location: PyTestLocation, index: SnapshotIndex
    ) -> str:
        return str(Path(str(index)))

    @classmethod
    def matches_test_location(
        cls, *, test_location: PyTestLocation, snapshot_location: str
    ) -> bool:
        return (
            Path(cls.dirname(test_location=test_location))
            in Path(snapshot_location).parents
        )


@pytest.mark.parametrize("case", cases(), ids=str)
def test_case(case: Case, snapshot: SnapshotAssertion) -> None:
    produced = case.produce()
    vanished = {p: file for p, file in case.expected().items() if p not in produced}
    if snapshot.update_snapshots:
        for file in vanished.values():
            file.unlink()
    else:
        assert sorted(vanished) == []
    expected = snapshot.use_extension(Expected)
    for path, content in produced.items():
        assert content == expected(name=path), path
