"""Prints the notes of a release: its section of the changelog. `release_notes.py VERSION`.

Links of the changelog are relative to the repository; a page of notes lies elsewhere, so
they are written as they read.
"""

import re
import sys
from pathlib import Path

_CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"
_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]+\)")


def main() -> None:
    version = sys.argv[1]
    text = _CHANGELOG.read_text(encoding="utf-8")
    sections = re.split(r"(?m)^## ", text)[1:]
    found = [one for one in sections if one.split(None, 1)[0] == version]
    if len(found) != 1:
        sys.exit(f"CHANGELOG.md has no section `## {version}`")
    heading, _, body = found[0].partition("\n")
    if "unreleased" in heading:
        sys.exit(f"CHANGELOG.md: `## {heading}` says that it is not released")
    told = _LINK.sub(r"\1", body).strip()
    print(f"# otac {version}\n\n{told}")


if __name__ == "__main__":
    main()
