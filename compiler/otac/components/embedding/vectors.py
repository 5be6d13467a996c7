"""Word vectors that are installed with `wordllama`: nothing is downloaded."""

import importlib
import logging
import threading
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from otac.components.outcome import Fail

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_loading = threading.Lock()


def embed(texts: Sequence[str]) -> "Vectors":
    """One unit vector for each text; zero for a text without words."""
    # The tokenizer refuses lone surrogates.
    clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
    return unit(_loaded().embed(clean))


def word_vectors(words: Sequence[str]) -> "Vectors":
    """One vector for each word, the longer the more the word says."""
    import numpy as np

    if not words:
        return np.zeros((0, _loaded().embedding.shape[1]), np.float32)
    return np.stack([_word_vector(word) for word in words])


def unit(vectors: "Vectors") -> "Vectors":
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    # Zero has no direction and stays zero.
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


@lru_cache(maxsize=20_000)
def _word_vector(word: str) -> "Vectors":
    import numpy as np

    model = _loaded()
    clean = word.encode("utf-8", "replace").decode("utf-8")
    tokens = model.tokenizer.encode(clean, add_special_tokens=False).ids
    vector: Vectors = model.embedding[tokens].sum(axis=0, dtype=np.float32)
    return vector


def _loaded() -> Any:
    with _loading:
        return _model()


@cache
def _model() -> Any:
    """The embeddings, once a process: loading takes some tenths of a second."""
    # It configures the root logger when it is imported, unless that has a handler.
    root, placeholder = logging.getLogger(), logging.NullHandler()
    root.addHandler(placeholder)
    try:
        wordllama: Any = importlib.import_module("wordllama")
    except ImportError:
        raise Fail(
            "`EmbeddingClassifier` needs the package `wordllama`:"
            " install `otac[prefect]`"
        ) from None
    finally:
        root.removeHandler(placeholder)
    # The weights are in the package, but its plain `load()` looks for them on the network.
    return wordllama.WordLlama.load(
        cache_dir=Path(wordllama.__file__).parent, disable_download=True
    )
