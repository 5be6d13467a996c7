"""A real server with a real model, and one that answers as the tests say."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from llm_labels import LABELS

from otac.components import LLMClassifier
from otac.local.ports import free_port

KEY = "a key of the test"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of llama.cpp with a model made here."""
    pytest.importorskip("xllamacpp", reason="llama.cpp has no wheel for this machine")
    from tiny_model import write

    model = tmp_path_factory.mktemp("model") / "tiny.gguf"
    write(model)
    port = free_port()
    command = [sys.executable, str(Path(__file__).with_name("serve.py"))]
    with subprocess.Popen(
        [*command, str(model), str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http")
        yield f"http://127.0.0.1:{port}/v1"
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


@pytest.fixture
def classifier(server: str) -> Callable[..., LLMClassifier]:
    """A classifier that asks the real server."""

    def made(**options: Any) -> LLMClassifier:
        given = {"model_name": "tiny", "base_url": server, "api_key": KEY}
        return LLMClassifier(**{**given, "labels": LABELS, **options})

    return made
