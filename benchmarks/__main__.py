"""Runs every measurement and prints a table of ratios."""

import sys
import tempfile
from pathlib import Path

from benchmarks.assurance import assurance
from benchmarks.compiling import compiling
from benchmarks.decisions import deciding
from benchmarks.deploy import deploying
from benchmarks.editing import editing
from benchmarks.overhead import overhead
from benchmarks.resident import resident
from benchmarks.row import Row


def main() -> None:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        rows += compiling(Path(folder))
    rows += assurance()
    rows += editing()
    rows += deciding()
    rows += overhead()
    rows += resident()
    rows += deploying()
    print("| what | ratio | at most | against |")
    print("|---|---|---|---|")
    for row in rows:
        print(
            f"| {row.what} | {row.value:.3f}{row.unit} | {row.limit:g}{row.unit} | {row.peer} |"
        )
    missed = [row.what for row in rows if row.value > row.limit]
    if missed:
        sys.exit(f"over the limit: {', '.join(missed)}")


if __name__ == "__main__":
    main()
