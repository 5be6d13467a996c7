"""`otac build --watch` builds after each save, good or bad."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from command import OTAC, SOUND, otac


def _until(log: Path, words: str) -> str:
    deadline = time.monotonic() + 120
    while words not in (text := log.read_text("utf-8")):
        assert time.monotonic() < deadline, text
        time.sleep(0.1)
    return text


@contextmanager
def _watching(folder: Path) -> Iterator[Path]:
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [OTAC, "build", "--watch"], cwd=folder, stdout=output, stderr=output
        )
    try:
        yield log
    finally:
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(60) == 0
        finally:
            process.kill()
            process.wait()


def test_each_save_is_built(tmp_path: Path) -> None:
    """Of the configuration and of a module that it names; what is wrong is shown."""
    config, module = tmp_path / "config.yml", tmp_path / "acme.py"
    module.write_text("def work() -> None:\n    pass\n", "utf-8")
    config.write_text(SOUND.replace("CheckEscalations", "acme:work"), "utf-8")
    with _watching(tmp_path) as log:
        _until(log, "watching config.yml")
        flow = tmp_path / "generated" / "flows" / "triage.py"
        assert flow.exists()
        config.write_text(config.read_text("utf-8") + "      tagz: [a]\n", "utf-8")
        _until(log, "error[OTC202]: unknown key `tagz`")
        text = config.read_text("utf-8").replace("tagz", "tags")
        config.write_text(text, "utf-8")
        _until(log, "updated")
        assert "'a'" in (tmp_path / "prefect.yaml").read_text("utf-8") or "- a" in (
            tmp_path / "prefect.yaml"
        ).read_text("utf-8")
        module.write_text("def toil() -> None:\n    pass\n", "utf-8")
        _until(log, "`acme`")


def test_standard_input_cannot_be_watched(tmp_path: Path) -> None:
    done = otac("build", "-", "--watch", cwd=tmp_path, input=SOUND)
    assert (done.status, done.out) == (2, "")
    assert "needs a configuration that is a file" in done.err
