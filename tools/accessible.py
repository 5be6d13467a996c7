"""What a screen reader or a keyboard would miss on the pages of a folder, such as the built site.

python tools/accessible.py FOLDER

From the HTML alone: the language, one heading of the first level and none left out below it, a
name for every picture, link, button and field, no id twice. Contrast needs a browser.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_FIELDS = ("input", "select", "textarea")
_NAMING = ("aria-label", "title")
# The theme's own switches of its menus: hidden, and worked by labels where there is a menu.
_SWITCH = "md-toggle"

_Attributes = dict[str, str | None]


def faults(html: str) -> list[str]:
    """Of one page, in words."""
    page = _Page()
    page.feed(html)
    page.close()
    return list(page.found())


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._language: str | None = None
        self._headings: list[int] = []
        self._ids: Counter[str] = Counter()
        self._labelled: set[str | None] = set()
        self._fields: list[_Attributes] = []
        self._nameless: list[str] = []
        # The link or button that is open: its tag, its attributes, what it says.
        self._open: tuple[str, _Attributes, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self._language = given.get("lang")
        elif tag in _HEADINGS:
            self._headings.append(int(tag[1]))
        elif tag == "label":
            self._labelled.add(given.get("for"))
        elif tag in _FIELDS and given.get("type") != "hidden":
            self._fields.append(given)
        elif tag == "img" and "alt" not in given:
            self._nameless.append(f"picture {given.get('src')}")
        if given.get("id"):
            self._ids[str(given["id"])] += 1
        if tag == "button" or (tag == "a" and "href" in given):
            self._open = (tag, given, [])
        elif self._open is not None:
            names = (given.get(key) for key in (*_NAMING, "alt"))
            self._open[2].extend(name for name in names if name)

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open[2].append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._open is None or self._open[0] != tag:
            return
        _, given, said = self._open
        self._open = None
        if not "".join(said).strip() and not _is_named(given):
            self._nameless.append(f"<{tag}> {given.get('href') or given.get('class')}")

    def found(self) -> Iterator[str]:
        if not self._language:
            yield "the page does not say its language"
        firsts = self._headings.count(1)
        if firsts != 1:
            yield f"{firsts} headings of the first level"
        for above, below in pairwise(self._headings):
            if below > above + 1:
                yield f"a heading of level {below} below one of level {above}"
        yield from (f"no name: {what}" for what in self._nameless)
        yield from (f"id twice: {name}" for name, n in self._ids.items() if n > 1)
        for field in self._fields:
            is_switch = _SWITCH in (field.get("class") or "")
            has_label = _is_named(field) or field.get("id") in self._labelled
            if not has_label and not is_switch:
                yield f"no label: field {field.get('id') or field.get('name')}"


def _is_named(given: _Attributes) -> bool:
    return any(given.get(key) for key in _NAMING)


def main() -> int:
    """Prints what is found; 1 if there is something."""
    pages = sorted(Path(sys.argv[1]).rglob("*.html"))
    found = [
        f"{page}: {fault}"
        for page in pages
        for fault in faults(page.read_text(encoding="utf-8"))
    ]
    print("\n".join(found) or f"{len(pages)} pages: nothing found")
    return 1 if found or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
