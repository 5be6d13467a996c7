"""`docs/components.md` says what is true: its tables, its YAML and its Python."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from otac.components import (
    Classifier,
    Fail,
    KeywordClassifier,
    Notifier,
    SqliteTicketSystem,
    invoke,
)
from otac.components.catalogue import catalogue
from otac.components.sqlite.seed import Seed

PAGE = (Path(__file__).parents[2] / "docs" / "components.md").read_text(
    encoding="utf-8"
)


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_each_component_has_a_section_with_all_its_names(name: str) -> None:
    section = re.split(r"\n##+ ", PAGE.split(f"\n### `{name}`\n", 1)[1])[0]
    entry = catalogue()[name]
    results = (entry["results"] or {}).get("properties", {})
    for word in [*entry["parameters"]["properties"], *results]:
        shown = re.search(rf"`{word}`|^ *{word}: ", section, re.MULTILINE)
        assert shown is not None, word
    for service in entry["services"]:
        row = next(line for line in PAGE.splitlines() if f"[`{name}`]" in line)
        assert f"`{service}`" in row


def examples() -> list[dict[str, Any]]:
    found = []
    for block in blocks("yaml"):
        data = yaml.safe_load(block)
        if "use" in data:
            found.append(data)
        found += data.get("services", {}).values()
    return found


def test_there_is_an_example_of_each_component() -> None:
    assert {example["use"] for example in examples()} == set(catalogue())


@pytest.mark.parametrize("example", examples(), ids=lambda example: example["use"])
def test_examples_fit_the_schema(example: dict[str, Any]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = catalogue()[example["use"]]["parameters"]
    parameters = {k: v for k, v in example.items() if k not in ("id", "use")}
    jsonschema.Draft202012Validator(schema).validate(parameters)


def test_the_example_of_a_seed_is_one() -> None:
    (seed,) = [yaml.safe_load(it) for it in blocks("yaml") if it.startswith("queues:")]
    assert Seed.model_validate(seed).tickets[0].notes[0].body == "Called her back."


def test_the_components_of_ones_own_work(helpdesk: SqliteTicketSystem) -> None:
    names: dict[str, Any] = {"__name__": "acme"}
    for block in blocks("python"):
        exec(block, names)  # noqa: S102
    words: Classifier = KeywordClassifier({"Billing": ["invoice"]}, word_precision=0.8)

    def call(component: str, **arguments: object) -> dict[str, Any]:
        given = {"ticket_system": helpdesk, **arguments}
        return asyncio.run(invoke(names[component], given))

    assert call("triage", ticket_id=1, classification_service=words, queue="IT") == {
        "label": "Billing",
        "confidence": 0.8,
    }
    assert asyncio.run(helpdesk.get("1")).queue.name == "Billing"
    assert call("Remind", ticket_id="4") == {"added": True}
    assert call("Remind", ticket_id="4") == {"added": False}
    with pytest.raises(Fail, match="nobody to remind"):
        call("Remind", ticket_id="1")
    assert isinstance(names["Pager"]("112"), Notifier)
