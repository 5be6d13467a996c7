"""The entry point: one command, one exit status, never a traceback for a user's mistake."""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence

from otac.cli.arguments import parser
from otac.cli.exit_status import Exit


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status.

    `arguments` are those of the process by default.
    """
    # A compiler runs for a moment, and its trees are garbage only at its end.
    gc.disable()
    _write_utf8()
    parsed = parser().parse_args(arguments)
    if parsed.command is None:
        parser().print_help(sys.stderr)
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


Run = Callable[..., Exit]


def _run(parsed: argparse.Namespace) -> Exit:
    run = _commands()[parsed.command]()
    path = getattr(parsed, "env_file", None)
    if path is None:
        return run(parsed)
    from otac.cli.env_file import added, read_env_file
    from otac.cli.terminal import Printing, print_problem
    from otac.diagnostics.diagnostic import Diagnostic

    variables = read_env_file(path)
    if isinstance(variables, Diagnostic):
        return print_problem(variables, Printing.of(parsed))
    # Commands that only compare with the file find its names here.
    parsed.variables = frozenset(variables)
    with added(variables):
        return run(parsed)


def _commands() -> dict[str, Callable[[], Run]]:
    """The commands, each imported only when it is the one."""

    def build() -> Run:
        from otac.cli.build import run_build

        return run_build

    def check() -> Run:
        from otac.cli.build import run_check

        return run_check

    def explain() -> Run:
        from otac.cli.explain import run_explain

        return run_explain

    def schema() -> Run:
        from otac.cli.schema import run_schema

        return run_schema

    def run() -> Run:
        from otac.cli.run import run_run

        return run_run

    def dev() -> Run:
        from otac.cli.dev import run_dev

        return run_dev

    def evaluate() -> Run:
        from otac.cli.evaluate import run_evaluate

        return run_evaluate

    def test() -> Run:
        from otac.cli.testing import run_test

        return run_test

    def graph() -> Run:
        from otac.cli.graph import run_graph

        return run_graph

    def review() -> Run:
        from otac.cli.review import run_review

        return run_review

    def plan() -> Run:
        from otac.cli.plan import run_plan

        return run_plan

    def deploy() -> Run:
        from otac.cli.deploy import run_deploy

        return run_deploy

    def init() -> Run:
        from otac.cli.init import run_init

        return run_init

    def migrate() -> Run:
        from otac.cli.migrate import run_migrate

        return run_migrate

    def lsp() -> Run:
        from otac.cli.lsp import run_lsp

        return run_lsp

    def components() -> Run:
        from otac.cli.components import run_components

        return run_components

    def train() -> Run:
        from otac.cli.train import run_train

        return run_train

    return {
        "build": build,
        "check": check,
        "explain": explain,
        "schema": schema,
        "components": components,
        "run": run,
        "dev": dev,
        "plan": plan,
        "deploy": deploy,
        "init": init,
        "migrate": migrate,
        "graph": graph,
        "test": test,
        "evaluate": evaluate,
        "review": review,
        "lsp": lsp,
        "train": train,
    }


def _write_utf8() -> None:
    """Diagnostics quote any script; a terminal's own encoding must not stop them."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _discard_output() -> None:
    """Leave nothing in the buffer that Python would fail to write at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
