"""A file of tests, and its tests as they are run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otac.lower.project import Runner
from otac.source.document import Document, Json, Scalar, Span
from otac.source.document import Mapping as MappingNode
from otac.source.source_text import SourceText


@dataclass(frozen=True, slots=True)
class Written:
    """A test as it stands in its file, which fits the schema.

    `node` has everything; the rest is what every reader wants. Of one that `is_damaged`,
    a part did not fit: it is not run.
    """

    name: str
    runner: Scalar
    node: MappingNode
    expect: MappingNode
    is_damaged: bool = False

    @property
    def span(self) -> Span:
        """Where its name stands."""
        found = self.node.get("name")
        return self.node.span if found is None else found.span

    def value(self, key: str) -> Json:
        """What stands under a key, without positions; None where it is absent."""
        node = self.node.get(key)
        return None if node is None else node.plain()


@dataclass(frozen=True, slots=True)
class Suite:
    """A file whose tests fit the schema."""

    path: Path
    document: Document
    tests: tuple[Written, ...]

    @property
    def source(self) -> SourceText:
        return self.document.source


@dataclass(frozen=True, slots=True)
class Case:
    """A test that fits the configuration.

    `task` is what the process that runs it is told, as JSON. One that `expects_nothing` is
    run only to fill that in.
    """

    file: Suite
    written: Written
    runner: Runner
    task: Mapping[str, Any]
    expects_nothing: bool = False

    @property
    def name(self) -> str:
        return self.written.name
