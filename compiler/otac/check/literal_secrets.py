"""Credentials written into the configuration."""

import re
from collections.abc import Iterator

from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.lower.project import (
    Argument,
    Call,
    Composite,
    ListValue,
    Literal,
    MappingValue,
    Project,
    Step,
    Value,
)
from otac.lower.secrets import looks_secret
from otac.source.document import Json
from otac.source.span import Span


def check_literal_secrets(project: Project) -> Iterator[Diagnostic]:
    """Literals where a credential belongs, each with its replacement."""
    for service in project.services:
        yield from _arguments(service.arguments, service.title)
    for runner in project.runners:
        yield from _arguments(runner.config, runner.id)
        for step in runner.steps:
            yield from _step(step, runner.id)


def _step(step: Step, owner: str) -> Iterator[Diagnostic]:
    match step.action:
        case Call(arguments=arguments):
            yield from _arguments(arguments, step.id)
        case Composite(steps=steps, config=arguments):
            yield from _arguments(arguments, step.id)
            for inner in steps:
                yield from _step(inner, owner)


def _arguments(arguments: tuple[Argument, ...], owner: str) -> Iterator[Diagnostic]:
    for argument in arguments:
        yield from _value(argument.name, argument.value, owner)


def _value(name: str, value: Value, owner: str) -> Iterator[Diagnostic]:
    match value:
        case Literal(data=str() as text, origin=origin) if text and looks_secret(name):
            yield _finding(name, owner, origin)
        case Literal(data=data, origin=origin):
            for inner in _secret_keys(data):
                yield _finding(inner, owner, origin)
        case MappingValue(entries=entries):
            for key, inner_value in entries:
                yield from _value(key, inner_value, owner)
        case ListValue(items=items):
            for item in items:
                yield from _value(name, item, owner)
        case _:
            pass


def _secret_keys(data: Json) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            if isinstance(value, str) and value and looks_secret(key):
                yield key
            else:
                yield from _secret_keys(value)
    elif isinstance(data, list):
        for item in data:
            yield from _secret_keys(item)


def _finding(name: str, owner: str, origin: Span) -> Diagnostic:
    variable = re.sub(r"\W+", "_", f"{owner}_{name}").strip("_").upper()
    replacement = f"\"{{{{ get_env('{variable}') }}}}\""
    return warning(
        "OTC331",
        f"`{name}` is written into the configuration",
        origin,
        "everyone who reads this file, or the generated code, knows it",
        help=f"write `{replacement}` and set the variable where runs happen, or "
        "`\"{{ secret('...') }}\"` for a Prefect Secret block",
        suggestion=replacement,
    )
