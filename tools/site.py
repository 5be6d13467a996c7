"""What MkDocs cannot do by itself for the site of docs/ (`hooks` in mkdocs.yml).

Pages link to files of the repository, as their readers on GitHub want it. The site has to
be whole without the repository, so whatever a page links to becomes part of it.
"""

import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
_PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}
_CODES = PurePosixPath("compiler/otac/diagnostics/pages")
_LINK = re.compile(r"(?<=\]\()([^)\s:#]+)(?=[)#])")
_CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LANGUAGES = {".yml": "yaml", ".yaml": "yaml", ".py": "python", ".json": "json"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds what the pages link to, and what that links to."""
    written = ROOT / "tools" / "iframe-worker.js"
    files.append(
        File.generated(config, "assets/iframe-worker.js", abs_src_path=str(written))
    )
    wanted = [*_PAGES, *(f"docs/{file.src_uri}" for file in files)]
    seen: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in seen or not (ROOT / name).exists():
            continue
        seen.add(name)
        uri = _uri(name)
        if files.get_file_from_path(uri) is None:
            files.append(_file(name, uri, config))
        if name.endswith(".md"):
            text = (ROOT / name).read_text(encoding="utf-8")
            wanted += [_target(name, link) for link in _links(text)]
    return files


def on_page_markdown(
    markdown: str, page: Page, config: MkDocsConfig, files: Files
) -> str:
    """Links between files of the repository become links between pages."""
    uri = page.file.src_uri
    name = _name(uri)
    here = PurePosixPath(uri).parent

    def moved(found: re.Match[str]) -> str:
        target = _target(name, found.group())
        if not (ROOT / target).exists():
            return found.group()
        return os.path.relpath(_uri(target), here)

    return _outside_code(markdown, moved)


def on_post_build(config: MkDocsConfig) -> None:
    """Refuses a site that would fetch something from the net."""
    fetched = {
        (path.name, address)
        for path in Path(config.site_dir).rglob("*.html")
        for address in _fetched(path.read_text(encoding="utf-8"))
    }
    if fetched:
        raise PluginError(f"the site fetches from the net: {sorted(fetched)[:5]}")


def _links(text: str) -> list[str]:
    return _LINK.findall(_CODE.sub("", text))


def _outside_code(text: str, moved: object) -> str:
    parts, last = [], 0
    for code in _CODE.finditer(text):
        parts += [_LINK.sub(moved, text[last : code.start()]), code.group()]
        last = code.end()
    return "".join([*parts, _LINK.sub(moved, text[last:])])


def _target(name: str, link: str) -> str:
    """The file of the repository that a link in the file `name` means."""
    return os.path.normpath(PurePosixPath(name).parent / link)


def _uri(name: str) -> str:
    """Where the site has a file of the repository."""
    path = PurePosixPath(name)
    if name in _PAGES:
        return _PAGES[name]
    if path.parent == _CODES:
        return f"codes/{path.name}"
    if (ROOT / name).is_dir():
        return f"files/{name}/index.md"
    if path.parts[0] == "docs":
        return str(path.relative_to("docs"))
    return f"files/{name}" if path.suffix in (".md", ".json") else f"files/{name}.md"


def _name(uri: str) -> str:
    """The file, or folder, of the repository that a page is made of."""
    for name, page in _PAGES.items():
        if page == uri:
            return name
    if uri.startswith("codes/"):
        return str(_CODES / uri.removeprefix("codes/"))
    if uri.startswith("files/"):
        return uri.removeprefix("files/")
    return f"docs/{uri}"


def _file(name: str, uri: str, config: MkDocsConfig) -> File:
    path = ROOT / name
    if path.is_dir():
        return File.generated(config, uri, content="\n".join(_folder(path)))
    if uri != f"files/{name}.md":
        return File.generated(config, uri, abs_src_path=str(path))
    return File.generated(config, uri, content="\n".join(_shown(path, "#")))


def _folder(path: Path) -> Iterator[str]:
    """A folder as one page: links to its pages, and all other files whole."""
    yield f"# {path.relative_to(ROOT)}\n"
    files = [file for file in sorted(path.rglob("*")) if file.is_file()]
    for file in files:
        if "__pycache__" in file.parts or file.suffix in (".db", ".otac", ".lock"):
            continue
        if file.suffix == ".md" and file.is_relative_to(ROOT / "docs"):
            title = file.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
            yield f"- [{title}]({file.name})"
        else:
            yield from _shown(file, "##")


def _shown(path: Path, heading: str) -> Iterator[str]:
    language = _LANGUAGES.get(path.suffix, "")
    text = path.read_text(encoding="utf-8")
    yield f"\n{heading} {path.relative_to(ROOT)}\n\n````{language}\n{text}\n````\n"


def _fetched(page: str) -> list[str]:
    reader = _Fetches()
    reader.feed(page)
    return reader.addresses


class _Fetches(HTMLParser):
    """Addresses that a browser asks as soon as it has the page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        relation = given.get("rel") or ""
        loads = tag in ("script", "img", "iframe", "source") or (
            tag == "link" and relation not in ("canonical", "prev", "next")
        )
        for key in ("src", "href"):
            address = given.get(key) or ""
            if loads and re.match(r"(https?:)?//", address):
                self.addresses.append(address)
