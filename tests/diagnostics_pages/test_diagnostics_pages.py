"""Every code has a page, every page a code, and what a page shows is true."""

import re
from pathlib import Path

import pytest

import otac
from case import cases
from otac.diagnostics.catalogue import codes, page
from otac.diagnostics.diagnostic import Severity
from otac.diagnostics.report import Report
from otac.pipeline import CompileOptions, compile_configuration

_SOURCE = Path(otac.__file__).parent
_CODE = re.compile(r'"(OTC[0-9]{3})"')
_LINES = re.DOTALL | re.MULTILINE
_BLOCK = re.compile(r"^```yaml\n(.*?)^```$", _LINES)


def _used() -> set[str]:
    files = (file.read_text(encoding="utf-8") for file in _SOURCE.rglob("*.py"))
    # A bug of ours has no page: the message asks for a report, and says of what.
    return {code for text in files for code in _CODE.findall(text)} - {"OTC901"}


def _text(code: str) -> str:
    text = page(code)
    assert text is not None
    return text


def _is_about_the_configuration(code: str) -> bool:
    """Whether a file alone can have it; 4xx to 6xx are about other files and servers."""
    return code < "OTC400"


def _report(text: str, folder: Path) -> Report:
    # Components of one's own may be named without being there.
    options = CompileOptions(
        unresolved=Severity.WARNING, environment=frozenset(("QUEUE",))
    )
    return compile_configuration("config.yml", text.encode(), folder, options).report


def _found(text: str, folder: Path) -> dict[str, Severity]:
    report = _report(text, folder)
    return {one.code: one.severity for one in report.diagnostics}


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
        "## To silence it",
    ]
    assert len(lines) <= 29
    assert text.endswith("\n")
    # As Python has it.
    assert "\n\n\n" not in re.sub(r"\n\n\n(async )?def ", "\ndef ", text)


# What they are about stands in a file beside the configuration.
_RECORD = {"OTC370", "OTC371", "OTC372", "OTC374"}
EXAMPLES = [code for code in codes() if "OTC2" <= code < "OTC4" and code not in _RECORD]


@pytest.fixture
def folder(code: str, tmp_path: Path) -> Path:
    """Where the module lies that a page shows beside its example, if it does."""
    for module in re.findall(r"^```python\n(.*?)^```$", _text(code), _LINES):
        (tmp_path / "acme.py").write_text(module, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_examples_of_a_page(code: str, folder: Path) -> None:
    """The first one has the finding; the second one compiles, and has it no more."""
    broken, mended = _BLOCK.findall(_text(code))
    assert code in _found(broken, folder)
    after = _found(mended, folder)
    assert code not in after
    assert Severity.ERROR not in after.values()


@pytest.mark.parametrize("code", EXAMPLES)
def test_what_a_page_says_of_silencing(code: str, folder: Path) -> None:
    text = _text(code)
    example, _ = _BLOCK.findall(text)
    report = _report(example, folder)
    found = [one for one in report.diagnostics if one.code == code]
    said = " ".join(text.partition("## To silence it\n")[2].split())
    comment = f"# otac: ignore[{code}]"
    if all(one.severity is Severity.ERROR for one in found):
        assert said.endswith("Errors cannot be silenced.")
        return
    if code in ("OTC209", "OTC210"):  # about comments
        assert comment not in said
        return
    assert f"`{comment}`" in said
    lines = example.splitlines()
    for one in found:
        assert one.span is not None
        line = report.source.place(one.span.start).line - 1
        if comment not in lines[line]:
            lines[line] += f"  {comment}"
    assert code not in _found("\n".join(lines), folder)
