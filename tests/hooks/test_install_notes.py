"""Until a release is published, whoever says `pip install otac` says what to do instead."""

import re
import subprocess

from programs import ROOT

# With extras, a version, quotes, options.
_SAYS = re.compile(
    r"""pip install (--\S+ )*["']?otac\b|additional_dependencies: \[.?otac"""
)
_ALSO = re.compile(r"repository|install\.md")
# What was decided, and changed, is of its day.
_RECORDS = ("docs/decisions/", "CHANGELOG.md", "tests/", "benchmarks/")


def test_every_page_that_names_the_release_names_the_repository() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    saying = {}
    for name in listed:
        if name.startswith(_RECORDS) or not (ROOT / name).is_file():
            continue
        text = (ROOT / name).read_text(encoding="utf-8", errors="replace")
        if _SAYS.search(text):
            saying[name] = bool(_ALSO.search(text))
    assert len(saying) > 10
    assert [name for name, also in saying.items() if not also] == []
