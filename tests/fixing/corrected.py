"""A configuration with the corrections that its findings offer."""

from collections import Counter
from pathlib import Path

from otac.diagnostics.diagnostic import Severity
from otac.fixing import Fixed, fix
from otac.pipeline import Compiled, CompileOptions, compile_configuration


def compiled(data: bytes, folder: Path) -> Compiled:
    return compile_configuration("config.yml", data, folder, CompileOptions())


def corrected(data: bytes, folder: Path, *, unsafe: bool = False) -> Fixed:
    def again(new: bytes) -> Compiled:
        return compiled(new, folder)

    return fix(data, again(data), again, unsafe=unsafe)


def errors(found: Compiled) -> Counter[str]:
    """How many errors there are of each code."""
    return Counter(
        one.code for one in found.report.diagnostics if one.severity is Severity.ERROR
    )
