"""The module that a runner becomes."""

from typing import NamedTuple

from otac.lower.reserved import module_name
from otac.lsp.state import State


class Preview(NamedTuple):
    """A generated file: its path in the project, and its text."""

    path: str
    text: str


def preview(state: State, offset: int) -> Preview | None:
    """The module of the runner at an offset; None outside of runners, or with errors."""
    known = state.known if state.is_ours else None
    compiled = state.compiled
    if known is None or compiled.output is None or compiled.project is None:
        return None
    for runner in compiled.project.runners:
        node = next(
            (
                one.node
                for one in known.outline.runners
                if one.id is not None and one.id.text == runner.id
            ),
            None,
        )
        if node is not None and node.start <= offset <= node.end:
            return _module(state, runner.id)
    return None


def _module(state: State, runner: str) -> Preview | None:
    output = state.compiled.output
    path = f"generated/flows/{module_name(runner)}.py"
    for artifact in () if output is None else output.artifacts:
        if artifact.path == path:
            return Preview(path, artifact.text)
    return None
