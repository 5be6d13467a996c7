"""Whatever a file holds, the compiler answers, and soon.

`OTAC_FUZZ=100000 pytest tests/mutation/test_fuzz.py` tries more than every test run does.
"""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest
from fuzzing import inputs

from case import cases
from otac.diagnostics import full
from otac.pipeline import CompileOptions, compile_configuration

COUNT = int(os.environ.get("OTAC_FUZZ", "3000"))
LONGEST = 1.0  # seconds of this process; a busy machine does not count
CHUNKS = 4


@pytest.fixture
def alone() -> Iterator[None]:
    """Without what other tests of this process have left to the collector: walking over
    that takes seconds, and is not the compiler's time."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_no_input_raises_or_takes_long(chunk: int, tmp_path: Path) -> None:
    files = [(case.folder / "config.yml").read_bytes() for case in cases()]
    for data in inputs(files, COUNT // CHUNKS, f"otac {chunk}"):
        begun = process_time()
        try:
            compiled = compile_configuration(
                "config.yml", data, tmp_path, CompileOptions()
            )
            full.render(compiled.report)
        except BaseException:
            print(f"the input was {data!r}")
            raise
        took = process_time() - begun
        assert took < LONGEST, f"{took:.1f} s for {data!r}"
