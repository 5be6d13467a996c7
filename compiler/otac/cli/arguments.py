"""Of what a command line is made, and argparse's parser for it.

argparse, because it costs 7 ms to import where typer costs 121: `otac --help` and shell
completion must answer at once.
"""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from otac import __version__

# The configuration that is meant where none is named.
CONFIG = "config.yml"


@dataclass(frozen=True, slots=True)
class Option:
    """An option or an operand: what argparse's `add_argument` takes."""

    names: tuple[str, ...]
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """Options of which at most one may be given."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    `run` is `module:function`, imported only when it is this command; `line` is for the
    overview, which only names a command without one; `summary` is for its own help. `usage` are its operands, None where argparse's
    line of all options fits; `listed` are those that the overview shows, `usage` by default.
    """

    name: str
    run: str
    line: str
    summary: str
    example: str
    options: tuple[Option | Choice, ...]
    usage: str | None = "[CONFIG]"
    listed: str | None = None


def flag(*names: str, help: str, **settings: Any) -> Option:
    """An option without a value."""
    return Option(names, {"action": "store_true", "help": help, **settings})


def option(*words: str | None, **settings: Any) -> Option:
    """An option: its names, its metavar and its help; no help hides it."""
    *names, metavar, told = words
    if metavar is not None:
        settings["metavar"] = metavar
    shown = argparse.SUPPRESS if told is None else told
    return Option(tuple(filter(None, names)), {"help": shown, **settings})


def operand(
    name: str, metavar: str | None = None, help: str | None = None, **settings: Any
) -> Option:
    """An argument without a dash; without help, only the usage names it."""
    return option(name, metavar, help, **settings)


def choice(*options: Option) -> Choice:
    """At most one of these."""
    return Choice(options)


def parser(commands: Iterable[Command]) -> argparse.ArgumentParser:
    """The whole command line."""
    shown = tuple(commands)
    top = argparse.ArgumentParser(
        "otac",
        description="Compiles an Open Ticket AI configuration into a Prefect project.",
        epilog=_overview(shown),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"otac {__version__}")
    added = top.add_subparsers(dest="command", metavar="COMMAND")
    # The overview lists the commands in better order and with their arguments.
    top.usage = "otac [--version] COMMAND [--help] ..."
    top._action_groups = []  # argparse has no public way to hide a group
    for command in shown:
        sub = added.add_parser(
            command.name,
            description=command.summary,
            epilog=f"example: {command.example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if command.usage is not None:
            # All options in brackets would take a quarter of the screen.
            sub.usage = f"{sub.prog} [OPTION ...] {command.usage}"
        for each in command.options:
            if isinstance(each, Choice):
                group = sub.add_mutually_exclusive_group()
                for one in each.options:
                    group.add_argument(*one.names, **one.settings)
            else:
                sub.add_argument(*each.names, **each.settings)
    return top


def _overview(commands: tuple[Command, ...]) -> str:
    lines = ["commands:"]
    for command in commands:
        if command.line:
            listed = command.usage if command.listed is None else command.listed
            lines.append(f"  {f'{command.name} {listed}':<18}  {command.line}")
    others = ", ".join(command.name for command in commands if not command.line)
    lines.append(f"  {others}: for servers, editors, shells; `--help`")
    return "\n".join((*lines, "example: otac build config.yml && prefect deploy --all"))


def rate(text: str) -> float:
    """A number from 0 to 1."""
    return _number(text, 1)


def percent(text: str) -> float:
    """A number from 0 to 100."""
    return _number(text, 100)


def _number(text: str, most: int) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= most:
        raise argparse.ArgumentTypeError(f"a number from 0 to {most} is wanted")
    return number


def names(text: str) -> tuple[str, ...]:
    """Names with commas between them."""
    found = tuple(filter(None, (one.strip() for one in text.split(","))))
    if not found:
        raise argparse.ArgumentTypeError("the name of a runner is wanted")
    return found


def count(text: str) -> int:
    """A whole number from 1 on."""
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError("a whole number from 1 on is wanted")
    return number
