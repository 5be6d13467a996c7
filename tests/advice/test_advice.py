"""What people type, wherever they may type it: the advice, taken, makes the file right.

Each mistake is put into a configuration that is right without it. What is proposed there
is typed in by the test, again and again, until nothing more is proposed.
"""

from pathlib import Path
from typing import NamedTuple

import pytest
from typed_help import CODES, typed

from case import cases
from otac.diagnostics.correction import correction
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.report import Report
from otac.pipeline import CompileOptions, compile_configuration

_RIGHT = """\
services:
  helpdesk:
    use: OTOBOZnunyTicketSystem
    base_url: "https://helpdesk.example/otobo/nph-genericinterface.pl"
    password: "{{ get_env('PASSWORD') }}"
    queues: {Billing: invoices}
notifications:
  - {id: ops, use: slack, on: [failed], in_flow: true, url: "{{ secret('ops') }}"}
orchestrator:
  defaults:
    retries: 1
  runners:
    - pipe_id: route
      interval_seconds: 300
      active: true
      timeout_seconds: 60
      pipe:
        steps:
          - id: fetch
            use: FetchTickets
            ticket_search_criteria: {queue: {name: Raw}}
          - id: note
            if: "{{ has_succeeded('fetch') }}"
            use: AddNote
            ticket_id: "1"
            note: seen
    - pipe_id: escalate
      cron: "0 8 * * *"
      pipe: {use: CheckEscalations, max_age_hours: 24}
"""


_MOST_STEPS = 3


class Mistake(NamedTuple):
    """`wrong` in the place of `right`, and what the first finding says."""

    right: str
    wrong: str
    code: str
    help: str


