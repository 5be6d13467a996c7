"""`otac migrate --anonymize`: a file that can be shared, and whether it is answered the same."""

import sys
from collections import Counter
from pathlib import Path

from otac.cli.configuration import STANDARD_INPUT, Configuration
from otac.cli.exit_status import Exit
from otac.cli.rewriting import write_new
from otac.cli.terminal import Printing, print_problem, say
from otac.diagnostics.diagnostic import Severity
from otac.diagnostics.frame import visible
from otac.migrate import encoded_like
from otac.pipeline import CompileOptions, compile_configuration
from otac.rescue.anonymous import anonymous
from otac.source.source_text import Place, SourceText

_Findings = Counter[tuple[str, Place | None]]


def run_anonymize(
    configuration: Configuration, output: str | None, printing: Printing
) -> Exit:
    """Write the file without what identifies anybody; to standard output by default."""
    text = SourceText.decode(configuration.name, configuration.data).text
    data = encoded_like(anonymous(text), configuration.data)
    if output is None or output == STANDARD_INPUT:
        sys.stdout.buffer.write(data)
    else:
        problem = write_new(Path(output), data)
        if problem is not None:
            return print_problem(problem, printing)
    before, after = (_found(configuration, one) for one in (configuration.data, data))
    name = visible(configuration.name)
    if before == after:
        say(f"{name}: {before.total()} findings, and the same in this one", printing)
    for sign, found in (("lacks", before - after), ("has", after - before)):
        for code, place in found.elements():
            where = "" if place is None else f" at {place.line}:{place.column}"
            say(f"{name}: the anonymous file {sign} {code}{where}", printing)
    say("read it before you share it", printing)
    return Exit.OK


def _found(configuration: Configuration, data: bytes) -> _Findings:
    options = CompileOptions(unresolved=Severity.WARNING)
    name, folder = configuration.name, configuration.folder
    report = compile_configuration(name, data, folder, options).report
    return _Findings(
        (one.code, None if one.span is None else report.source.place(one.span.start))
        for one in report.diagnostics
    )
