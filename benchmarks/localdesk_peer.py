"""`PYTHON benchmarks/localdesk_peer.py LEARN JUDGE`: what `localdesk` decides, as JSON.

Runs in an environment of its own with `localdesk[baseline]==0.3.1`; LEARN and JUDGE are CSV
files with the columns `text` and `label`. For each ticket of JUDGE, the best label and its
probability.
"""

import csv
import json
import sys
import tempfile
from pathlib import Path
from typing import Any


def main(learn: Path, judge: Path) -> None:
    # Not in the environment in which this file is checked.
    from importlib import import_module

    experiment: Any = import_module("localdesk.config").Experiment
    prepare: Any = import_module("localdesk.dataset").prepare
    fit: Any = import_module("localdesk.tfidf").fit_tfidf
    labels = sorted({row["label"] for row in rows(learn)})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        task = {
            "id": "tickets",
            "version": "1",
            "instructions": "Choose the group.",
            "labels": {label: f"Tickets of {label}." for label in labels},
            "min_confidence": 0.8,
            "min_margin": 0.2,
        }
        # It wants a test part of its own; as small a one as it takes.
        config = {
            "task": "task.json",
            "dataset": {
                "path": str(learn.resolve()),
                "format": "csv",
                "text_column": "text",
                "label_column": "label",
            },
            "registry": "registry",
            "training": {"backend": "tfidf"},
            "calibration_fraction": 0.2,
            "test_fraction": 0.05,
        }
        (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
        loaded = experiment.load(folder / "config.json")
        backend, _ = fit(loaded, prepare(loaded))
    decided = []
    for row in rows(judge):
        shares = backend.predict(row["text"])["category"]
        label = max(shares, key=lambda each: shares[each])
        decided.append([label, shares[label]])
    print(json.dumps(decided))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
