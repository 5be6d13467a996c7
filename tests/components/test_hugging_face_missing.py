"""`HuggingFaceClassifier` where the extra `hf` is not installed."""

import asyncio
import importlib.util

import pytest

from otac.components import Fail, HuggingFaceClassifier

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("transformers") is not None,
    reason="the extra `hf` is installed here",
)


def test_a_service_can_be_made_and_says_at_its_first_text_what_to_install() -> None:
    classifier = HuggingFaceClassifier(model_name="models/queues", api_token="hf_ABC")
    with pytest.raises(Fail) as caught:
        asyncio.run(classifier.classify("text"))
    assert str(caught.value) == (
        "`HuggingFaceClassifier` needs transformers and PyTorch:"
        ' pip install "otac[hf]", or "./otac[hf]" with a copy of the repository (there is no `torch`)'
    )
    assert caught.value.__cause__ is None
