"""Credentials are kept out of messages."""

import asyncio
import json
import logging
import pickle
import traceback
from typing import Any
from urllib.parse import quote_plus

import pytest
from pydantic import BaseModel
from stand_ins import Play, yields

from otac.components import Fail, Stop
from otac.expressions.problem import ExpressionError
from otac.runtime import Run
from otac.runtime.secrets import Secrets, StepError

PASSWORD = 'p"ss wörd/\\1'


@pytest.fixture
def secrets() -> Secrets:
    secrets = Secrets()
    secrets.remember(PASSWORD)
    return secrets


def printed(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error)


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    try:
        if cause is None:
            raise error
        try:
            raise cause
        except Exception:  # noqa: BLE001
            raise error  # noqa: B904
    except Exception as caught:  # noqa: BLE001
        return caught


@pytest.mark.parametrize(
    "spelling",
    [
        PASSWORD,
        repr(PASSWORD),
        json.dumps(PASSWORD),
        f"https://user:{quote_plus(PASSWORD)}@host",
    ],
)
def test_a_secret_is_scrubbed_in_any_spelling(secrets: Secrets, spelling: str) -> None:
    scrubbed = secrets.scrub(f"refused: {spelling}!")
    assert "***" in scrubbed
    assert "rd" not in scrubbed


def test_everything_in_a_structure_is_a_secret() -> None:
    secrets = Secrets()
    secrets.remember({"user": "bot", "keys": ["first-key", 123456], "on": True})
    assert secrets.scrub("bot first-key 123456 True") == "*** *** *** True"


def test_a_longer_secret_goes_before_a_shorter_one() -> None:
    secrets = Secrets()
    secrets.remember("token")
    secrets.remember("token-and-more")
    assert secrets.scrub("token-and-more token") == "*** ***"


def test_what_is_too_short_stays() -> None:
    secrets = Secrets()
    for value in ("", "a", "ab", None, True):
        secrets.remember(value)
    assert secrets.scrub("a tab is None or True") == "a tab is None or True"


@pytest.mark.parametrize(
    ("name", "is_credential"),
    [
        ("HELPDESK_PASSWORD", True),
        ("password", True),
        ("DB_PWD", True),
        ("API_TOKEN", True),
        ("OPENAI_API_KEY", True),
        ("APIKEY", True),
        ("CLIENT_SECRET", True),
        ("SLACK_WEBHOOK_URL", True),
        ("SENTRY_DSN", True),
        ("PWD", False),
        ("OLDPWD", False),
        ("KEYBOARD", False),
        ("TOKENIZERS_PARALLELISM", False),
        ("HELPDESK_URL", False),
        ("AUTHOR", False),
    ],
)
def test_a_variable_is_a_credential_by_its_name(name: str, is_credential: bool) -> None:
    secrets = Secrets()
    secrets.remember_named(name, "its-value")
    assert (secrets.scrub("its-value") == "***") is is_credential


def test_an_exception_without_a_secret_passes_as_it_is(secrets: Secrets) -> None:
    error = raised(ValueError("boom"), KeyError("cause"))
    assert secrets.clean(error, stored=True) is error


def test_a_secret_in_the_message(secrets: Secrets) -> None:
    clean = secrets.clean(
        raised(ConnectionError(f"login with {PASSWORD}")), stored=False
    )
    assert type(clean) is StepError
    assert str(clean) == "ConnectionError: login with ***"
    assert clean.__traceback__ is not None
    assert PASSWORD not in printed(clean)


def test_a_secret_in_the_cause(secrets: Secrets) -> None:
    error = raised(RuntimeError("no connection"), KeyError(PASSWORD))
    clean = secrets.clean(error, stored=False)
    assert str(clean) == "RuntimeError: no connection"
    assert str(clean.__cause__) == "KeyError: '***'"
    assert 'p"ss' not in printed(clean)


