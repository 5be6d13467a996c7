"""What the page of each code says."""

import re
from pathlib import Path

import otac

PACKAGE = Path(otac.__file__).parent


def test_every_code_has_a_page_that_explains_it() -> None:
    sources = "".join(path.read_text() for path in (PACKAGE / "output").glob("*.py"))
    codes = sorted(set(re.findall(r"OTC\d{3}", sources)))
    assert codes == [
        *(f"OTC40{number}" for number in range(1, 9)),
        *(f"OTC50{number}" for number in range(1, 5)),
    ]
    for code in codes:
        page = (PACKAGE / "diagnostics" / "pages" / f"{code}.md").read_text()
        assert page.startswith(f"# {code}: ")
        assert "\n## Example\n" in page
        assert "\n## What to do\n" in page
        assert len(page.splitlines()) <= 25
