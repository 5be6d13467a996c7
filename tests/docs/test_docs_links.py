"""Every link of the documentation leads to a file that is there, and to a heading in it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
_CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s#:]*)(?:#([^)\s]+))?\)")


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    text = re.sub(
        r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    found = set()
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        kept = re.sub(r"[^\w\- ]", "", plain.lower())
        found.add(kept.strip().replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links(page: Path) -> None:
    broken = []
    for link, anchor in _LINK.findall(_CODE.sub("", page.read_text("utf-8"))):
        target = page.parent / link if link else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(f"{link}#{anchor}" if anchor else link)
    assert broken == []


def test_a_broken_link_would_be_seen() -> None:
    assert _LINK.findall("[a](b.md#c) [d](e.md) [f](#g)") == [
        ("b.md", "c"),
        ("e.md", ""),
        ("", "g"),
    ]
    assert "what-is-kept" in anchors(ROOT / "docs" / "runtime.md")
    assert "nowhere" not in anchors(ROOT / "docs" / "runtime.md")


def test_every_page_is_in_the_navigation() -> None:
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    docs = ROOT / "docs"
    named = [str(page.relative_to(docs)) for page in PAGES if docs in page.parents]
    missing = [
        name
        for name in named
        if not name.startswith("decisions/") and f"- {name}\n" not in menu
    ]
    assert missing == []
