"""`otac migrate` on a terminal: questions, the difference, the new file, what to do next."""

import argparse
import sys
from itertools import count
from pathlib import Path
from shlex import quote
from typing import NamedTuple

from otac.cli.answers import misfit, unknown_answers
from otac.cli.build import BuildOptions, build
from otac.cli.configuration import Configuration, read_configuration
from otac.cli.dialogue import Dialogue
from otac.cli.exit_status import Exit
from otac.cli.interruption import interruptible
from otac.cli.rescued import rescued_by, tell_next, tell_rescued
from otac.cli.rewriting import refused, show_change, write_new
from otac.cli.terminal import Printing, print_problem, say
from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.frame import visible
from otac.output.lock import LOCK_PATH, Lock, decode
from otac.pipeline import Compiled
from otac.plain_file import read_file
from otac.rescue import Beforehand

_GENERATED = "generated"


class _Agreed(NamedTuple):
    """What is to be written, and the status that what is left in it calls for."""

    target: Path
    data: bytes
    compiled: Compiled
    status: Exit


def guided(
    configuration: Configuration,
    told: Beforehand,
    arguments: argparse.Namespace,
    printing: Printing,
) -> Exit | None:
    """Ask for all that is open, show what comes of it, and write and build it.

    None where nothing was to be asked; then nothing was done. Raises KeyboardInterrupt.
    """
    dialogue = Dialogue(configuration.name, told, printing)
    try:
        with interruptible():
            agreed = _agreed(dialogue, configuration, arguments)
    except (KeyboardInterrupt, EOFError) as end:
        sys.stderr.write("\n")
        say(visible(f"{configuration.name}: nothing was written"), printing)
        _repeat(dialogue, printing)
        if isinstance(end, KeyboardInterrupt):
            raise
        return Exit.FAULT
    if not isinstance(agreed, _Agreed):
        return agreed
    target, data, compiled, status = agreed
    problem = write_new(target, data)
    if problem is not None:
        _repeat(dialogue, printing)
        return print_problem(problem, printing)
    say(visible(f"{target}: written; {configuration.name} is as it was"), printing)
    if status is not Exit.OK:
        say(visible(f"`otac check {quote(str(target))}` says what is left"), printing)
        return status
    status = _build(configuration, target, printing)
    if status is Exit.OK:
        tell_next(str(target), compiled, printing)
    return status


def _agreed(
    dialogue: Dialogue, configuration: Configuration, arguments: argparse.Namespace
) -> _Agreed | Exit | None:
    """What is to be written, and where. Raises KeyboardInterrupt and EOFError."""
    name, told, printing = configuration.name, dialogue.told, dialogue.printing
    given = None if arguments.output is None else Path(arguments.output)
    if given is not None and (there := refused(given)) is not None:
        return print_problem(there, printing)
    target = given or _beside(Path(name))
    rescued = rescued_by(
        dialogue, configuration, str(target), printing, explain=arguments.explain
    )
    if rescued.misfit is not None:
        return misfit(rescued.misfit)
    if not dialogue.asked:
        return None
    unknown = unknown_answers(name, told.answers, rescued.keys)
    if unknown is not None:
        return unknown
    if rescued.new is not None:
        show_change(configuration, rescued.new.data)
        sys.stdout.flush()
    status = tell_rescued(name, str(target), rescued, printing)
    if rescued.new is None:
        _repeat(dialogue, printing)
        return status
    if given is None:
        target = dialogue.target(target)
    return _Agreed(target, rescued.new.data, rescued.compiled, status)


def _build(old: Configuration, target: Path, printing: Printing) -> Exit:
    """Build the new file where nothing else was built, or what the old one was built to."""
    new = read_configuration(str(target))
    if isinstance(new, Diagnostic):
        return print_problem(new, printing)
    source = _built_from(new.output)
    if source is not None and source not in (old.title, new.title):
        where = visible(str(new.output / _GENERATED))
        say(f"{where} is built from {visible(source)}, and is left so", printing)
        return Exit.OK
    return build(new, BuildOptions(), printing)


def _built_from(folder: Path) -> str | None:
    """The configuration whose output lies in a folder; None where none does."""
    try:
        lock = decode(read_file(folder / LOCK_PATH))
    except OSError:
        return None
    return lock.inputs.source if isinstance(lock, Lock) else None


def _beside(path: Path) -> Path:
    """A name for the new file that no file has."""
    names = (f"{path.stem}.new{n or ''}{path.suffix}" for n in count())
    paths = (path.with_name(name) for name in names)
    return next(one for one in paths if refused(one) is None)


def _repeat(dialogue: Dialogue, printing: Printing) -> None:
    """Nothing that somebody typed is lost."""
    if dialogue.answers:
        options = " ".join(
            f"--answer {quote(f'{key}={one}')}" for key, one in dialogue.answers.items()
        )
        say("to give the same answers again:", printing)
        say(visible(f"  otac migrate {quote(dialogue.name)} {options}"), printing)
