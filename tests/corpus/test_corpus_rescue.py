"""What `otac migrate --fix --unsafe-fixes --accept` makes of the real configurations."""

from collections import Counter

from benchmarks.repairs import rescued_file
from real_files import CORPUS, names, needs_corpus

from otac.diagnostics.diagnostic import Severity
from otac.pipeline import Compiled, CompileOptions, compile_configuration

# Less would be a step back.
LEAST = 129
CREDENTIAL = "OTC331"


def errors(of: Compiled) -> Counter[str]:
    found = of.report.diagnostics
    return Counter(one.code for one in found if one.severity is Severity.ERROR)


@needs_corpus
def test_no_real_file_gets_worse_and_many_compile() -> None:
    good = 0
    for name in names():
        file = CORPUS / name
        before = compile_configuration(
            "config.yml", file.read_bytes(), file.parent, CompileOptions()
        )
        rescued = rescued_file(file)
        assert errors(rescued.old.compiled) <= errors(before), name
        if rescued.new is None:
            assert before.output is None, name
            continue
        after = rescued.new.compiled
        # What several places shared is written out, and so is said as often.
        assert errors(after).keys() <= errors(before).keys(), name
        good += after.output is not None
        if before.output is None:
            continue
        assert after.output is not None, name
        if all(made.found.code != CREDENTIAL for made in rescued.made):
            assert after.output.artifacts == before.output.artifacts, name
    assert good >= LEAST
