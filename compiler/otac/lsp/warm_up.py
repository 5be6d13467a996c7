"""What is slow when it is asked for the first time, done before somebody waits for it."""

from pathlib import Path

from otac.expressions.environment import Sandbox
from otac.lsp.completion import complete
from otac.lsp.hover import hover
from otac.lsp.state import State

_TEXT = """\
orchestrator:
  runners:
    - pipe_id: a
      pipe:
        steps:
          - {id: b, use: Expression, expression: "{{ [x for x in y] | length }}"}
          - {id: c, use: Expression, if: "{{ has_failed('b') }}"}
"""


def warm_up() -> None:
    """Loads the schema, the catalogue and Jinja, and asks each way once."""
    Sandbox()
    state = State("config.yml", Path(), _TEXT)
    for asked in ("pipe_id", "Expression", "has_failed", "b')", "length"):
        offset = _TEXT.index(asked) + 1
        hover(state, offset)
        complete(state, offset)
