"""`otac migrate --anonymize`: nobody can be recognised, and otac says the same."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case import cases
from command import otac
from otac.pipeline import CompileOptions, compile_configuration
from otac.rescue.anonymous import anonymous
from otac.source.source_text import Place, SourceText

OURS = """\
# Ask Frau Kowalczyk in Heidelberg, 06221 445566
open_ticket_ai:
  services:
    stadtwerke:
      use: "otobo-znuny:OTOBOZnunyTicketSystemService"
      params: {base_url: "https://desk.stadtwerke-xanadu.example", username: root@locallhost, password: hunter2}
  orchestrator:
    use: "base:SimpleSequentialOrchestrator"
    steps:
      - id: posteingang
        use: "base:SimpleSequentialRunner"
        parms:
          on: {use: "base:IntervalTrigger", params: {interval: "PT5M"}}
          run:
            use: "base:AddNotePipe"
            injects: {ticket_system: stadtwerk}
            params:
              ticket_id: "{{ get_pipe_result('posteingangg') }}"
              note: {subject: "Rohrbruch", body: "Dear Mr Kowalczyk, please call us at 10.20.30.40"}
"""
THEIRS = ("kowalczyk", "heidelberg", "445566", "stadtwerk", "xanadu", "hunter2")
THEIRS += ("posteingang", "rohrbruch", "dear", "please call", "10.20")


def test_nothing_is_left_of_names_addresses_texts_and_credentials(
    tmp_path: Path,
) -> None:
    (tmp_path / "old.yml").write_text(OURS, encoding="utf-8")
    finished = otac("migrate", "old.yml", "--anonymize", cwd=tmp_path)
    assert finished.status == 0
    assert not [one for one in THEIRS if one in finished.out.casefold()]
    # What otac knows is still there, mistakes in it, too.
    for word in ("OTOBOZnunyTicketSystemService", "parms:", "root@locallhost", "PT5M"):
        assert word in finished.out
    said = re.fullmatch(
        r"old.yml: (\d+) findings, and the same in this one\nread it .*\n", finished.err
    )
    assert said is not None
    assert int(said[1]) > 0


def test_it_is_written_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "old.yml").write_bytes(OURS.replace("\n", "\r\n").encode("utf-16"))
    options = ("migrate", "old.yml", "--anonymize", "-o", "shared.yml")
    assert otac(*options, cwd=tmp_path).status == 0
    shared = (tmp_path / "shared.yml").read_bytes().decode("utf-16")
    assert shared.count("\r\n") == OURS.count("\n")
    assert "OTC507" in otac(*options, cwd=tmp_path).err
    wrong = otac("migrate", "old.yml", "--anonymize", "--fix", cwd=tmp_path)
    assert (wrong.status, wrong.out) == (2, "")


@pytest.mark.parametrize("text", ["a: [", "\t- x", "", "key: 'open\nother: b", "\x00"])
def test_a_file_that_cannot_be_read_is_shared_too(text: str, tmp_path: Path) -> None:
    (tmp_path / "old.yml").write_text(f"{text}\n# Kowalczyk", encoding="utf-8")
    finished = otac("migrate", "old.yml", "--anonymize", cwd=tmp_path)
    assert finished.status == 0
    assert "Kowalczyk" not in finished.out


def found(text: str, folder: Path) -> list[tuple[str, Place]]:
    data = text.encode("utf-8", "surrogatepass")
    report = compile_configuration("x", data, folder, CompileOptions()).report
    return sorted(
        (one.code, report.source.place(0 if one.span is None else one.span.start))
        for one in report.diagnostics
    )


def test_golden_cases_are_answered_the_same() -> None:
    """Nearly all of them: some are about single letters of a user's own names.

    Not those with modules of their own, which keep their names.
    """
    differing = []
    several = [one for one in cases() if len(list(one.folder.iterdir())) == 2][::3]
    for case in several:
        data = (case.folder / "config.yml").read_bytes()
        text = SourceText.decode("x", data).text
        if found(text, case.folder) != found(anonymous(text), case.folder):
            differing.append(case.folder.name)
    assert len(differing) <= len(several) // 12, differing


@given(st.text(max_size=60))
def test_no_character_moves(text: str) -> None:
    assert len(anonymous(text)) == len(text)
    assert anonymous(text).count("\n") == text.count("\n")