def test_a_secret_in_a_note_or_in_a_group(secrets: Secrets) -> None:
    noted = ValueError("boom")
    noted.add_note(f"with {PASSWORD}")
    group = ExceptionGroup("several", [ValueError(PASSWORD)])
    for error in (noted, group):
        assert PASSWORD not in printed(secrets.clean(raised(error), stored=False))


def test_a_secret_that_only_the_repr_shows(secrets: Secrets) -> None:
    class Quiet(Exception):
        def __str__(self) -> str:
            return "refused"

    clean = secrets.clean(raised(Quiet(PASSWORD)), stored=False)
    assert str(clean) == "Quiet: refused"
    assert "ss wörd" not in printed(clean)


def test_a_circle_of_causes_ends(secrets: Secrets) -> None:
    first, second = ValueError(PASSWORD), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    assert PASSWORD not in printed(secrets.clean(first, stored=False))


def test_pydantics_exception_never_shows_a_value() -> None:
    class Model(BaseModel):
        limit: int

    subject = "a ticket's text"
    with pytest.raises(ValueError, match=subject) as caught:
        Model.model_validate({"limit": subject})
    clean = Secrets().clean(caught.value, stored=False)
    assert str(clean) == "ValidationError: needs `limit` to be a valid integer"
    assert subject not in printed(clean)


@pytest.mark.parametrize("kind", [Fail, Stop, ExpressionError])
def test_exceptions_with_a_meaning_keep_their_type(
    secrets: Secrets, kind: type[Exception]
) -> None:
    clean = secrets.clean(kind(f"refused {PASSWORD}"), stored=False)
    assert type(clean) is kind
    assert str(clean) == "refused ***"


def test_what_prefect_stores_carries_no_objects() -> None:
    error = ConnectionError("HTTP 500")
    error.request = {"body": "a ticket's text"}  # type: ignore[attr-defined]
    assert Secrets().clean(error, stored=False) is error
    stored = pickle.dumps(Secrets().clean(error, stored=True))
    assert b"ConnectionError: HTTP 500" in stored
    assert b"ticket" not in stored


def test_final_message_and_log_are_scrubbed(
    play: Play, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("HELPDESK_TOKEN", "tok-12345")
    caplog.set_level(logging.DEBUG)

    async def login(run: Run) -> Any:
        raise ValueError("refused tok-12345")

    async def steps(run: Run) -> None:
        await run.step("token", yields("{{ env.HELPDESK_TOKEN }}"))
        await run.step("login", login)

    message = play(steps).outcome().message
    assert message == "step `login` failed: ValueError: refused ***"
    assert "tok-12345" not in caplog.text


def test_the_message_of_stop_is_scrubbed(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELPDESK_TOKEN", "tok-12345")

    async def steps(run: Run) -> None:
        await run.step("a", yields("{{ stop('with ' ~ get_env('HELPDESK_TOKEN')) }}"))

    assert play(steps).outcome().message == "with ***"


def test_credentials_of_services_are_secrets_of_the_run(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    from otac.runtime import Template, build

    class Helpdesk:
        def __init__(self, url: str, password: str) -> None:
            self.password = password

    monkeypatch.setenv("PLAIN", "from-a-plain-name")

    def helpdesk() -> Helpdesk:
        return build(Helpdesk, url="http://host", password=Template("{{ env.PLAIN }}"))

    async def login(run: Run) -> Any:
        service = run.service(helpdesk)
        raise ValueError(f"http://host refused {service.password}")

    async def steps(run: Run) -> None:
        await run.step("login", login)

    assert play(steps).outcome().message == (
        "step `login` failed: ValueError: http://host refused ***"
    )


def test_two_runs_do_not_share_secrets() -> None:
    first, second = Run("a"), Run("b")
    first._session.secrets.remember("tok-12345")
    assert second._session.secrets.scrub("tok-12345") == "tok-12345"
    asyncio.run(first.__aexit__(None, None, None))
