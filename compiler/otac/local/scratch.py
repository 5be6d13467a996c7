"""Generated files that nobody keeps."""

from pathlib import Path

from otac.emit.artifact import Output


def write(output: Output, folder: Path) -> None:
    """Write generated files; `output/` writes those that are kept."""
    for artifact in output.artifacts:
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.text, encoding="utf-8", newline="\n")
