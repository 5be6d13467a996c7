"""The model behind `How large?` in docs/operations.md, and the table there."""

from pathlib import Path

import pytest
from benchmarks.fleet_simulation import Fleet, main, simulate

_PAGE = Path(__file__).parents[2] / "docs" / "operations.md"


def test_the_page_has_the_table_that_the_model_prints(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["fleet_simulation"])
    main()
    assert capsys.readouterr().out in _PAGE.read_text("utf-8")


@pytest.mark.parametrize(
    ("cores", "start", "servers", "server", "most"),
    [
        # Two cores at three seconds each, and a server with nothing to do.
        (2, 3.0, 4, 0.01, 40.0),
        # A server that takes a second for each run.
        (8, 0.1, 1, 1.0, 60.0),
    ],
)
def test_no_more_runs_end_than_there_is_time_for(
    cores: int, start: float, servers: int, server: float, most: float
) -> None:
    fleet = Fleet(600, 60.0, 1, cores, servers, start, server)
    found = simulate(fleet)
    assert 0.85 * most < found.minute <= 1.05 * most
    assert found.broken == ("workers" if start > server else "servers")
    assert found.late[1] > 60


def test_where_there_is_room_runs_are_late_by_a_poll_at_most() -> None:
    found = simulate(Fleet(20, 60.0, 1, 2, 1, 0.5, 0.2))
    assert found.broken == "nothing"
    assert found.minute == pytest.approx(20, rel=0.1)
    assert found.late[1] < 15
    assert simulate(Fleet(20, 60.0, 1, 2, 1, 0.5, 0.2)) == found
