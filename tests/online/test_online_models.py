"""`otac check --online` and models."""

import importlib.util
from pathlib import Path

import pytest
from online_check import Check, lines

CONFIG = """\
services:
  store: {{use: SqliteTicketSystem, params: {{path: helpdesk.db}}}}
  model: {{use: {use}, params: {{{params}}}}}
orchestrator:
  runners:
    - pipe_id: route
      pipe: {{use: ProcessTickets, queue: Incoming}}
"""


def test_a_trained_model_that_is_missing(check: Check, tmp_path: Path) -> None:
    (tmp_path / "helpdesk.yml").write_text('queues: {Incoming: ""}\n', encoding="utf-8")
    config = CONFIG.format(use="TrainedClassifier", params="model: models/none.otac")
    done = check(config)
    reason = (
        "service `model`: the model `models/none.otac` cannot be used: No such file"
    )
    found = [line for line in lines(done) if "OTC682" in line]
    assert found == [
        f"config.yml:3:51: OTC682 {reason} or directory; `otac train` makes one"
    ]
    assert done.status == 1


@pytest.mark.skipif(
    importlib.util.find_spec("transformers") is not None,
    reason="the extra `hf` is installed here",
)
def test_a_model_without_the_library_for_it(check: Check, tmp_path: Path) -> None:
    (tmp_path / "helpdesk.yml").write_text('queues: {Incoming: ""}\n', encoding="utf-8")
    params = "model_name: acme/queues"
    done = check(CONFIG.format(use="HuggingFaceClassifier", params=params))
    (found,) = [line for line in lines(done) if "OTC682" in line]
    assert (
        "config.yml:3:60: OTC682 service `model`: `HuggingFaceClassifier` ne" in found
    )
