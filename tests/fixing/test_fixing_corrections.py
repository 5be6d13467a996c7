"""What is corrected, in which class, and what is taken back."""

from pathlib import Path
from time import process_time

import pytest
from corrected import compiled, corrected, errors

from otac.diagnostics.edit import Safety
from otac.fixing import fix
from otac.pipeline import Compiled

HEAD = """\
services: {desk: {use: SqliteTicketSystem, params: {path: a.db}}}
orchestrator:
  runners:
    - pipe_id: one
"""
SOUND = HEAD + "      pipe: {use: CheckEscalations}\n"
STEPS = (
    HEAD
    + """\
      pipe:
        steps:
          - {id: fetch, use: FetchTickets, ticket_search_criteria: {limit: 1}}
          - {id: say, use: Expression, expression: "{{ EXPR }}"}
"""
)
ONE = "one: {use: SqliteTicketSystem, params: {path: b.db}}, desk:"
TWO = SOUND.replace("{desk:", "{" + ONE)
BLOCK = SOUND.replace("{use: CheckEscalations}", "\n        use: CheckEscalations")

LABELS = (
    """\
services:
  words:
    use: KeywordClassifier
    params:
      labels:
        "Science/*": [science]
        "*": [others]
"""
    + HEAD.partition("\n")[2]
    + "      pipe: {use: Classify, text: a}\n"
)

CERTAIN = {
    "a misspelt key": (SOUND.replace("runners", "runers"), SOUND),
    "a word of another tool": (
        SOUND + "      enabled: false\n",
        SOUND + "      active: false\n",
    ),
    "two mistakes, each of which hides the other": (
        SOUND.replace("pipe_id: one", "pipe_id one") + "      tags [late]\n",
        SOUND + "      tags: [late]\n",
    ),
    "a key given twice the same": (BLOCK + "        use: CheckEscalations\n", BLOCK),
    "an open bracket": (SOUND.replace("Escalations}", "Escalations"), SOUND),
    "an open quote": (
        SOUND + '      description: "late\n',
        SOUND + '      description: "late"\n',
    ),
    "an open quote above a key in quotes": (
        LABELS.replace('"Science/*":', '"Science/*:'),
        LABELS,
    ),
    "an equals sign behind a name of several words": (
        LABELS.replace('"*": [', "IT Support/old = ["),
        LABELS.replace('"*": [', "IT Support/old: ["),
    ),
    "a missing comma": (
        SOUND.replace("Escalations}", "Escalations retries: 2}"),
        SOUND.replace("Escalations}", "Escalations, retries: 2}"),
    ),
    "a line too far to the right": (
        SOUND.replace("      pipe:", "          pipe:"),
        SOUND,
    ),
    "a list in place of a composite": (
        HEAD + "      pipe:\n      - use: CheckEscalations\n        retries: 1\n",
        HEAD
        + "      pipe:\n        steps:\n        - use: CheckEscalations\n"
        + "          retries: 1\n",
    ),
    "a step in place of a list": (
        HEAD + "      pipe:\n        steps:\n          use: CheckEscalations\n"
        "          retries: 1\n",
        HEAD + "      pipe:\n        steps:\n          - use: CheckEscalations\n"
        "            retries: 1\n",
    ),
    "the key of a result": (
        STEPS.replace("EXPR", "get_pipe_result('fetch') | length"),
        STEPS.replace("EXPR", "get_pipe_result('fetch', 'fetched_tickets') | length"),
    ),
    "what a call returns, asked for behind it": (
        STEPS.replace("EXPR", "get_pipe_result('fetch')['fetched_tickets'] | length"),
        STEPS.replace("EXPR", "get_pipe_result('fetch', 'fetched_tickets') | length"),
    ),
    "a result as early releases kept them": (
        STEPS.replace("EXPR", "pipes.fetch.fetched_tickets | length"),
        STEPS.replace("EXPR", "get_pipe_result('fetch', 'fetched_tickets') | length"),
    ),
    "a service among the parameters": (
        SOUND.replace("Escalations}", "Escalations, ticket_system: desk}"),
        SOUND.replace("Escalations}", "Escalations, injects: {ticket_system: desk}}"),
    ),
    "a key without an effect": (SOUND + "      window_seconds: 60\n", SOUND),
}
UNSAFE = {
    "a parameter with a longer name": (
        SOUND.replace("Escalations}", "Escalations, max_age: 2}"),
        SOUND.replace("Escalations}", "Escalations, max_age_hours: 2}"),
        Safety.CONFIRM,
    ),
    "a colon is missing in several words": (
        SOUND + "      description Routes all tickets\n",
        SOUND + "      description: Routes all tickets\n",
        Safety.CONFIRM,
    ),
    "a credential": (
        SOUND.replace(
            "SqliteTicketSystem, params: {path: a.db}",
            REMOTE := (
                "OTOBOZnunyTicketSystem, base_url: 'https://h/otobo/nph-genericinterface.pl', "
                "username: u, password: hunter2"
            ),
        ),
        SOUND.replace(
            "SqliteTicketSystem, params: {path: a.db}",
            REMOTE.replace("hunter2", "\"{{ get_env('DESK_PASSWORD') }}\""),
        ),
        Safety.PLACEHOLDER,
    ),
    "a credential that is missing": (
        SOUND.replace(
            "SqliteTicketSystem, params: {path: a.db}",
            REMOTE.replace(", password: hunter2", ""),
        ),
        SOUND.replace(
            "SqliteTicketSystem, params: {path: a.db}",
            REMOTE.replace(", password: hunter2", "").replace(
                "base_url", "password: \"{{ get_env('HELPDESK_PASSWORD') }}\", base_url"
            ),
        ),
        Safety.PLACEHOLDER,
    ),
    "one of two services": (
        TWO.replace(
            "{use: CheckEscalations}", "\n        use: CheckEscalations  # daily"
        ),
        TWO.replace(
            "{use: CheckEscalations}",
            "\n        use: CheckEscalations  # daily\n"
            "        injects: {ticket_system: one}",
        ),
        Safety.CONFIRM,
    ),
}


