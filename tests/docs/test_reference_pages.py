"""Pages that tools write are what they write; tables written by hand name what there is."""

import asyncio
import re
import runpy
from pathlib import Path

import pytest

from otac.catalogue import built_in_entries
from otac.components import KeywordClassifier

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_keys_components_and_commands_are_up_to_date() -> None:
    # `python tools/keys_page.py` writes them.
    tool = runpy.run_path(str(ROOT / "tools" / "keys_page.py"))
    assert tool["render"]() == page("keys.md")
    assert tool["render_commands"]() == page("commands.md")
    assert tool["render_components"](page("components.md")) == page("components.md")


def test_each_component_has_its_table() -> None:
    named = re.findall(r"<!-- parameters of (\w+) -->", page("components.md"))
    assert sorted(named) == sorted(built_in_entries())


def test_each_variable_of_otac_is_among_the_settings() -> None:
    read = {
        name
        for file in (ROOT / "compiler" / "otac").rglob("*.py")
        for name in re.findall(r'"(OTAC_[A-Z]+)"', file.read_text(encoding="utf-8"))
    }
    read.remove("OTAC_VERSION")  # a word in the templates of `otac init`
    assert "OTAC_ARTIFACTS" in read
    for name in read:
        assert f"| `{name}` |" in page("settings.md")


# What a program prints around the names that differ.
_MESSAGES = {
    "helpdesk.md": "When something is wrong",
    "de/helpdesk.md": "Wenn etwas nicht geht",
    "run-failed.md": "What the message means",
}


@pytest.mark.parametrize(("name", "heading"), _MESSAGES.items())
def test_messages_that_a_page_explains_are_messages(name: str, heading: str) -> None:
    sources = "\n".join(
        re.sub(r'"\s*\n\s*f?"', "", file.read_text(encoding="utf-8"))
        for file in (ROOT / "compiler" / "otac").rglob("*.py")
    )
    table = page(name).split(f"## {heading}\n", 1)[1].split("\n## ")[0]
    cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    parts = [
        part.strip()
        for cell in cells
        for message in re.findall(r"`([^`]+)`", cell)
        for part in message.split("...")
        # Python says these two.
        if message not in ("ModuleNotFoundError", "No module named 'generated'")
    ]
    assert len(cells) >= 6
    missing = [it for it in parts if it and re.sub(r"\d+( s)?", "", it) not in sources]
    assert missing == []


def test_the_german_page_explains_the_same_messages() -> None:
    english, german = (
        set(re.findall(r"^\| `(.{15})", page(name), re.MULTILINE))
        for name in ("helpdesk.md", "de/helpdesk.md")
    )
    assert english == german


def test_the_german_words_route_german_tickets() -> None:
    yaml = pytest.importorskip("yaml")
    (block,) = re.findall(r"```yaml\n(.*?)```", page("de/tutorial.md"), re.DOTALL)
    words = yaml.safe_load(block)["classifier"]
    assert words.pop("use") == "KeywordClassifier"
    classifier = KeywordClassifier(words["labels"], words["word_precision"])
    for text, queue in (
        ("Meine Rechnungen stimmen nicht", "Billing"),
        ("Das Passwort ist abgelaufen", "IT Support"),
        ("Ich bin krank", "HR"),
    ):
        made = asyncio.run(classifier.classify(text))
        assert (made.label, made.confidence) == (queue, 0.8)
