"""Every code has a page, every page a code, and what a page shows is true."""

import re
from pathlib import Path

import pytest

import otac
from case import cases
from otac.diagnostics.catalogue import codes, page
from otac.diagnostics.diagnostic import Severity
from otac.pipeline import CompileOptions, compile_configuration

_SOURCE = Path(otac.__file__).parent
_CODE = re.compile(r'"(OTC[0-9]{3})"')
_BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def _used() -> set[str]:
    files = (file.read_text(encoding="utf-8") for file in _SOURCE.rglob("*.py"))
    return {code for text in files for code in _CODE.findall(text)}


def _is_about_the_configuration(code: str) -> bool:
    """Whether a file alone can have it; 4xx and 5xx are about disks and servers."""
    return code < "OTC400"


def _found(text: str) -> dict[str, Severity]:
    # Components of one's own may be named without being there.
    options = CompileOptions(unresolved=Severity.WARNING)
    compiled = compile_configuration(
        "config.yml", text.encode(), Path("no folder"), options
    )
    return {one.code: one.severity for one in compiled.report.diagnostics}


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert set(codes()) == _used()


def test_every_code_has_a_golden_case() -> None:
    shown: set[str] = set()
    for case in cases():
        diagnostics = case.expected().get("diagnostics.txt")
        if diagnostics is not None:
            text = diagnostics.read_text(encoding="utf-8")
            shown.update(re.findall(r"\[(OTC[0-9]{3})\]", text))
    assert {
        code for code in _used() if _is_about_the_configuration(code)
    } - shown == set()


@pytest.mark.parametrize("code", codes())
def test_the_form_of_a_page(code: str) -> None:
    text = page(code)
    assert text is not None
    lines = text.splitlines()
    assert re.fullmatch(rf"# {code}: [^A-Z].*[^.]|# {code}: `.*", lines[0])
    assert [line for line in lines if line.startswith("## ")] == [
        "## Example",
        "## What to do",
    ]
    assert len(lines) <= 25
    assert text.endswith("\n")
    assert "\n\n\n" not in text


# What they are about stands in a file beside the configuration.
_RECORD = {"OTC370", "OTC371", "OTC372", "OTC374"}


@pytest.mark.parametrize(
    "code",
    [code for code in codes() if "OTC2" <= code < "OTC4" and code not in _RECORD],
)
def test_the_examples_of_a_page(code: str) -> None:
    """The first one has the finding; the second one compiles, and has it no more."""
    text = page(code)
    assert text is not None
    broken, mended = _BLOCK.findall(text)
    assert code in _found(broken)
    after = _found(mended)
    assert code not in after
    assert Severity.ERROR not in after.values()
