"""A loaded model, and the queue of texts that wait for it."""

import importlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeAlias

Scores: TypeAlias = dict[str, float]

# Families whose positions begin behind the padding token.
_SHIFTED = ("roberta", "camembert")
# Tokenizers that know no limit say 1e30.
_NO_LIMIT = 10**6


class LoadedModel:
    """One model on one device.

    A single thread asks it: a model gains nothing from several at once. Whatever arrives
    while that thread is busy goes through the model together, as one batch.
    """

    def __init__(self, network: Any, tokenizer: Any, device: str) -> None:
        self._network = network.to(device).eval()
        self._tokenizer = tokenizer
        self._device = device
        self._longest = _longest(network.config, tokenizer)
        self._torch: Any = importlib.import_module("torch")
        self._pending: deque[tuple[str, Future[Scores]]] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="otac-model")
        names = network.config.id2label
        self.labels: tuple[str, ...] = tuple(str(names[i]) for i in sorted(names))

    def submit(self, text: str, batch_size: int) -> "Future[Scores]":
        """The score of every label, between 0 and 1, as soon as it is known."""
        scores: Future[Scores] = Future()
        self._pending.append((text, scores))
        self._thread.submit(self._work, batch_size)
        return scores

    def _work(self, batch_size: int) -> None:
        batch: list[tuple[str, Future[Scores]]] = []
        while self._pending and len(batch) < batch_size:
            text, scores = self._pending.popleft()
            if scores.set_running_or_notify_cancel():
                batch.append((text, scores))
        if not batch:
            # An earlier batch has taken this one's text along.
            return
        try:
            made = self._scores([text for text, _ in batch])
        except BaseException as error:  # noqa: BLE001
            for _, scores in batch:
                scores.set_exception(error)
            return
        for (_, scores), values in zip(batch, made, strict=True):
            scores.set_result(dict(zip(self.labels, values, strict=True)))

    def _scores(self, texts: list[str]) -> list[list[float]]:
        # Tokenizers refuse lone surrogates.
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        encoded = self._tokenizer(
            clean,
            truncation=True,
            max_length=self._longest,
            padding=len(clean) > 1,
            return_tensors="pt",
        ).to(self._device)
        with self._torch.inference_mode():
            logits = self._network(**encoded).logits.float().cpu()
        if self._is_one_of_several():
            scores = logits.softmax(dim=-1)
        else:
            scores = logits.sigmoid()
        made: list[list[float]] = scores.tolist()
        return made

    def _is_one_of_several(self) -> bool:
        """Whether exactly one label is right; else each is right or wrong by itself."""
        kind = self._network.config.problem_type
        return kind != "multi_label_classification" and len(self.labels) > 1


def _longest(config: Any, tokenizer: Any) -> int | None:
    """How many tokens of a text the model can read; None if there is no limit."""
    limits = [tokenizer.model_max_length]
    positions = getattr(config, "max_position_embeddings", None)
    if positions is not None:
        if any(family in config.model_type for family in _SHIFTED):
            positions -= config.pad_token_id + 1
        limits.append(positions)
    longest = min(limits)
    return longest if longest < _NO_LIMIT else None
