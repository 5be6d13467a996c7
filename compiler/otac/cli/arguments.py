"""The arguments of the command line.

argparse, because it costs 7 ms to import where typer costs 121: `otac --help` and shell
completion must answer at once.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from otac import __version__

FORMATS = ("full", "concise", "json")

_OVERVIEW = """\
commands:
  init [DIR]          start a project
  build CONFIG        check a configuration, compile it, write the project
  check CONFIG        everything that build verifies, without writing
  run CONFIG RUNNER   one run, now, on an embedded Prefect
  dev CONFIG          server, deployments and worker, rebuilt on every change
  plan CONFIG         what deploy would change on a Prefect server
  deploy CONFIG       make a Prefect server have what the configuration declares
  explain CODE        what a diagnostic means and what to do
  schema              the JSON Schema of the configuration, for editors

example:
  otac build config.yml && prefect deploy --all

`otac COMMAND --help` tells more."""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = _parser(
        "otac",
        "Compiles an Open Ticket AI configuration into a Prefect project.",
        _OVERVIEW,
    )
    top.add_argument("--version", action="version", version=f"otac {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    # The overview lists the commands in better order and with their arguments.
    top.usage = "otac [--help] [--version] COMMAND ..."
    top._action_groups = [  # argparse has no public way to hide a group
        group for group in top._action_groups if group.title == "options"
    ]

    def command(name: str, summary: str, example: str) -> argparse.ArgumentParser:
        sub: argparse.ArgumentParser = commands.add_parser(
            name,
            description=summary,
            epilog=f"example:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        return sub

    _build(command)
    _check(command)
    _run(command)
    _dev(command)
    _plan(command)
    _deploy(command)
    _init(command)
    explain = command(
        "explain",
        "What a diagnostic means, why, and what to do.",
        "otac explain OTC301",
    )
    explain.add_argument("code", metavar="CODE", help="a code such as OTC301")
    command(
        "schema",
        "Prints the JSON Schema of the configuration, for editors.",
        "otac schema > config.schema.json",
    )
    return top


Command = Callable[[str, str, str], argparse.ArgumentParser]


def _parser(name: str, description: str, epilog: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        name,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _build(command: Command) -> None:
    build = command(
        "build",
        "Checks a configuration, compiles it and writes the Prefect project.",
        "otac build config.yml --check   # in CI: fails on drift",
    )
    _configuration(build)
    build.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="DIR",
        help="where to write; beside the configuration by default",
    )
    build.add_argument(
        "--check", action="store_true", help="write nothing; fail if files would change"
    )
    build.add_argument(
        "--diff", action="store_true", help="write nothing; show what would change"
    )
    build.add_argument(
        "--force", action="store_true", help="overwrite files that were edited by hand"
    )
    _unresolved(build)
    _diagnostics(build)


def _check(command: Command) -> None:
    check = command(
        "check",
        "Verifies everything that build does, without writing.",
        "otac check config.yml --format concise",
    )
    _configuration(check)
    _unresolved(check)
    _diagnostics(check)


def _run(command: Command) -> None:
    run = command(
        "run",
        "Runs one runner once, now, on an embedded Prefect.",
        "otac run config.yml ticket_processor --param queue=billing",
    )
    _configuration(run)
    run.add_argument("runner", metavar="RUNNER", help="its `pipe_id`")
    run.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of the flow; JSON, or text; may be repeated",
    )
    _diagnostics(run, verbose="show Prefect's log")


def _dev(command: Command) -> None:
    dev = command(
        "dev",
        "Starts a Prefect server and a worker, deploys, and rebuilds on every change.",
        "otac dev config.yml --once",
    )
    _configuration(dev)
    dev.add_argument(
        "--once",
        action="store_true",
        help="run every runner once and exit with the result",
    )
    dev.add_argument(
        "--port",
        type=int,
        metavar="PORT",
        help="the server's port; a free one by default",
    )
    # A person looks on; the machine's form of a list does not fit what goes on for hours.
    _diagnostics(dev, ("full", "concise"), verbose="show Prefect's log")


def _plan(command: Command) -> None:
    plan = command(
        "plan",
        "Compares a configuration with a server; exit status 2: they differ.",
        "otac plan config.yml --format json",
    )
    _configuration(plan)
    _server(plan)
    _diagnostics(plan, verbose="list what is in step, too")


def _deploy(command: Command) -> None:
    deploy = command(
        "deploy",
        "Checks everything, shows the plan, asks, and writes what has changed.",
        "otac deploy config.yml --yes --prune",
    )
    _configuration(deploy)
    _server(deploy)
    deploy.usage = "otac deploy [OPTIONS] CONFIG"
    deploy.add_argument("-y", "--yes", action="store_true", help="do not ask")
    deploy.add_argument(
        "--prune",
        action="store_true",
        help="remove what otac made and is declared no more",
    )
    deploy.add_argument(
        "--create-pools",
        action="store_true",
        help="make missing work pools, of type process",
    )
    deploy.add_argument(
        "--adopt",
        action="store_true",
        help="take over deployments of another project",
    )
    deploy.add_argument(
        "--no-import",
        action="store_true",
        help="do not try to import the modules",
    )
    _diagnostics(deploy, verbose="list what is in step, too")


def _server(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="DIR",
        help="where `otac build` wrote",
    )
    command.add_argument(
        "--target-pool",
        metavar="POOL",
        help="the work pool for every deployment",
    )


def _init(command: Command) -> None:
    init = command("init", "Starts a project in a folder.", "otac init helpdesk")
    init.add_argument(
        "folder", nargs="?", type=Path, default=Path(), metavar="DIR", help="where"
    )
    init.add_argument(
        "--from",
        dest="template",
        choices=("guide",),
        default="guide",
        help="the example to start from",
    )


def _configuration(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "config", metavar="CONFIG", help="the configuration; `-` reads standard input"
    )


def _unresolved(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--allow-unresolved",
        action="store_true",
        help="leave components that are not installed to the run",
    )


def _diagnostics(
    command: argparse.ArgumentParser,
    formats: Sequence[str] = FORMATS,
    *,
    verbose: str = "tell what is done",
) -> None:
    command.add_argument(
        "--format",
        choices=formats,
        default="full",
        metavar="FORMAT",
        help=f"of diagnostics: {', '.join(formats)} (default: full)",
    )
    command.add_argument(
        "--strict", action="store_true", help="count warnings as errors"
    )
    volume = command.add_mutually_exclusive_group()
    volume.add_argument(
        "-q", "--quiet", action="store_true", help="print errors and results only"
    )
    volume.add_argument("-v", "--verbose", action="store_true", help=verbose)
