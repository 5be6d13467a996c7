"""Workflow commands: their escapes are what GitHub undoes."""

from report_of_everything import NOTHING, REPORT

from otac.diagnostics import github


def test_commands() -> None:
    assert github.render(REPORT).splitlines() == [
        (
            "::error title=OTC301,file=conf/my config.yml,line=1,endLine=1,col=8,endColumn=9"
            "::unknown `x`%0Ahelp: did you mean `y`?"
        ),
        (
            "::warning title=OTC334,file=conf/my config.yml,line=3,endLine=4"
            "::100%25: two%0Alines, ␛[31m"
        ),
        "::notice title=OTC330::decided \ufffe",
        "::error title=OTC401,file=generated/a%2Cb.py::edited",
    ]


def test_nothing_found_is_nothing_said() -> None:
    assert github.render(NOTHING) == ""