# Of every kind some, in several places each.
_MISTAKES = (
    # No-break spaces and their like.
    Mistake("retries: 1", "retries:\u00a01", "OTC204", "write `{retries: 1}`"),
    Mistake("active: true", "active:\u3000true", "OTC131", "write `active: true`"),
    Mistake("- id: fetch", "-\u00a0id: fetch", "OTC131", "write `- id: fetch`"),
    Mistake(
        "            note: seen",
        "            note:\u00a0seen",
        "OTC131",
        "write `note: seen`",
    ),
    Mistake("retries: 1", "retries\u00a0: 1", "OTC202", "write `retries`"),
    Mistake("retries: 1", "retries\u200b: 1", "OTC202", "write `retries`"),
    Mistake("retries: 1", "retries: \u00a01", "OTC204", "write `1`"),
    Mistake("use: CheckEscalations", "use: CheckEscalations\u200b", "OTC320", ""),
    # Signs of other keyboards.
    Mistake("retries: 1", "retries：1", "OTC204", "write `{retries: 1}`"),
    Mistake("active: true", "active： true", "OTC131", "write `active: true`"),
    Mistake("retries: 1", "retries: １", "OTC204", "write `1`"),
    Mistake("- pipe_id: escalate", "– pipe_id: escalate", "OTC131", ""),
    Mistake("[failed]", "［failed］", "OTC204", "write `[failed]`"),
    Mistake("note: seen", "note: “seen: it”", "OTC131", 'write `note: "seen: it"`'),
    Mistake('id: "1"', "id: “1”", "OTC396", 'write `"1"`'),
    Mistake("name: Raw", "name: „Raw“", "OTC396", 'write `"Raw"`'),
    Mistake(
        '"https://helpdesk.example/otobo/nph-genericinterface.pl"',
        "“https://helpdesk.example/otobo/nph-genericinterface.pl”",
        "OTC396",
        'write `"https://helpdesk.example/otobo/nph-genericinterface.pl"`',
    ),
    Mistake("('fetch')", "(‘fetch’)", "OTC340", "write `'fetch'`"),
    Mistake("('fetch')", "(“fetch”)", "OTC340", "write `'fetch'`"),
    Mistake("('fetch')", "（'fetch'）", "OTC340", "write `(`"),
    # `=` for `:`.
    Mistake("retries: 1", "retries = 1", "OTC204", "write `{retries: 1}`"),
    Mistake("active: true", "active=true", "OTC118", "write `active: true`"),
    Mistake("note: seen", "note =seen", "OTC118", "write `note: seen`"),
    Mistake("retries: 1", "retries := 1", "OTC204", "write `{retries: 1}`"),
    Mistake("active: true", "active := true", "OTC118", "write `active: true`"),
    Mistake("active: true", "active => true", "OTC118", "write `active: true`"),
    Mistake("active: true", "active -> true;", "OTC118", "write `active: true`"),
    Mistake("active: true", "active == true", "OTC118", "write `active: true`"),
    Mistake("active: true", "active :true", "OTC118", "write `active: true`"),
    Mistake("active: true", 'active = "true"', "OTC118", 'write `active: "true"`'),
    Mistake("note: seen", "note => seen", "OTC118", "write `note: seen`"),
    Mistake("  defaults:\n", "  defaults =>\n", "OTC118", "write `defaults:`"),
    Mistake("  defaults:\n", "  defaults:=\n", "OTC118", "write `defaults:`"),
    # Sections of other formats.
    Mistake("orchestrator:\n", "[orchestrator]\n", "OTC118", "write `orchestrator:`"),
    Mistake("  defaults:\n", "  defaults {\n", "OTC118", "write `defaults:`"),
    Mistake("  defaults:\n", "  defaults;\n", "OTC118", "write `defaults:`"),
    # Commas at the end.
    Mistake('id: "1"', 'id: "1",', "OTC124", "remove it"),
    Mistake("max_age_hours: 24}", "max_age_hours: 24},", "OTC124", "remove it"),
    Mistake('cron: "0 8 * * *"', 'cron: "0 8 * * *";', "OTC124", "remove it"),
    Mistake("use: slack,", "use: slack,,", "OTC127", "remove it, or write the value"),
    Mistake("retries: 1", "retries: 1,", "OTC204", "write `1`"),
    Mistake("interval_seconds: 300", "interval_seconds: 300,", "OTC316", "write `300`"),
    Mistake("active: true", "active: true,", "OTC204", "write `true`"),
    Mistake("id: fetch\n", "id: fetch,\n", "OTC207", "write `fetch`"),
    Mistake("use: AddNote", "use: AddNote,", "OTC320", "did you mean `AddNote`?"),
    # Comments of other languages, and the marks around code.
    Mistake("retries: 1", "retries: 1 // once", "OTC204", "write `1 # once`"),
    Mistake("active: true", "active: yes ; really", "OTC204", ""),
    Mistake(
        "    retries: 1", "    // once\n    retries: 1", "OTC118", "write `# once`"
    ),
    Mistake("    retries: 1", "    /* once */\n    retries: 1", "OTC118", ""),
    Mistake("services:\n", "```yaml\nservices:\n", "OTC116", "remove it"),
    # What came along out of a terminal or the source of a page.
    Mistake("services:\n", "$ cat config.yml\nservices:\n", "OTC116", "remove it"),
    Mistake("services:\n", "ops@desk:~$ otac check\nservices:\n", "OTC116", ""),
    Mistake("services:\n", "PS C:\\desk> type it\nservices:\n", "OTC116", ""),
    Mistake("max_age_hours: 24}\n", "max_age_hours: 24}\n$\n", "OTC116", "remove it"),
    Mistake("max_age_hours: 24}\n", "max_age_hours: 24}\n```\n", "OTC116", ""),
    Mistake("active: true", "active:&nbsp;true", "OTC131", "write `active: true`"),
    Mistake("    retries: 1", "&nbsp;   retries: 1", "OTC131", "write `retries: 1`"),
    Mistake("retries: 1", "retries: 1&#160;", "OTC204", "write `1`"),
    # Numbers as they are said, and lengths of time where the key names the unit.
    Mistake("retries: 1", "retries: one", "OTC204", "write `1`"),
    Mistake("retries: 1", "retries: 1x", "OTC204", "write `1`"),
    Mistake("max_age_hours: 24", "max_age_hours: 24h", "OTC204", "write `24`"),
    Mistake("max_age_hours: 24", "max_age_hours: 1 day", "OTC204", "write `24`"),
    Mistake("max_age_hours: 24", 'max_age_hours: "24,0"', "OTC204", "write `24.0`"),
    Mistake('"0 8 * * *"', "&quot;0 8 * * *&quot;", "OTC131", ""),
    Mistake("('fetch')", "(&#39;fetch&#39;)", "OTC340", "write `'fetch'`"),
    Mistake(
        "has_succeeded('fetch') }}",
        "1 &lt; 2 &amp;&amp; has_succeeded('fetch') }}",
        "OTC340",
        "write `< 2 and`",
    ),
    # Several names in one.
    Mistake("[failed]", "[failed; crashed]", "OTC205", ""),
    Mistake("[failed]", "failed; crashed", "OTC204", "write `[failed, crashed]`"),
    # Cron expressions of other places.
    Mistake('"0 8 * * *"', "“0 8 * * *”", "OTC314", "write `0 8 * * *`"),
    Mistake('"0 8 * * *"', '"0 8 ∗ ∗ ∗"', "OTC314", "write `0 8 * * *`"),
    Mistake('"0 8 * * *"', '"0 8 1–5 * *"', "OTC314", "write `0 8 1-5 * *`"),
    Mistake('"0 8 * * *"', '"08:00"', "OTC314", "write `0 8 * * *`"),
    Mistake('"0 8 * * *"', "daily", "OTC314", "write `0 0 * * *`"),
    Mistake('"0 8 * * *"', '"0 8 * * MON-FRI,"', "OTC314", "write `0 8 * * MON-FRI`"),
    # Words of other tools.
    Mistake("active: true", "enabled: true", "OTC202", "did you mean `active`?"),
    Mistake("active: true", "disabled: false", "OTC202", "write `active: true`"),
    Mistake("active: true", "is_paused: false", "OTC202", "write `active: true`"),
    Mistake("retries: 1", "retry: 1", "OTC202", "did you mean `retries`?"),
    Mistake("retries: 1", "max_retries: 1", "OTC202", "did you mean `retries`?"),
    Mistake("pipe_id: route", "name: route", "OTC202", "did you mean `pipe_id`?"),
    Mistake("pipe_id: escalate", "id: escalate", "OTC202", "did you mean `pipe_id`?"),
    Mistake(
        "interval_seconds: 300",
        "interval_minutes: 5",
        "OTC202",
        "write `interval_seconds: 300`",
    ),
    Mistake(
        "interval_seconds: 300",
        "every: 300",
        "OTC202",
        "did you mean `interval_seconds`?",
    ),
    Mistake(
        "interval_seconds: 300",
        "schedule: every 5 minutes",
        "OTC202",
        "write `interval_seconds: 300`",
    ),
    Mistake(
        'cron: "0 8 * * *"',
        'schedule: "08:00"',
        "OTC202",
        'write `cron: "0 8 * * *"`',
    ),
    Mistake(
        'cron: "0 8 * * *"',
        'schedule: "0 8 * * *"',
        "OTC202",
        'write `cron: "0 8 * * *"`',
    ),
    Mistake('cron: "0 8 * * *"', 'crontab: "0 8 * * *"', "OTC202", ""),
    Mistake(
        "timeout_seconds: 60",
        "timeout: 60",
        "OTC202",
        "did you mean `timeout_seconds`?",
    ),
    Mistake(
        "timeout_seconds: 60",
        "timeout_minutes: 1",
        "OTC202",
        "write `timeout_seconds: 60`",
    ),
    Mistake(
        'cron: "0 8 * * *"',
        "schedule: daily",
        "OTC202",
        'write `cron: "0 0 * * *"`',
    ),
    Mistake(
        'cron: "0 8 * * *"',
        'schedule: {cron: "0 8 * * *"}',
        "OTC202",
        'write `cron: "0 8 * * *"`',
    ),
    Mistake('cron: "0 8 * * *"', "at: 8am", "OTC202", 'write `cron: "0 8 * * *"`'),
    Mistake(
        "interval_seconds: 300",
        "every: 5 minutes",
        "OTC202",
        "write `interval_seconds: 300`",
    ),
    Mistake("active: true", "enabled: no", "OTC202", "write `active: false`"),
    Mistake("active: true", "disabled: off", "OTC202", "write `active: true`"),
    Mistake("active: true", "depends_on: escalate", "OTC202", "did you mean `after`?"),
    Mistake("  runners:\n", "  jobs:\n", "OTC202", "did you mean `runners`?"),
    Mistake("      pipe:\n", "      pipeline:\n", "OTC202", "did you mean `pipe`?"),
    Mistake("        steps:\n", "        tasks:\n", "OTC328", "did you mean `steps`?"),
    Mistake("use: AddNote", "action: AddNote", "OTC328", "did you mean `use`?"),
    Mistake(
        "if: \"{{ has_succeeded('fetch') }}\"",
        "disabled: no",
        "OTC321",
        "write `if: true`",
    ),
    Mistake("if: ", "when: ", "OTC321", "did you mean `if`?"),
    Mistake("id: note", "name: note", "OTC321", "did you mean `id`?"),
    Mistake("id: ops", "name: ops", "OTC202", "did you mean `id`?"),
    Mistake("use: slack", "type: slack", "OTC202", "did you mean `use`?"),
    Mistake("retries: 1", "max_attempts: 3", "OTC202", "write `retries: 2`"),
    Mistake("timeout_seconds: 60", "flow_attempts: 1", "OTC202", ""),
    Mistake("id: note\n", "id: note\n            tries: 3\n", "OTC321", ""),
    Mistake(
        "retries: 1", "continue-on-error: true", "OTC202", "write `on_error: continue`"
    ),
    Mistake("retries: 1", "fail_fast: yes", "OTC202", "write `on_error: stop`"),
    Mistake("retries: 1", "ignore_errors: no", "OTC202", "write `on_error: stop`"),
    Mistake("timeout_seconds: 60", "timeout_seconds: never", "OTC316", "write `null`"),
    Mistake("active: true", "tags: night, day", "OTC204", "write `[night, day]`"),
    Mistake("active: true", "on_failure: slack", "OTC351", "did you mean `ops`?"),
    Mistake("active: true", "notify: ops", "OTC202", "did you mean `on_failure`?"),
    # What nobody has filled in.
    Mistake(
        '"https://helpdesk.example/otobo/nph-genericinterface.pl"',
        '"${HELPDESK_URL}"',
        "OTC395",
        "write `\"{{ get_env('HELPDESK_URL') }}\"`",
    ),
    Mistake(
        "https://helpdesk.example/otobo",
        "https://${HOST:-helpdesk.example}/otobo",
        "OTC395",
        "write `\"https://{{ get_env('HOST', default='helpdesk.example') }}"
        '/otobo/nph-genericinterface.pl"`',
    ),
    Mistake(
        "https://helpdesk.example/otobo", "https://<your-host>/otobo", "OTC395", ""
    ),
    Mistake(
        "\"{{ get_env('PASSWORD') }}\"",
        "$PASSWORD",
        "OTC395",
        "write `\"{{ get_env('PASSWORD') }}\"`",
    ),
    Mistake(
        "\"{{ get_env('PASSWORD') }}\"",
        "<the agent's password>",
        "OTC395",
        "write the value, or `\"{{ get_env('THE_AGENT_S_PASSWORD') }}\"`"
        " and set that variable",
    ),
    Mistake("name: Raw", 'name: "%QUEUE%"', "OTC395", ""),
    Mistake("name: Raw", 'name: "@QUEUE@"', "OTC395", ""),
    Mistake("name: Raw", "name: $env:QUEUE", "OTC395", ""),
    Mistake("name: Raw", "name: '${QUEUE:?missing}'", "OTC395", ""),
    Mistake("https://helpdesk.example/otobo", "$HELPDESK/otobo", "OTC395", ""),
    Mistake('"{{ has', '"${{ has', "OTC395", "write `{{ has_succeeded('fetch') }}`"),
    Mistake(
        "https://helpdesk.example/otobo/nph-genericinterface.pl",
        "helpdesk.example/otobo",
        "OTC207",
        "write `https://helpdesk.example/otobo`",
    ),
    Mistake(
        "https://helpdesk.example/otobo/nph-genericinterface.pl",
        "localhost:8080/otobo",
        "OTC207",
        "write `https://localhost:8080/otobo`",
    ),
)


