"""The entry point: one command, one exit status, never a traceback for a user's mistake."""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from otac.cli.arguments import CONFIG, parser
from otac.cli.commands import COMMANDS
from otac.cli.exit_status import Exit


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status.

    `arguments` are those of the process by default.
    """
    # A compiler runs for a moment, and its trees are garbage only at its end.
    gc.disable()
    _write_utf8()
    given = list(sys.argv[1:] if arguments is None else arguments)
    _check_command(given)
    parsed = _parsed(given)
    if parsed.command is None:
        parser(COMMANDS).print_help(sys.stderr)
        return Exit.USAGE
    try:
        status = _run(parsed)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output went away; nothing is left to tell it.
        _discard_output()
        return Exit.OK
    except OSError as problem:
        _discard_output()
        reason = problem.strerror or str(problem)
        sys.stderr.write(
            f"error[OTC504]: the operating system refused: {reason[:1].lower()}"
            f"{reason[1:]}\n  = help: look at where the output of otac goes\n"
        )
        return Exit.ENVIRONMENT
    except Exception as bug:
        if os.environ.get("OTAC_TRACEBACK"):
            raise
        from otac.diagnostics.bug import describe_bug

        sys.stderr.write(describe_bug(bug))
        return Exit.ENVIRONMENT


def _check_command(given: Sequence[str]) -> None:
    """No option before the command has a value, so that the first word is the command."""
    word = next((each for each in given if not each.startswith("-")), None)
    names = [each.name for each in COMMANDS]
    if word is None or word in names:
        return
    from otac.diagnostics.frame import visible
    from otac.diagnostics.suggest import nearest

    similar = nearest(word, names)
    hint = f"did you mean `{similar}`?" if similar else "`otac --help` lists them"
    parser(COMMANDS).error(f"there is no command `{visible(word)}`; {hint}")


def _parsed(given: Sequence[str]) -> argparse.Namespace:
    """The command and its options.

    CONFIG may be left out before another operand, and argparse gives each its operand
    before it knows of those behind an option: `evaluate config.yml --html a tickets.csv`.
    """
    top = parser(COMMANDS)
    parsed, rest = top.parse_known_args(given)
    if any(word[:1] == "-" for word in rest):
        top.error(f"unrecognized arguments: {' '.join(rest)}")
    if parsed.command == "run":
        words = [*parsed.words, *rest]
        wanted = 1 if parsed.select is None else 0
        if len(words) < wanted:
            top.error("the following arguments are required: RUNNER")
        rest = words[wanted + 1 :]
        parsed.config = words[0] if len(words) > wanted else CONFIG
        parsed.runner = words[min(len(words) - 1, 1)] if wanted else None
    # Identity: someone may have typed the default.
    elif parsed.command == "evaluate" and parsed.config is CONFIG and len(rest) == 1:
        parsed.config, parsed.tickets = str(parsed.tickets), Path(rest.pop())
    if rest:
        top.error(f"unrecognized arguments: {' '.join(rest)}")
    return parsed


def _run(parsed: argparse.Namespace) -> Exit:
    entry = next(each.run for each in COMMANDS if each.name == parsed.command)
    module, function = entry.split(":")
    run: Callable[[argparse.Namespace], Exit] = getattr(import_module(module), function)
    # Live tables and servers draw and talk for themselves.
    if sys.stderr.isatty() and parsed.command not in ("dev", "lsp"):
        from otac.cli.progress import Progress
        from otac.progress import heard

        # What is told in full needs no line, which it would run into.
        told = any(getattr(parsed, name, False) for name in ("quiet", "verbose"))
        told = told or getattr(parsed, "color", "auto") == "never"
        with Progress(sys.stderr, quiet=told) as progress, heard(progress.count):
            return _run_with_variables(run, parsed)
    return _run_with_variables(run, parsed)


def _run_with_variables(
    run: Callable[[argparse.Namespace], Exit], parsed: argparse.Namespace
) -> Exit:
    """Run it with the variables of `--env-file`."""
    path = getattr(parsed, "env_file", None)
    if path is None:
        return run(parsed)
    from otac.cli.env_file import added, read_env_file
    from otac.cli.terminal import Printing, print_report
    from otac.diagnostics.report import Report

    variables = read_env_file(path)
    if isinstance(variables, Report):
        return print_report(variables, Printing.of(parsed))
    # For commands that only compare with the file, and for tests, which see nothing else.
    parsed.variables = variables
    with added(variables):
        return run(parsed)


def _write_utf8() -> None:
    """Diagnostics quote any script; a terminal's own encoding must not stop them."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _discard_output() -> None:
    """Leave nothing in the buffer that Python would fail to write at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
