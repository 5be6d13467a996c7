"""Configurations that are valid, and the same with a few changes made at random."""

import copy
import json
from functools import cache
from typing import Any

from hypothesis import strategies as st

from case import cases
from otac import source
from otac.dialects import Dialect, Form, recognise
from otac.source.document import Document

_SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 3),
    st.sampled_from([10**9, 10**12, 0.5, 1.0, -0.0, 1e300]),
    st.sampled_from(
        ["", "stop", "5m", "a b", "CheckEscalations", "{{ item }}", "a" * 201]
    ),
    st.text("aZ0-_.*&!{}'\"\\\n é\N{RIGHT-TO-LEFT OVERRIDE}\N{FOX FACE}", max_size=4),
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["use", "id", "steps", "x"]), inner, max_size=3
        )
    ),
    max_leaves=4,
)
_KEYS = st.sampled_from(
    [
        "use",
        "id",
        "pipe_id",
        "pipe",
        "steps",
        "if",
        "for_each",
        "params",
        "cron",
        "retries",
        "retry_delay_seconds",
        "on_error",
        "tags",
        "after",
        "x-note",
        "open_ticket_ai",
    ]
)


@cache
def valid_configurations() -> tuple[dict[str, Any], ...]:
    """The golden cases in today's form that compile, as plain data."""
    found = []
    for case in cases():
        if "prefect.yaml" in case.expected():
            document = source.read(
                "config.yml", (case.folder / "config.yml").read_bytes()
            )
            assert isinstance(document, Document)
            dialect = recognise(document.root)
            if not isinstance(dialect, Dialect) or dialect.form is not Form.TODAY:
                continue  # an older form has a schema of its own
            data = document.root.plain()
            assert isinstance(data, dict)
            found.append(data)
    return tuple(found)


@st.composite
def changed_configurations(draw: st.DrawFn) -> Any:
    """A valid configuration with up to four values replaced, renamed, added or removed."""
    root = [copy.deepcopy(draw(st.sampled_from(valid_configurations())))]
    for _ in range(draw(st.integers(0, 4))):
        holder, key = draw(st.sampled_from(list(_places(root))))
        match draw(st.sampled_from(["replace", "remove", "rename", "add"])):
            case "remove" if holder is not root:
                del holder[key]
            case "rename" if isinstance(holder, dict):
                holder[draw(_KEYS)] = holder.pop(key)
            case "add" if isinstance(holder[key], dict):
                holder[key][draw(_KEYS)] = draw(_VALUES)
            case "add" if isinstance(holder[key], list):
                holder[key].append(draw(_VALUES))
            case _:
                holder[key] = draw(_VALUES)
    return root[0]


def written(data: Any) -> bytes:
    """The data as JSON, which is YAML; DEL is the one character it leaves bare there."""
    return json.dumps(data, ensure_ascii=False).replace("\x7f", "\\u007f").encode()


def _places(holder: Any) -> Any:
    """Every place of a tree, as what holds it and its key or index."""
    for key in list(holder) if isinstance(holder, dict) else range(len(holder)):
        yield holder, key
        if isinstance(holder[key], dict | list):
            yield from _places(holder[key])