def _compiled(text: str) -> Report:
    options = CompileOptions()
    return compile_configuration("config.yml", text.encode(), Path(), options).report


def _heard(report: Report) -> list[Diagnostic]:
    return [one for one in report.diagnostics if one.severity is not Severity.NOTE]


def test_without_a_mistake_nothing_is_said() -> None:
    assert _heard(_compiled(_RIGHT)) == []


@pytest.mark.parametrize("mistake", _MISTAKES, ids=lambda m: ascii(m.wrong))
def test_the_advice_makes_it_right(mistake: Mistake) -> None:
    assert _RIGHT.count(mistake.right) == 1
    text = _RIGHT.replace(mistake.right, mistake.wrong)
    line = text.count("\n", 0, _first_difference(text)) + 1
    report = _compiled(text)
    first = _heard(report)[0]
    assert first.code == mistake.code
    assert first.span is not None
    assert report.source.place(first.span.start).line == line
    if mistake.help:
        assert first.help == mistake.help
    # What is right afterwards may only be seen once the first mistake is gone.
    for _ in range(_MOST_STEPS):
        meant = correction(first, text)
        assert meant is not None, first
        text = meant.applied(text)
        heard = _heard(_compiled(text))
        if not heard:
            return
        first = heard[0]
    pytest.fail(f"after {_MOST_STEPS} corrections there is still {first}")


