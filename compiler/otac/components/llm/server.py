"""One question to a server with the HTTP interface of OpenAI."""

import importlib
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from otac.components.llm.question import Prompt, Token
from otac.components.outcome import Fail, Unavailable

_EXTRA = (
    '`LLMClassifier` needs the package `openai`: pip install "otac[llm]", '
    'or "./otac[llm]" with a copy of the repository'
)
_UNREADABLE = "the server's answer is none that this interface has"
_MOST_LISTED = 20
# What not every server takes, in the order in which it is left out.
_OPTIONS = ("seed", "logprobs", "response_format")
# An answer is a code in a little JSON; a schema may allow for white space around it.
_ANSWER_TOKENS = 96


class KeyRefused(Fail):
    """The server does not accept the key, or not for this."""


class ModelAnswer(NamedTuple):
    """What came: the text, its tokens where the server tells them, and what it cost."""

    text: str
    tokens: list[Token] | None
    cost: int


class ModelServer:
    """A client, made when it is first asked, and what its server has turned out to take."""

    def __init__(
        self,
        base_url: str | None,
        api_key: str | None,
        timeout_seconds: float,
        retries: int,
    ) -> None:
        self._base_url = base_url
        self._api_key = api_key
        self._timeout = timeout_seconds
        self._retries = retries
        self._client: Any = None
        # Until it has refused one of them.
        self._takes = set(_OPTIONS)

    async def ask(self, question: Prompt, model: str) -> ModelAnswer:
        """Raises `Fail` for what will not change by itself, `Unavailable` for what may."""
        openai = _library()
        client = self._made(openai)
        while True:
            options = self._options(question)
            try:
                reply = await client.chat.completions.create(
                    model=model,
                    messages=question.messages,
                    max_tokens=_ANSWER_TOKENS,
                    temperature=0,
                    **options,
                )
            except (
                openai.BadRequestError,
                openai.UnprocessableEntityError,
            ) as problem:
                if not self._give_up_one(problem, options):
                    raise Fail(
                        f"the server refuses the request: {_said(problem)}"
                    ) from None
                continue
            except (openai.OpenAIError, ValueError) as problem:
                raise self._told(openai, problem, model) from None
            return _answer(reply)

    async def models(self) -> list[str]:
        """What the server says it has; raises as `ask`."""
        openai = _library()
        client = self._made(openai)
        try:
            listed = [one.id async for one in client.models.list()]
        except (openai.OpenAIError, ValueError, AttributeError, TypeError) as problem:
            raise self._told(openai, problem, None) from None
        return [one for one in listed if isinstance(one, str)]

    def _told(self, openai: Any, problem: Exception, model: str | None) -> Exception:
        """What a fault means, without the request that it holds."""
        match problem:
            case openai.AuthenticationError():
                return KeyRefused(
                    "the server refuses the key: set `api_key` or the variable"
                    " `OPENAI_API_KEY`"
                )
            case openai.PermissionDeniedError():
                return KeyRefused("the key has no right to use this model")
            case openai.NotFoundError():
                known = "" if model is None else f"knows no model `{model}`, or "
                return Fail(f"the server {known}has no such interface")
            case openai.APITimeoutError():
                return Unavailable(
                    f"no answer of the server within {self._timeout:g} s"
                )
            case openai.APIConnectionError():
                return Unavailable("the server cannot be reached")
            case openai.APIStatusError():
                return Unavailable(
                    f"the server answered with status {problem.status_code}"
                )
        return Unavailable(_UNREADABLE)

    async def close(self) -> None:
        """Ends the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    def _made(self, openai: Any) -> Any:
        if self._client is None:
            try:
                self._client = openai.AsyncOpenAI(
                    base_url=self._base_url,
                    api_key=self._api_key,
                    timeout=self._timeout,
                    max_retries=self._retries,
                )
            except openai.OpenAIError:
                raise Fail(
                    "no key for the server: set `api_key` or the variable"
                    " `OPENAI_API_KEY` (any text for a server that wants none)"
                ) from None
        return self._client

    def _options(self, question: Prompt) -> dict[str, Any]:
        options: dict[str, Any] = {}
        if "response_format" in self._takes:
            options["response_format"] = {
                "type": "json_schema",
                "json_schema": {
                    "name": "answer",
                    "strict": True,
                    "schema": question.schema,
                },
            }
        if "logprobs" in self._takes:
            options |= {"logprobs": True, "top_logprobs": _MOST_LISTED}
        if "seed" in self._takes:
            options["seed"] = 0
        return options

    def _give_up_one(self, problem: Any, options: Mapping[str, Any]) -> bool:
        """Leave out an option that the server does not take; false where none is left."""
        said = str(problem).lower()
        given = [name for name in _OPTIONS if name in options]
        named = [name for name in given if name in said]
        for name in (*named, *given):
            self._takes.discard(name)
            return True
        return False


def _library() -> Any:
    try:
        return importlib.import_module("openai")
    except ImportError:
        raise Fail(_EXTRA) from None


def _answer(reply: Any) -> ModelAnswer:
    choices = getattr(reply, "choices", None)
    if not choices:
        # A page of a proxy, for example.
        raise Unavailable(_UNREADABLE)
    usage = getattr(reply, "usage", None)
    cost = getattr(usage, "total_tokens", None) or 0
    text = getattr(getattr(choices[0], "message", None), "content", None)
    listed = getattr(getattr(choices[0], "logprobs", None), "content", None)
    return ModelAnswer(text or "", _tokens(listed) if listed else None, cost)


def _tokens(listed: Any) -> list[Token]:
    return [
        Token(
            each.token,
            {
                each.token: math.exp(each.logprob),
                **{other.token: math.exp(other.logprob) for other in each.top_logprobs},
            },
        )
        for each in listed
    ]


def _said(problem: Exception) -> str:
    """The server's own words, one line of them: no request and no key is in there."""
    body = getattr(problem, "body", None)
    message = body.get("message") if isinstance(body, dict) else None
    words = " ".join(str(message or type(problem).__name__).split())
    return "".join(c for c in words if c.isprintable())[:200]
