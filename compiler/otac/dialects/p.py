"""`orchestrator.pipelines`, which tutorials printed and no release read."""

from typing import cast

from otac.config.shape_findings import unknown_key
from otac.diagnostics.diagnostic import warning
from otac.diagnostics.suggest import nearest
from otac.dialects import names
from otac.dialects.dialect import Spelling
from otac.dialects.findings import Findings
from otac.dialects.nodes import Entries, added, entry, mapping, replaced
from otac.dialects.rewriting import Words
from otac.dialects.translation import Translators
from otac.dialects.triggers import interval
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

# A pipeline's `params` are what its pipes mean by it: flows had none.
SPELLING = Spelling(Words(at_path="nest_at", enclosing=("params",)), flat=True)


def translate(orchestrator: Mapping, translation: Translators) -> None:
    """Add a runner for each pipeline."""
    pipelines = orchestrator.entries["pipelines"]
    _warn(pipelines.key, translation.found)
    for item in cast(Sequence, pipelines.value).items:
        _runner(cast(Mapping, item), translation)


def _runner(node: Mapping, translation: Translators) -> None:
    pipes = node.entries.get("pipes") or node.entries.get("steps")
    steps: list[Node] = []
    if pipes is not None and isinstance(pipes.value, Sequence):
        found = translation.found
        steps = [_pipe(cast(Mapping, item), found) for item in pipes.value.items]
    at = node if pipes is None else pipes.value
    listed = Sequence(steps, at.start, at.end, at.via)
    entries: Entries = {}
    if "params" in node.entries:
        entries["params"] = node.entries["params"]
    if pipes is None:
        entries |= added("steps", listed, node)
    else:
        entries |= entry(pipes.key, "steps", listed)
    translation.runner(
        node,
        node.entries.get("name") or node.entries.get("id"),
        translation.pipes.root(mapping(entries, node)),
        _schedule(node),
    )


def _schedule(node: Mapping) -> Entries:
    every, cron = (
        node.entries.get("run_every_milli_seconds"),
        node.entries.get("schedule"),
    )
    if every is not None:
        value = cast(Scalar, every.value)
        return interval(cast(float, value.value) / 1000, every.key, value)
    return {} if cron is None else entry(cron.key, "cron", cron.value)


def _pipe(node: Mapping, found: Findings) -> Mapping:
    """`pipe_name: fetch_tickets` is the pipe of that name, called so."""
    name = node.entries.get("pipe_name") or node.entries.get("use")
    if name is None:
        name = next((one for one in node if _is_misspelt(one)), None)
        if name is None:
            return node
        found.report(unknown_key(name.key, ("pipe_name",), "a pipe"))
    scalar = cast(Scalar, name.value)
    written = "".join(word.capitalize() for word in scalar.text.split("_"))
    known = names.today(written)
    use = scalar if known is None else replaced(scalar, written)
    entries = {
        key: one
        for key, one in node.entries.items()
        if key not in ("pipe_name", name.key.text)
    }
    entries["use"] = Entry(name.key, use)
    if "id" not in entries and known is not None:
        entries |= added("id", replaced(scalar, scalar.text), scalar)
    return mapping(entries, node)


def _is_misspelt(one: Entry) -> bool:
    is_name = isinstance(one.value, Scalar) and isinstance(one.value.value, str)
    return is_name and nearest(one.key.text, ("pipe_name",)) is not None


def _warn(key: Scalar, found: Findings) -> None:
    found.report(
        warning(
            "OTC212",
            "no release of Open Ticket AI read `pipelines`",
            key.span,
            "only its tutorials had this form; it is read as they meant it",
            help="write `runners`, each with `pipe_id`, `pipe` and `interval_seconds`; "
            "`otac migrate` does it",
        )
    )