def _first_difference(text: str) -> int:
    pairs = zip(text, _RIGHT + "\0", strict=False)
    return next(at for at, (one, other) in enumerate(pairs) if one != other)


@pytest.mark.parametrize(
    "conflict",
    [
        "    <<<<<<< HEAD\n    retries: 1\n    =======\n    >>>>>>> other\n",
        "<<<<<<< HEAD\n    retries: 1\n=======\n    retries: 2\n>>>>>>> other\n",
        "<<<<<<< HEAD\n    retries: 1\n||||||| base\n=======\n>>>>>>> other\n",
    ],
)
@pytest.mark.parametrize("at", ["services:\n", "    retries: 1\n", "      pipe:\n"])
def test_a_merge_conflict_is_named(conflict: str, at: str) -> None:
    text = _RIGHT.replace(at, conflict, 1)
    (found,) = _heard(_compiled(text))
    assert (found.code, found.message) == (
        "OTC130",
        "a merge conflict is not resolved",
    )
    assert found.span is not None
    assert text[found.span.start : found.span.end] == "<<<<<<< HEAD"
    (end,) = found.labels
    assert text[end.span.start : end.span.end] == ">>>>>>> other"


def test_another_language_is_not_put_into_quotes() -> None:
    text = 'orchestrator = {\n  runners = [\n    { pipe_id = "a" }\n  ]\n}\n'
    found = _heard(_compiled(text))[0]
    assert (found.code, found.suggestion) == ("OTC204", None)
    assert found.help == "write keys and values, such as `orchestrator: ...`"


