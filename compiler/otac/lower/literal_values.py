"""Texts written into the configuration that belong elsewhere, or say something else."""

import re
from collections.abc import Iterable, Iterator

from otac.config.model import ParameterConfig
from otac.diagnostics.diagnostic import warning
from otac.lower.context import Context
from otac.lower.odd_values import odd_value
from otac.lower.values import is_template
from otac.source.document import Mapping, Node, Scalar, Sequence
from otac.source.secrets import holds_login, looks_secret
from otac.source.unfilled import workflow_expression


def warn_of_literals(
    context: Context, parameters: Iterable[ParameterConfig], owner: str
) -> None:
    """Warn of credentials, each with its replacement, and of what is not filled in."""
    for name, scalar in _literals(parameters):
        if (odd := odd_value(scalar)) is not None:
            context.report(odd)
            continue
        if not looks_secret(name) and not holds_login(scalar.text):
            continue
        variable = re.sub(r"\W+", "_", f"{owner}_{name}").strip("_").upper()
        replacement = f"\"{{{{ get_env('{variable}') }}}}\""
        context.report(
            warning(
                "OTC331",
                f"`{name}` is written into the configuration",
                scalar.span,
                "everyone who reads this file, or the generated code, knows it",
                help=f"write `{replacement}` and set the variable where runs happen, or "
                "`\"{{ secret('...') }}\"` for a Prefect Secret block",
                suggestion=replacement,
            )
        )


def warn_of_stored_literals(
    context: Context, parameters: Iterable[ParameterConfig], instead: str
) -> None:
    """The same where no expression can stand, for Prefect stores the value.

    `instead` says what to do with a credential.
    """
    for name, scalar in _literals(parameters):
        if (odd := odd_value(scalar, renders=False)) is not None:
            context.report(odd)
            continue
        if not looks_secret(name):
            continue
        context.report(
            warning(
                "OTC331",
                f"`{name}` is written into the configuration",
                scalar.span,
                "everyone who reads this file, or Prefect's database, knows it",
                help=instead,
            )
        )


def _literals(parameters: Iterable[ParameterConfig]) -> Iterator[tuple[str, Scalar]]:
    for parameter in parameters:
        yield from _inside(parameter.name, parameter.value)


def _inside(name: str, node: Node) -> Iterator[tuple[str, Scalar]]:
    match node:
        case Scalar():
            is_text = isinstance(node.value, str) and node.value != ""
            is_odd = workflow_expression(node.text) is not None
            if is_text and (is_odd or not is_template(node.text)):
                yield name, node
        case Mapping():
            for key, entry in node.entries.items():
                yield from _inside(key, entry.value)
        case Sequence():
            for item in node.items:
                yield from _inside(name, item)
