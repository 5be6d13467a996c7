"""Writes the list of all codes at the end of `docs/diagnostics.md`, from their pages.

python tools/diagnostics_page.py
"""

from pathlib import Path

from otac.diagnostics.catalogue import codes, read_page

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "diagnostics.md"
_MARK = "<!-- from here on written by tools/diagnostics_page.py -->\n"
_PAGES = "../compiler/otac/diagnostics/pages"


def render(text: str) -> str:
    """The text of the page with its list written anew."""
    head, mark, _ = text.partition(_MARK)
    rows = ["| code | |", "|---|---|"]
    for code in codes():
        page = read_page(code)
        assert page is not None
        rows.append(f"| [{code}]({_PAGES}/{code}.md) | {page.title} |")
    return "\n".join([f"{head}{mark}", *rows, ""])


if __name__ == "__main__":
    written = render(PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(written, encoding="utf-8", newline="\n")
