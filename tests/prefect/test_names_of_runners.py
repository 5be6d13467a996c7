"""Projects that share a server deploy by name: one of them must not find another's runs."""

from collections import Counter
from pathlib import Path

import yaml


def test_no_two_projects_have_a_runner_of_one_name() -> None:
    names: Counter[str] = Counter()
    for file in Path(__file__).parent.glob("*/config.yml"):
        loaded = yaml.safe_load(file.read_text("utf-8"))
        names.update(one["pipe_id"] for one in loaded["orchestrator"]["runners"])
    assert len(names) > 20
    assert [name for name, count in names.items() if count > 1] == []