@pytest.mark.parametrize(("wrong", "right"), CERTAIN.values(), ids=CERTAIN)
def test_what_is_certain(wrong: str, right: str, tmp_path: Path) -> None:
    fixed = corrected(wrong.encode(), tmp_path)
    assert fixed.data.decode() == right
    assert {made.correction.safety for made in fixed.made} == {Safety.CERTAIN}
    assert not errors(fixed.compiled)


@pytest.mark.parametrize(("wrong", "right", "safety"), UNSAFE.values(), ids=UNSAFE)
def test_what_has_to_be_asked_for(
    wrong: str, right: str, safety: Safety, tmp_path: Path
) -> None:
    assert corrected(wrong.encode(), tmp_path).data.decode() == wrong
    fixed = corrected(wrong.encode(), tmp_path, unsafe=True)
    assert fixed.data.decode() == right
    assert [made.correction.safety for made in fixed.made] == [safety]
    assert fixed.made[0].correction.reason


@pytest.mark.parametrize(
    ("name", "known"),
    [("fetch_c", "fetch_a"), ("mail_in", "mail_on"), ("queue_de", "queue_en")],
)
def test_a_name_of_the_authors_own_is_not_guessed(
    name: str, known: str, tmp_path: Path
) -> None:
    text = STEPS.replace("id: fetch", f"id: {known}")
    asked = text.replace("EXPR", f"get_pipe_result('{name}', 'fetched_tickets')")
    fixed = corrected(asked.encode(), tmp_path)
    assert (fixed.made, fixed.undone) == ((), ())


