"""`otac migrate` with corrections and answers, where nobody is asked: what it writes and says."""

from pathlib import Path

import pytest

from command import SOUND, Finished, otac

OLD = """\
system:
  server_address: "https://helpdesk.example.com"
  webservice_name: "OTACWS"
  username: "otac"
  password_env_var: "OTOBO_PASSWORD"
filter_by_queue: "Incoming"   # all mail
hf_model: acme/queues
hf_token_env_var: HF_TOKEN
confidence_threshold: 0.8
low_confidence_queue: "Unsorted"
run_every_milli_seconds: 1
"""
OTOBO = "https://helpdesk.example.com/otobo/nph-genericinterface.pl"
ANSWER = f"helpdesk-address={OTOBO}"
# A misspelt key, a name that may have been another, and a password.
LATER = """\
open_ticket_ai:
  services:
    desk:
      use: OTOBOZnunyTicketSystem
      base_url: https://desk.example.com/otobo/nph-genericinterface.pl
      username: otac
      password: hunter2
  orchestrator:
    - run_every_milli_seconds: 60000
      pipe:
        id: triage
        use: CheckEscalations
        injects: {ticket_system: desk}
        params: {max_age: 2}
"""


def write(folder: Path, text: str, name: str = "old.yml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def migrate(folder: Path, *options: str) -> Finished:
    return otac("migrate", "old.yml", *options, cwd=folder)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_questions_are_listed_with_their_keys_and_choices(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    finished = migrate(tmp_path, "-o", "new.yml", "--format", "concise")
    assert finished.status == 1
    assert finished.err.endswith(
        "\nquestions, and how to answer them:\n"
        "old.yml:2:19: `server_address` does not say where the web services are\n"
        f"  --answer {ANSWER}  # the helpdesk is an OTOBO (proposed)\n"
        f"  --answer {ANSWER.replace('otobo', 'znuny')}  # the helpdesk is a Znuny\n"
        "  --answer helpdesk-address=...  # any other text\n"
        "old.yml:11:1: `run_every_milli_seconds` is shorter than anything can run\n"
        "  --answer 'interval=10 s'  # often enough (proposed)\n"
        "  --answer 'interval=0.1 s'  # as often as possible\n"
    )
    assert files(tmp_path) == ["old.yml"]


def test_proposals_are_accepted(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    finished = migrate(tmp_path, "--accept", "-o", "new.yml")
    assert (finished.status, finished.out) == (0, "")
    assert (
        "old.yml:2:19: OTC216 `server_address` does not say where the web services are:"
        f" replace with `{OTOBO}` (to be confirmed: only the author of the file knows)\n"
        '    - server_address: "https://helpdesk.example.com"\n'
        f'    + server_address: "{OTOBO}"\n' in finished.err
    )
    new = (tmp_path / "new.yml").read_text(encoding="utf-8")
    assert f'base_url: "{OTOBO}"' in new
    assert "interval_seconds: 10\n" in new
    assert 'queue: "Incoming"  # all mail' in new
    assert otac("build", "new.yml", cwd=tmp_path).status == 0
    # Once more it is the same.
    assert migrate(tmp_path, "--accept", "-o", "new.yml").status == 0
    assert (tmp_path / "new.yml").read_text(encoding="utf-8") == new


def test_answers_come_from_a_file_and_from_the_command_line(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    write(tmp_path, f"helpdesk-address: {OTOBO}\ninterval: 10 s\n", "answers.yml")
    options = ("--answers", "answers.yml", "--answer", "interval=0.1 s")
    finished = migrate(tmp_path, *options, "-o", "-", "-q")
    assert finished.status == 0
    assert f'base_url: "{OTOBO}"' in finished.out
    assert "interval_seconds: 0.1\n" in finished.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--answer", "intervall=10 s"), "did you mean `interval`?"),
        (("--answer", "colour=red"), "it asks `helpdesk-address` or `interval`"),
        (("--answer", "interval=often"), "write `0.1 s` or `10 s`"),
        (("--answer", "interval"), "write it as KEY=VALUE"),
        (("--unsafe-fixes",), "`--unsafe-fixes` needs `--fix`"),
        (("--fix", "--explain"), "`--explain` is about"),
        (("--fix", "-o", "-", "--format", "json"), "both go to standard output"),
    ],
)
def test_what_does_not_fit_writes_nothing(
    options: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    path = write(tmp_path, OLD)
    finished = migrate(tmp_path, *options)
    assert (finished.status, finished.out) == (2, "")
    assert said in finished.err
    assert path.read_text(encoding="utf-8") == OLD


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("- interval", 1, "answers.yml:1:1: OTC204 answers are a mapping"),
        ("interval: [1]", 1, "answers.yml:1:11: OTC204 answers are a mapping"),
        ("interval: [", 1, "answers.yml:1:"),
        (None, 3, "OTC505"),
    ],
)
def test_a_file_of_answers_that_is_none(
    text: str | None, status: int, said: str, tmp_path: Path
) -> None:
    write(tmp_path, OLD)
    if text is not None:
        write(tmp_path, text, "answers.yml")
    finished = migrate(tmp_path, "--answers", "answers.yml", "--format", "concise")
    assert (finished.status, finished.out) == (status, "")
    assert said in finished.err


def test_corrections_are_made_and_the_reasons_written_down(tmp_path: Path) -> None:
    path = write(tmp_path, LATER)
    options = ("--fix", "--unsafe-fixes", "--explain", "-o", "new.yml")
    finished = migrate(tmp_path, *options)
    assert finished.status == 0
    assert "hunter2" not in finished.err + finished.out
    assert "    - password: *******\n" in finished.err
    assert (tmp_path / "new.yml").read_text(encoding="utf-8") == (
        "open_ticket_ai:\n"
        "  services:\n"
        "    desk:\n"
        "      use: OTOBOZnunyTicketSystem\n"
        "      base_url: https://desk.example.com/otobo/nph-genericinterface.pl\n"
        "      username: otac\n"
        "      # otac: `password` is written into the configuration: set the variable "
        "where runs happen\n"
        "      password: \"{{ get_env('DESK_PASSWORD') }}\"\n"
        "  orchestrator:\n"
        "    defaults:\n"
        "      on_error: fail_at_end\n"
        "    runners:\n"
        "      - pipe_id: triage\n"
        "        interval_seconds: 60\n"
        "        pipe:\n"
        "          id: triage\n"
        "          use: CheckEscalations\n"
        "          injects: {ticket_system: desk}\n"
        "          # otac: `CheckEscalations` has no parameter `max_age`: another name "
        "may have been meant\n"
        "          max_age_hours: 2\n"
    )
    assert "  1. set DESK_PASSWORD where runs happen\n" in finished.err
    assert path.read_text(encoding="utf-8") == LATER


def test_what_is_only_plausible_is_left(tmp_path: Path) -> None:
    write(tmp_path, LATER)
    finished = migrate(tmp_path, "--fix", "-o", "new.yml", "--format", "concise")
    assert finished.status == 1
    assert "new.yml:18:" in finished.err
    assert "`CheckEscalations` has no parameter `max_age`" in finished.err
    assert "next:" not in finished.err


def test_a_broken_file_behind_which_an_old_form_hides(tmp_path: Path) -> None:
    write(
        tmp_path,
        OLD.replace("hf_model: ", "hf_model ").replace('"Unsorted"', '"Unsorted'),
    )
    finished = migrate(tmp_path, "--fix", "--accept", "-o", "new.yml")
    assert finished.status == 0
    assert 'low_confidence_queue: "Unsorted"' in (tmp_path / "new.yml").read_text()


def test_a_file_that_cannot_be_rewritten_says_why(tmp_path: Path) -> None:
    write(tmp_path, OLD.replace("filter_by_queue", "colour"))
    finished = migrate(tmp_path, "--fix", "--accept", "-o", "new.yml")
    assert finished.status == 1
    assert "old.yml: not rewritten" in finished.err
    assert files(tmp_path) == ["old.yml"]


def test_a_key_beside_the_body_moves_where_any_may_be(tmp_path: Path) -> None:
    """Old forms took any key there, as otac reads them."""
    write(tmp_path, "schema: x\n" + LATER.replace("max_age", "max_age_hours"))
    for number, options in enumerate(((), ("--fix",))):
        assert migrate(tmp_path, *options, "-o", f"{number}.yml").status == 0
        new = (tmp_path / f"{number}.yml").read_text(encoding="utf-8")
        assert new.startswith("x-schema: x\n")
        assert otac("check", f"{number}.yml", cwd=tmp_path).status == 0


def test_no_file_and_no_link_is_overwritten(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    write(tmp_path, "mine", "new.yml")
    (tmp_path / "link.yml").symlink_to("nowhere.yml")
    for name in ("new.yml", "link.yml"):
        for options in (("--accept",), ()):
            text = write(tmp_path, OLD if options else SOUND)
            finished = migrate(tmp_path, *options, "-o", name)
            assert finished.status == 3
            assert "OTC507" in finished.err
            assert text.is_file()
    assert (tmp_path / "new.yml").read_text(encoding="utf-8") == "mine"
    assert files(tmp_path) == ["link.yml", "new.yml", "old.yml"]


def test_answers_can_be_standard_input_but_not_both(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    options = ("--answers", "-", "-o", "-", "-q")
    answers = f"helpdesk-address: {OTOBO}\n"
    finished = otac("migrate", "old.yml", *options, cwd=tmp_path, input=answers)
    assert (finished.status, f'base_url: "{OTOBO}"' in finished.out) == (0, True)
    wrong = otac("migrate", "-", *options, cwd=tmp_path, input=answers)
    assert (wrong.status, wrong.out) == (2, "")


def test_where_nothing_can_be_written_nothing_is_lost(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    for name in ("missing/new.yml", "old.yml/new.yml"):
        finished = migrate(tmp_path, "--accept", "-o", name)
        assert finished.status == 3
        assert "error[OTC50" in finished.err
    assert files(tmp_path) == ["old.yml"]


def test_two_configurations_in_one_file_are_asked_about(tmp_path: Path) -> None:
    """No answer is taken for granted, and nothing is written."""
    both = OLD + "runners: []\norchestrator:\n  steps: [{id: a, use: b}]\n"
    write(tmp_path, both)
    finished = migrate(tmp_path, "--fix", "--unsafe-fixes", "-o", "new.yml")
    assert finished.status == 1
    assert files(tmp_path) == ["old.yml"]


def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    path = write(tmp_path, LATER)
    path.chmod(0o444)
    finished = migrate(tmp_path, "--fix", "--unsafe-fixes")
    assert finished.status == 3
    assert "OTC501" in finished.err
    assert path.read_text(encoding="utf-8") == LATER


def test_the_difference_writes_nothing_and_repeats_no_credential(
    tmp_path: Path,
) -> None:
    write(tmp_path, LATER)
    finished = migrate(tmp_path, "--fix", "--unsafe-fixes", "--diff")
    assert "-      password: *******\n" in finished.out
    assert "hunter2" not in finished.out + finished.err
    assert files(tmp_path) == ["old.yml"]
