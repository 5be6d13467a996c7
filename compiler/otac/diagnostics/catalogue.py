"""The pages that `otac explain` shows: one for each code, in `pages/`."""

from pathlib import Path

_PAGES = Path(__file__).parent / "pages"


def page(code: str) -> str | None:
    """The page of a code, in Markdown, or None if there is no such code."""
    # Asked of the list and not of the disk, so that no code is a way to another file.
    if code.upper() not in codes():
        return None
    return (_PAGES / f"{code.upper()}.md").read_text("utf-8")


def codes() -> tuple[str, ...]:
    """All codes that have a page, in order."""
    return tuple(sorted(path.stem for path in _PAGES.glob("OTC*.md")))