def test_of_two_names_just_as_near_none_is_taken(tmp_path: Path) -> None:
    steps = STEPS.replace(
        "          - {id: say",
        "          - {id: patches, use: FetchTickets, ticket_search_criteria: {limit: 1}}\n"
        "          - {id: batches, use: FetchTickets, ticket_search_criteria: {limit: 1}}\n          - {id: say",
    )
    text = steps.replace("EXPR", "get_pipe_result('catches', 'fetched_tickets')")
    assert corrected(text.encode(), tmp_path).made == ()
    # One alone would be clear.
    text = text.replace("id: patches", "id: other")
    (made,) = corrected(text.encode(), tmp_path).made
    assert made.correction.title == "replace with `batches`"


def test_a_word_that_means_another_thing_is_for_nobody(tmp_path: Path) -> None:
    text = (
        HEAD
        + """\
      pipe:
        params: {ticket_field: a}
        steps: [{use: Expression, expression: "{{ config.ticket_id }}"}]
"""
    )
    assert corrected(text.encode(), tmp_path, unsafe=True).made == ()


def test_what_brings_another_error_is_taken_back(tmp_path: Path) -> None:
    text = SOUND.replace(
        "SqliteTicketSystem, params: {path: a.db}", "SqliteTicketSytem"
    )
    fixed = corrected(text.encode(), tmp_path)
    assert fixed.data.decode() == text
    (undone,) = fixed.undone
    assert undone.brings is not None
    assert undone.brings.message == "`SqliteTicketSystem` needs `path`"


def test_others_are_made_all_the_same(tmp_path: Path) -> None:
    text = SOUND.replace(
        "SqliteTicketSystem, params: {path: a.db}", "SqliteTicketSytem"
    )
    fixed = corrected((text + "      tagz: [a]\n").encode(), tmp_path)
    assert fixed.data.decode() == text + "      tags: [a]\n"


def test_a_warning_is_not_answered_by_changing_what_a_file_does() -> None:
    case = (
        Path(__file__).parents[1] / "cases/parameters-that-look-like-keys-are-warned-of"
    )
    data = (case / "config.yml").read_bytes()
    fixed = corrected(data, case)
    assert (fixed.made, fixed.data) == ((), data)
    asked = corrected(data, case, unsafe=True)
    assert {made.found.code for made in asked.made} == {"OTC334"}


_BEHIND = {
    "its correction is made as well": (
        "CheckEscalatoins, max_age_hours: 2, tagz: [a]",
        "CheckEscalations, max_age_hours: 2, tags: [a]",
        200,
    ),
    "no correction is certain": (
        "CheckEscalatoins, max_age: 2",
        "CheckEscalatoins, max_age: 2",
        0,
    ),
}


@pytest.mark.parametrize(("wrong", "right", "count"), _BEHIND.values(), ids=_BEHIND)
def test_another_mistake_behind_each_of_a_hundred(
    wrong: str, right: str, count: int, tmp_path: Path
) -> None:
    def runners(step: str) -> str:
        lines = (
            f"    - {{pipe_id: r{n}, pipe: {{use: {step}}}}}\n" for n in range(100)
        )
        return HEAD.replace("    - pipe_id: one\n", "") + "".join(lines)

    trials = 0

    def again(data: bytes) -> Compiled:
        nonlocal trials
        trials += 1
        return compiled(data, tmp_path)

    before = runners(wrong).encode()
    fixed = fix(before, compiled(before, tmp_path), again)
    assert fixed.data.decode() == runners(right)
    assert len(fixed.made) == count
    assert len(fixed.undone) == 100 - count // 2
    # One after the other they would be hundreds.
    assert trials < 50


def test_two_hundred_findings_in_two_seconds(tmp_path: Path) -> None:
    runners = "".join(
        f"    - {{pipe_id: r{n}, tagz: [a], pipe: {{use: CheckEscalatoins}}}}\n"
        for n in range(100)
    )
    text = SOUND + runners
    begun = process_time()
    fixed = corrected(text.encode(), tmp_path)
    took = process_time() - begun
    assert len(fixed.made) == 200
    assert not errors(fixed.compiled)
    assert took < 2