def test_signs_of_a_page_in_texts_are_left_alone() -> None:
    text = _RIGHT.replace(
        "note: seen",
        "note: |\n              ```\n              a&nbsp;b\n"
        "              $ otac &lt; x",
    )
    assert _heard(_compiled(text)) == []
    # Nor are they to blame for what is wrong further down.
    (found,) = _heard(
        _compiled(text.replace("    - pipe_id: escalate", "    - pipe_id = x"))
    )
    assert found.code != "OTC116"


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ("[fetch; note]", "[fetch, note]"),
        ("fetch and note", "[fetch, note]"),
        ('"fetch, note"', "[fetch, note]"),
        (
            "\n              - fetch | note",
            "\n              - fetch\n              - note",
        ),
    ],
)
def test_several_steps_in_one_text_become_a_list(written: str, after: str) -> None:
    lines = ("- id: last", "  use: Expression", "  expression: 1")
    step = "".join(
        f"          {line}\n" for line in (*lines, f"  depends_on: {written}")
    )
    right = _RIGHT.replace("    - pipe_id: escalate", f"{step}    - pipe_id: escalate")
    (found,) = _heard(_compiled(right))
    assert found.help == "make a list of them: `[fetch, note]`"
    meant = correction(found, right)
    assert meant is not None
    text = meant.applied(right)
    assert text == right.replace(written, after)
    assert _heard(_compiled(text)) == []


