"""`api_version` and `plugins`: which otac and which packages a file is for."""

import re
from collections.abc import Iterator

from otac.config.model import Located
from otac.diagnostics.diagnostic import error, warning
from otac.lower.context import Context
from otac.lower.project import (
    Argument,
    Call,
    Composite,
    ListValue,
    Literal,
    MappingValue,
    Step,
    Template,
    Value,
)

# The version of the configuration language, as files name it in `api_version`.
LANGUAGE = (1, 5)

# No part of a version has more digits than Python converts.
_PART = r"\d{1,18}"
_BARE = re.compile(rf"{_PART}(?:\.{_PART})*", re.ASCII)
_CLAUSE = re.compile(
    rf"(?P<operator>~=|===?|!=|<=|>=|<|>)\s*(?P<version>{_PART}(?:\.{_PART})*(?:\.\*)?)",
    re.ASCII,
)
# PEP 508: name, extras, version specifier or URL, marker.
_REQUIREMENT = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\s*(?:\[[A-Za-z0-9._, -]*\])?\s*"
    r"(?:\(?\s*(?:(?:~=|===?|!=|<=|>=|<|>)\s*[A-Za-z0-9.*+!_-]+\s*,?\s*)*\)?|@\s*\S+)"
    r"\s*(?:;.*)?"
)


def _advice(written: str) -> str:
    bare = re.fullmatch(r"([A-Za-z0-9][\w.-]*) (\d[\w.]*)", written)
    if bare is None:
        return "write a package and a version, such as `acme-pipes>=1.2`"
    return f'write `{bare[1]}=={bare[2]}`, or beside `name` as `version: "=={bare[2]}"`'


def check_requirements(context: Context) -> None:
    """Report what is wrong with the versions a configuration asks for."""
    api_version = context.config.api_version
    if api_version is not None:
        _check_api_version(context, api_version)
    for plugin in context.config.plugins:
        if not _REQUIREMENT.fullmatch(plugin.value.strip()):
            context.report(
                error(
                    "OTC359",
                    f"`{plugin.value}` is not a requirement",
                    plugin.span,
                    "pip would not understand it",
                    help=_advice(plugin.value.strip()),
                )
            )


def _check_api_version(context: Context, api_version: Located[str]) -> None:
    text = api_version.value.strip()
    if _BARE.fullmatch(text):
        # PEP 440's compatible release needs two parts.
        full = text if "." in text else f"{text}.0"
        context.report(
            warning(
                "OTC358",
                f"`api_version: {text}` is read as `~={full}`",
                api_version.span,
                "a bare version names no range",
                help=f'write `"~={full}"` or `">={full}"`',
                suggestion=f'"~={full}"',
            )
        )
        text = f"~={full}"
    clauses = [_CLAUSE.fullmatch(part.strip()) for part in text.split(",")]
    if None in clauses:
        context.report(
            error(
                "OTC358",
                "`api_version` is not a version specifier",
                api_version.span,
                "expected PEP 440 clauses",
                help='write `">=1.0"`, for example',
            )
        )
        return
    found = [clause for clause in clauses if clause is not None]
    if not all(_holds(clause["operator"], clause["version"]) for clause in found):
        ours = ".".join(map(str, LANGUAGE))
        context.report(
            error(
                "OTC358",
                "this configuration is for another version of the language",
                api_version.span,
                f"this otac reads version {ours}",
            )
        )


def _holds(operator: str, version: str) -> bool:
    """Whether the language's version satisfies one clause."""
    prefix = version.endswith(".*")
    wanted = tuple(int(part) for part in version.removesuffix(".*").split("."))
    width = max(len(wanted), len(LANGUAGE))
    ours = LANGUAGE + (0,) * (width - len(LANGUAGE))
    theirs = wanted + (0,) * (width - len(wanted))
    same = ours[: len(wanted)] == wanted if prefix else ours == theirs
    match operator:
        case "==" | "===":
            return same
        case "!=":
            return not same
        case ">=":
            return ours >= theirs
        case "<=":
            return ours <= theirs
        case ">":
            return ours > theirs
        case "<":
            return ours < theirs
        case _:
            return ours >= theirs and ours[: len(wanted) - 1] == wanted[:-1]


# The probe of a resident runner: its leading steps up to the first that can stop.
Path = tuple[str, ...]

_CALLS_STOP = re.compile(r"\bstop\s*\(")


def probe_of(steps: tuple[Step, ...]) -> frozenset[Path]:
    """The paths of the probe's steps; empty where no step can stop."""
    paths: list[Path] = []
    for path in _leading(steps, eager=False):
        if path is None:
            return frozenset(paths)
        paths.append(path)
    return frozenset()


def _leading(steps: tuple[Step, ...], *, eager: bool) -> Iterator[Path | None]:
    """The paths of steps in the order in which they begin, None behind one that can stop.

    A composite comes before its steps. One whose own condition or loop can stop has been
    left when its steps begin; one whose parameters can, stops in the first step that
    reads them, which is taken to be the first (`eager`).
    """
    for step in steps:
        yield step.path
        loop = () if step.for_each is None else (step.for_each.items,)
        condition = () if step.condition is None else (step.condition,)
        if any(_calls_stop(value) for value in (*condition, *loop)):
            yield None
        match step.action:
            case Composite(inner, arguments):
                yield from _leading(inner, eager=eager or _in_any(arguments))
            case Call(component, arguments):
                raises = component.stops and _is_on(arguments)
                if eager or raises or _in_any(arguments):
                    yield None


def _in_any(arguments: tuple[Argument, ...]) -> bool:
    return any(_calls_stop(argument.value) for argument in arguments)


def _is_on(arguments: tuple[Argument, ...]) -> bool:
    """False where a component that can stop is told not to."""
    return not any(
        argument.name == "stop_when_empty"
        and isinstance(argument.value, Literal)
        and argument.value.data is False
        for argument in arguments
    )


def _calls_stop(value: Value) -> bool:
    match value:
        case Template(text):
            return _CALLS_STOP.search(text) is not None
        case ListValue(items):
            return any(map(_calls_stop, items))
        case MappingValue(entries):
            return any(_calls_stop(item) for _, item in entries)
        case _:
            return False
