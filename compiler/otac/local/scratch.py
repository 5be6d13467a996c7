"""Generated files that nobody keeps."""

import json
from pathlib import Path

from otac.emit.layout import Output
from otac.output.lock import LOCK_PATH


def write(output: Output, folder: Path, source: str) -> None:
    """Write generated files; `output/` writes those that are kept.

    Of the lock only what a run looks for: where its steps stand in `source`.
    """
    for artifact in output.artifacts:
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.text, encoding="utf-8", newline="\n")
    lock = folder / LOCK_PATH
    lock.parent.mkdir(parents=True, exist_ok=True)
    places = {runner: dict(lines) for runner, lines in output.places.items()}
    lock.write_text(json.dumps({"source": source, "places": places}), "utf-8")