def test_characters_in_texts_are_left_alone() -> None:
    text = _RIGHT.replace("note: seen", "note: it’s “seen” – for 3\u00a0€ <b>${x}</b>")
    assert _heard(_compiled(text)) == []


def test_no_variable_is_proposed_where_none_is_filled_in() -> None:
    text = _RIGHT.replace(
        "      active: true", "      active: true\n      parameters: {q: '${Q}'}"
    )
    found = next(one for one in _heard(_compiled(text)) if one.code == "OTC395")
    assert found.help == "write the value itself: nothing is filled in here"
    assert found.suggestion is None


@pytest.mark.parametrize(
    "address",
    [
        *("TODO", "https://", "https:/helpdesk.example", "ftp://helpdesk.example"),
        *("https//helpdesk.example", "https://{host}/otobo", "https://host:port/otobo"),
        *("https://agent:pass/word@helpdesk.example", "https://help desk.example"),
        *("https://helpdesk.example:99999999", "https：//helpdesk.example"),
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    right = "https://helpdesk.example/otobo/nph-genericinterface.pl"
    (found,) = _heard(_compiled(_RIGHT.replace(right, address)))
    assert (found.code, found.severity) == ("OTC207", Severity.ERROR)


@pytest.mark.parametrize(
    "address",
    [
        *("http://localhost:8080/x", "https://[::1]:443", "HTTPS://helpdesk.example"),
        "https://hülfe.example",
        *("https://{{ get_env('HOST') }}/otobo", "{{ secret('address') }}"),
        *("  https://helpdesk.example/otobo?a=b#c ", "http://10.0.0.1"),
    ],
)
def test_addresses_of_every_kind_pass(address: str) -> None:
    right = "https://helpdesk.example/otobo/nph-genericinterface.pl"
    assert _heard(_compiled(_RIGHT.replace(right, address))) == []


@pytest.mark.parametrize(
    ("written", "meant"), [("0,8", "write `0.8`"), ("80 %", "write `0.8`")]
)
def test_a_share_as_it_is_said(written: str, meant: str) -> None:
    process = f'{{use: ProcessTickets, queue: Raw, min_confidence: "{written}"}}'
    steps = "{use: CheckEscalations, max_age_hours: 24}"
    found = _heard(_compiled(_RIGHT.replace(steps, process)))
    assert [(one.code, one.help) for one in found] == [("OTC204", meant)]


@pytest.mark.parametrize("written", ["150 %", "1,000", "many", "12h"])
def test_a_number_that_may_mean_several_is_not_guessed(written: str) -> None:
    process = f'{{use: ProcessTickets, queue: Raw, min_confidence: "{written}"}}'
    steps = "{use: CheckEscalations, max_age_hours: 24}"
    found = _heard(_compiled(_RIGHT.replace(steps, process)))
    assert [(one.code, one.help) for one in found] == [("OTC204", None)]


def test_a_login_in_an_address_is_right_and_a_credential() -> None:
    right = "https://helpdesk.example/otobo/nph-genericinterface.pl"
    address = "https://agent:pass%2Fword@helpdesk.example/otobo"
    (found,) = _heard(_compiled(_RIGHT.replace(right, address)))
    assert (found.code, found.severity) == ("OTC331", Severity.WARNING)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("interval_seconds: 300", "interval_seconds: ${EVERY}"),
        ("retries: 1", "retries: $RETRIES"),
        ("active: true", "active: <true or false>"),
        ("pipe_id: route", "pipe_id: ${NAME}"),
    ],
)
def test_where_no_expression_may_stand_the_value_itself_is_asked_for(
    right: str, wrong: str
) -> None:
    found = _heard(_compiled(_RIGHT.replace(right, wrong)))[0]
    assert found.help == "write the value itself: nothing is filled in here"


