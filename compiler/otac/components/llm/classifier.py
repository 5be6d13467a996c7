"""`LLMClassifier`: labels from a language model."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from otac.address import ADDRESS_SCHEMA
from otac.components.classifier import Classification
from otac.components.inspection import Asked, Problem, missing
from otac.components.llm.calibration import MeasuredCalibration, tempered
from otac.components.llm.limits import Limits
from otac.components.llm.question import Prompt, question
from otac.components.llm.server import KeyRefused, ModelAnswer, ModelServer
from otac.components.outcome import Fail, Unavailable

_NO_PROBABILITIES = (
    "the server tells no probabilities, and `calibration` does not say how often this"
    " label is right"
)


class LLMClassifier:
    """Asks a language model, on any server that has the HTTP interface of OpenAI.

    What is sent: the names and descriptions of the labels, and the text with addresses of
    mail and long numbers masked. The answer is one of the labels or none of them, checked
    also where the server promises it. The confidence is the model's probability of its
    answer among all labels, corrected by `calibration`.
    """

    def __init__(
        self,
        model_name: Annotated[
            str | None,
            Field(
                description="What the server calls the model; a step may name another",
                json_schema_extra={"x-names": "model"},
            ),
        ] = None,
        base_url: Annotated[
            Annotated[str, Field(json_schema_extra=ADDRESS_SCHEMA)] | None,
            Field(
                description="Address of the interface, such as"
                " `http://127.0.0.1:8080/v1`; without it, the environment's"
                " `OPENAI_BASE_URL`"
            ),
        ] = None,
        api_key: Annotated[
            str | None,
            Field(
                description="Key for the server; without it, the environment's"
                " `OPENAI_API_KEY`"
            ),
        ] = None,
        labels: Annotated[
            Mapping[str, str] | None,
            Field(description="The labels and what each stands for"),
        ] = None,
        calibration: Annotated[
            MeasuredCalibration | None,
            Field(description="What was measured on labelled tickets"),
        ] = None,
        mask: Annotated[
            bool,
            Field(description="Send no addresses of mail and no long numbers"),
        ] = True,
        longest_text: Annotated[
            int, Field(ge=100, description="At most this many characters are sent")
        ] = 6000,
        timeout_seconds: Annotated[
            float, Field(gt=0, description="How long an answer may take")
        ] = 30,
        retries: Annotated[
            int,
            Field(
                ge=0,
                le=10,
                description="Further attempts of a request whose fault may pass",
            ),
        ] = 2,
        at_once: Annotated[
            int, Field(ge=1, le=256, description="At most this many requests at a time")
        ] = 4,
        requests_per_minute: Annotated[
            float | None, Field(gt=0, description="At most this many begin in a minute")
        ] = None,
        tokens_per_run: Annotated[
            int | None,
            Field(
                ge=1,
                description="After this many tokens, tickets are left to the next run",
            ),
        ] = None,
    ) -> None:
        self.model_name = model_name
        self._labels = dict(labels or {})
        self._calibration = calibration or MeasuredCalibration()
        self._mask = mask
        self._longest = longest_text
        self._server = ModelServer(base_url, api_key, timeout_seconds, retries)
        self._limits = Limits(at_once, requests_per_minute, tokens_per_run)

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        """The best of `labels`, or of its own; no label where the model finds none."""
        candidates = self._labels if labels is None else dict(labels)
        if not candidates:
            raise Fail("`LLMClassifier` has no `labels` to choose from")
        model = model_name or self.model_name
        if not model:
            raise Fail("`LLMClassifier` needs `model_name`, in the service or the step")
        if not text.strip():
            return _nothing(candidates, "the text is empty")
        asked = question(text, candidates, self._longest, self._mask)
        async with self._limits.place():
            answer = await self._server.ask(asked, model)
            self._limits.spend(answer.cost)
        return self._classification(asked, answer, candidates)

    async def classify_all(
        self,
        texts: Sequence[str],
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> list[Classification]:
        """The same for many texts, in their order, `at_once` of them at a time."""
        return await asyncio.gather(
            *(
                self.classify(text, labels=labels, model_name=model_name)
                for text in texts
            )
        )

    async def inspect(self, asked: Asked) -> AsyncIterator[Problem]:
        """Whether the server answers, takes the key and has each model; asks no model."""
        named = asked.of("model") or ((self.model_name,) if self.model_name else ())
        try:
            known = tuple(await self._server.models())
        except KeyRefused as problem:
            yield Problem(kind="login", message=str(problem), parameter="api_key")
        except Unavailable as problem:
            yield Problem(
                kind="unreachable", message=str(problem), parameter="base_url"
            )
        except Fail as problem:
            # Some servers have no list of models.
            yield Problem(kind="unasked", message=str(problem), parameter="base_url")
        else:
            for name in named:
                if name not in known:
                    yield missing("the server", "model", name, known)

    async def aclose(self) -> None:
        """Ends the connections."""
        await self._server.close()

    def _classification(
        self, asked: Prompt, answer: ModelAnswer, candidates: Mapping[str, str]
    ) -> Classification:
        code = asked.code_in(answer.text)
        if code is None:
            return _nothing(candidates, "the model's answer is none of the labels")
        label = asked.codes[code]
        shares = asked.shares(answer.tokens) if answer.tokens else None
        if shares is None:
            return self._without_probabilities(label, candidates)
        by_code = tempered(shares, self._calibration.temperature)
        scores = {
            name: round(by_code[each], 4)
            for each, name in sorted(
                asked.codes.items(), key=lambda pair: -by_code[pair[0]]
            )
            if name is not None
        }
        if label is None:
            reason = "the model finds that none of the labels fits"
            return Classification(
                label=None, confidence=0, scores=scores, reason=reason
            )
        return Classification(label=label, confidence=scores[label], scores=scores)

    def _without_probabilities(
        self, label: str | None, candidates: Mapping[str, str]
    ) -> Classification:
        if label is None:
            reason = "the model finds that none of the labels fits"
            return _nothing(candidates, reason)
        right = self._calibration.right.get(label)
        scores = {label: 0.0 if right is None else right}
        scores |= {name: 0.0 for name in candidates if name != label}
        return Classification(
            label=label,
            confidence=right,
            scores=scores,
            reason=_NO_PROBABILITIES if right is None else None,
        )


def _nothing(candidates: Mapping[str, str], reason: str) -> Classification:
    scores = dict.fromkeys(candidates, 0.0)
    return Classification(label=None, confidence=0, scores=scores, reason=reason)
