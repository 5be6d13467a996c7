"""Policies of single steps, as the lowering sees them."""

from pathlib import Path
from typing import cast

from otac import source
from otac.catalogue import known_components
from otac.config.decode import Decoder
from otac.config.schema import compile_schema, configuration_schema
from otac.config.shape import check_shape
from otac.diagnostics.diagnostic import Severity
from otac.lower import Lowered, Options, import_paths, lower
from otac.lower.project import Policy
from otac.source.document import Document, Mapping

_SCHEMA = compile_schema(configuration_schema())


def lowered(text: str, folder: Path = Path("no folder")) -> Lowered:
    """The project of a configuration of the right shape."""
    document = source.read("config.yml", text.encode())
    assert isinstance(document, Document)
    shape = check_shape(document.root, _SCHEMA, "the configuration")
    assert shape.diagnostics == []
    config = Decoder().config(cast(Mapping, document.root), [])
    catalogue = known_components(import_paths(config), (), folder).catalogue
    return lower(config, catalogue, Options("config.yml", ".", Severity.ERROR))


def policy(step: str = "", runner: str = "", defaults: str = "") -> Policy:
    """The policy of a step; each level is given as `key: value, ...`."""
    found = lowered(
        f"""
        orchestrator:
          defaults: {{{defaults}}}
          runners:
            - {{pipe_id: a, pipe: {{use: Expression, expression: 1, {step}}}, {runner}}}
        """
    )
    assert found.diagnostics == ()
    (one,) = found.project.runners[0].steps
    return one.policy
