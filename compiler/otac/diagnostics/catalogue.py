"""The pages that `otac explain` shows: one for each code, in `pages/`."""

from pathlib import Path
from typing import NamedTuple

_PAGES = Path(__file__).parent / "pages"


def page(code: str) -> str | None:
    """The page of a code, in Markdown, or None if there is no such code."""
    # Asked of the list and not of the disk, so that no code is a way to another file.
    if code.upper() not in codes():
        return None
    return (_PAGES / f"{code.upper()}.md").read_text("utf-8")


class Page(NamedTuple):
    """A page in parts: what it is called, what is wrong and why, and the whole of it."""

    title: str
    explanation: str
    text: str


def read_page(code: str) -> Page | None:
    """The page of a code in parts, or None if there is no such code."""
    text = page(code)
    if text is None:
        return None
    head, _, _ = text.partition("\n## ")
    title, _, explanation = head.partition("\n")
    return Page(title.split(": ", 1)[1], " ".join(explanation.split()), text)


def codes() -> tuple[str, ...]:
    """All codes that have a page, in order."""
    return tuple(sorted(path.stem for path in _PAGES.glob("OTC*.md")))