@pytest.mark.parametrize("zone", ["GMT+2", "UTC-05:00", "+02:00", "utc + 1"])
def test_no_other_offset_is_proposed_for_an_offset(zone: str) -> None:
    cron = 'cron: "0 8 * * *"'
    text = _RIGHT.replace(cron, f'{cron}\n      timezone: "{zone}"')
    (found,) = _heard(_compiled(text))
    assert found.code == "OTC317"
    assert found.help == "write a name such as `Europe/Berlin` or `UTC`"
    assert found.suggestion is None


def test_an_anchor_that_is_refused_has_no_hour_to_keep() -> None:
    anchored = (
        "interval_seconds: 86400\n      timezone: Europe/Berlin\n"
        "      anchor_date: 2026-01-01T09:00"
    )
    text = _RIGHT.replace("interval_seconds: 300", anchored)
    assert [one.code for one in _heard(_compiled(text))] == ["OTC319"]


def test_what_any_finding_proposes_takes_it_away() -> None:
    kept = []
    count = 0
    for case in cases():
        before = _said(case.folder, (case.folder / "config.yml").read_bytes())
        text = before.source.text
        for found in before.diagnostics:
            meant = correction(found, text)
            if meant is None:
                continue
            count += 1
            data = meant.applied(text).encode("utf-8", "surrogatepass")
            if _times(found, _said(case.folder, data)) >= _times(found, before):
                kept.append((case.folder.name, found.code, found.message))
    assert count > 100
    assert kept == []


def test_what_a_help_says_to_type_takes_the_finding_away_and_brings_no_error() -> None:
    kept = []
    helped = set[str]()
    for case in cases():
        before = _said(case.folder, (case.folder / "config.yml").read_bytes())
        text = before.source.text
        for found in before.diagnostics:
            if found.suggestion is not None or (meant := typed(text, found)) is None:
                continue
            helped.add(found.code)
            after = _said(case.folder, meant.encode("utf-8", "surrogatepass"))
            errors = [
                one.message
                for one in after.diagnostics
                if one.severity is Severity.ERROR
                and _times(one, after) > _times(one, before)
            ]
            if errors or _times(found, after) >= _times(found, before):
                kept.append((case.folder.name, found.code, found.help, errors))
    assert kept == []
    assert helped == CODES


def _said(folder: Path, data: bytes) -> Report:
    return compile_configuration("config.yml", data, folder, CompileOptions()).report


def _times(found: Diagnostic, report: Report) -> int:
    """How often the same is said: some cases have one mistake several times."""
    same = (found.code, found.message, found.label)
    said = [(one.code, one.message, one.label) for one in report.diagnostics]
    return said.count(same)
