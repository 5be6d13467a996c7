"""`HuggingFaceClassifier`: labels from a trained text classification model."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from otac.components.classifier import Classification
from otac.components.hugging_face.loading import (
    Device,
    HubUnreachable,
    ModelSource,
    NotCached,
    loaded,
)
from otac.components.hugging_face.model import Scores
from otac.components.inspection import Asked, Problem
from otac.components.outcome import Fail


class HuggingFaceClassifier:
    """Asks a trained model, from a folder or from the Hugging Face hub.

    The model runs on this machine and is loaded once a process, however many services
    name it. Texts that are asked for at the same time go through it together. The
    confidence is the model's own, its softmax as it comes: most models are surer than they
    are right, which `otac evaluate` shows.
    """

    def __init__(
        self,
        model_name: Annotated[
            str | None,
            Field(
                description="A folder with the model, or its name on the hub, such as"
                " `acme/queues`; a step may name another",
                json_schema_extra={"x-names": "model"},
            ),
        ] = None,
        api_token: Annotated[
            str | None,
            Field(
                description="Token for private models of the hub; without it, the"
                " environment's `HF_TOKEN`"
            ),
        ] = None,
        device: Annotated[
            Device,
            Field(description="Where it runs; `auto` takes a graphics card if it can"),
        ] = "auto",
        batch_size: Annotated[
            int, Field(ge=1, description="At most this many texts at once")
        ] = 16,
        local_files_only: Annotated[
            bool,
            Field(description="Never ask the hub: only folders and what is cached"),
        ] = False,
    ) -> None:
        self.model_name = model_name
        self._api_token = api_token
        self._device: Device = device
        self._batch_size = batch_size
        self._local_files_only = local_files_only

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        """The best of the model's labels that are also among `labels`."""
        (made,) = await self.classify_all([text], labels=labels, model_name=model_name)
        return made

    async def classify_all(
        self,
        texts: Sequence[str],
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> list[Classification]:
        """The same for many texts, in their order."""
        name = model_name or self.model_name
        if not name:
            raise Fail(
                "`HuggingFaceClassifier` needs `model_name`, in the service or the step"
            )
        source = ModelSource(
            name, self._api_token, self._device, self._local_files_only
        )
        model = await asyncio.to_thread(loaded, source)
        candidates = list(model.labels)
        if labels is not None:
            candidates = [label for label in model.labels if label in labels]
            if not candidates:
                known = ", ".join(f"`{label}`" for label in model.labels)
                raise Fail(f"model `{name}` has none of the labels asked for: {known}")
        waiting = [model.submit(text, self._batch_size) for text in texts]
        scored = await asyncio.gather(*map(asyncio.wrap_future, waiting))
        return [_classification(scores, candidates) for scores in scored]

    async def inspect(self, asked: Asked) -> AsyncIterator[Problem]:
        """Whether each model can be loaded; fetches one only where that was asked for."""
        named = asked.of("model") or (self.model_name,)
        for name in named:
            if not name:
                continue
            stays = self._local_files_only or not asked.download
            source = ModelSource(name, self._api_token, self._device, stays)
            try:
                await asyncio.to_thread(loaded, source)
            except (Fail, HubUnreachable) as problem:
                fetched = isinstance(problem, NotCached) and not self._local_files_only
                yield Problem(
                    kind="model",
                    message=f"model `{name}` is not on this machine: the first run"
                    " fetches it"
                    if fetched
                    else str(problem),
                    help="`--download` fetches it now" if fetched else None,
                    parameter="model_name",
                    what="model",
                    name=name,
                    certain=not fetched,
                )


def _classification(scores: Scores, candidates: Sequence[str]) -> Classification:
    ranked = sorted(candidates, key=lambda label: -scores[label])
    # Rounded, so that processors that add in another order agree.
    rounded = {label: round(scores[label], 4) for label in ranked}
    return Classification(
        label=ranked[0], confidence=rounded[ranked[0]], scores=rounded
    )
