"""Texts written into the configuration that belong elsewhere, or say something else."""

import re
from collections.abc import Iterable, Iterator

from otac.config.model import ParameterConfig
from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.lower.context import Context
from otac.lower.project import ListValue, Literal, MappingValue, Template, Value
from otac.source.document import Mapping, Node, Scalar, Sequence
from otac.source.mistakes import odd_characters, straightened, unquoted
from otac.source.secrets import holds_login, looks_secret
from otac.source.unfilled import VALUE_ITSELF, Unfilled, unfilled, workflow_expression


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


# Nodes of the configuration to values of the IR.
def is_template(text: str) -> bool:
    """Whether Jinja would do anything with the text."""
    return "{{" in text or "{%" in text or "{#" in text


def lower_value(node: Node) -> Value:
    """A value whose literal parts are literals and whose Jinja strings are templates."""
    if isinstance(node, Scalar):
        if isinstance(node.value, str) and is_template(node.value):
            return Template(node.value, node.span, node)
        return Literal(node.value, node.span)
    if isinstance(node, Mapping):
        entries = tuple((key, lower_value(e.value)) for key, e in node.entries.items())
        if all(isinstance(value, Literal) for _, value in entries):
            return Literal(node.plain(), node.span)
        return MappingValue(entries, node.span)
    items = tuple(lower_value(item) for item in node.items)
    if all(isinstance(item, Literal) for item in items):
        return Literal(node.plain(), node.span)
    return ListValue(items, node.span)


# Texts that are not what their author meant: nothing has filled them in yet.
def odd_value(scalar: Scalar, *, renders: bool = True) -> Diagnostic | None:
    """The warning about a text; `renders` tells whether an expression may stand there."""
    text = scalar.text
    if not isinstance(scalar.value, str) or "\n" in text.strip():
        return None
    inside = unquoted(text)
    if inside is not None:
        return warning(
            "OTC396",
            "these quotes are a part of the text",
            scalar.span,
            f"there is a {next(odd_characters(text)).name} around it",
            help=f'write `"{inside}"`',
            suggestion=f'"{inside}"' if '"' not in inside else None,
        )
    expression = workflow_expression(text)
    if expression is not None:
        return warning(
            "OTC395",
            "`$` is a part of the text here",
            scalar.span,
            "`${{ }}` is what other tools write",
            help=f"write `{expression}`",
            suggestion=f'"{expression}"' if '"' not in expression else None,
        )
    found = unfilled(text)
    if found is not None:
        return _not_filled_in(scalar, found, renders)
    return _edges(scalar)


def _not_filled_in(scalar: Scalar, filled: Unfilled, renders: bool) -> Diagnostic:
    text = scalar.text.strip().replace(filled.written, filled.expression)
    quoted = None if '"' in text else f'"{text}"'
    if not renders:
        advice = VALUE_ITSELF
    elif filled.is_placeholder:
        advice = f"write the value, or `{quoted or text}` and set that variable"
    else:
        advice = f"write `{quoted or text}`"
    return warning(
        "OTC395",
        f"`{filled.written}` is a placeholder"
        if filled.is_placeholder
        else f"`{filled.written}` is plain text here",
        scalar.span,
        "nobody has filled it in" if filled.is_placeholder else "no shell fills it in",
        help=advice,
        suggestion=quoted if renders else None,
    )


def _edges(scalar: Scalar) -> Diagnostic | None:
    """A space at an end of the text that `strip` of YAML does not take for one."""
    text = scalar.text
    for odd in odd_characters(text):
        if odd.sign.strip() or (text[: odd.at].strip() and text[odd.end :].strip()):
            continue
        where = "starts" if not text[: odd.at].strip() else "ends"
        meant = straightened(text).strip()
        return warning(
            "OTC396",
            f"this text {where} with a {odd.name}",
            scalar.span,
            "it is a part of the text",
            help=f'write `"{meant}"`',
            suggestion=f'"{meant}"' if '"' not in meant else None,
        )
    return None
