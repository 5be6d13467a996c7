"""The arguments of the command line.

argparse, because it costs 7 ms to import where typer costs 121: `otac --help` and shell
completion must answer at once.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from otac import __version__

FORMATS = ("full", "concise", "json", "github", "gitlab", "sarif", "junit")

_OVERVIEW = """\
commands:
  init [DIR]          start a project
  build CONFIG        check a configuration, compile it, write the project
  check CONFIG        everything that build verifies, without writing
  run CONFIG RUNNER   one run, now, on an embedded Prefect
  dev CONFIG          server, deployments and worker, rebuilt on every change
  migrate CONFIG      rewrite a configuration of an older release
  test [CONFIG]       does it do what its tests say, on a helpdesk in memory
  evaluate CONFIG     how right it decides on tickets whose answer is known
  graph CONFIG        the pipeline and its timetable as a picture
  plan CONFIG         what deploy would change on a Prefect server
  deploy CONFIG       make a Prefect server have what the configuration declares
  review CONFIG       how much of what otac decided agents have corrected
  train CONFIG        make a model of the helpdesk's own tickets
  explain CODE        what a diagnostic means and what to do
  components [sync]   what `use` can name; sync looks into plugins and modules
  schema [CONFIG]     the JSON Schema of the configuration, for editors
  lsp                 a language server, for editors
example:
  otac build config.yml && prefect deploy --all"""


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
    top.usage = "otac [--version] COMMAND [--help] ..."
    top._action_groups = []  # argparse has no public way to hide a group

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
    _migrate(command)
    _graph(command)
    _test(command)
    _evaluate(command)

    _review(command)
    _train(command)
    explain = command(
        "explain",
        "What a diagnostic means, why, and what to do.",
        "otac explain OTC301",
    )
    explain.add_argument("code", metavar="CODE", help="a code such as OTC301")
    schema = command(
        "schema",
        "Prints the JSON Schema of the configuration, for editors, with the parameters\n"
        "of built-in components and of those that `otac components sync` recorded.",
        "otac schema config.yml > config.schema.json",
    )
    schema.add_argument(
        "config",
        nargs="?",
        metavar="CONFIG",
        help="the configuration beside which the record lies; here by default",
    )
    _components(command)
    lsp = command(
        "lsp",
        "A language server on standard input and output: findings as you type,\n"
        "completion, hover, definitions, renaming and fixes. Editors start it.",
        "otac lsp",
    )
    lsp.add_argument("--stdio", action="store_true", help="what it does anyway")
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
    _configuration(build, described=False)
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
    _kept(build, "docker", "a Dockerfile and a compose.yml")
    _kept(build, "kubernetes", "manifests")
    _unresolved(build)
    _diagnostics(build)


def _kept(build: argparse.ArgumentParser, name: str, what: str) -> None:
    """A part of the output that is written from then on, and its end."""
    ends = f"--no-{name}"
    build.add_argument(
        f"--{name}",
        action="store_true",
        default=None,
        help=f"{what}; undone by {ends}",
    )
    build.add_argument(
        ends, action="store_false", dest=name, help=argparse.SUPPRESS, default=None
    )


def _check(command: Command) -> None:
    check = command(
        "check",
        "Verifies everything that build does, without writing.",
        "otac check config.yml --format concise",
    )
    _configuration(check, described=False)
    check.add_argument(
        "--online",
        action="store_true",
        help="ask helpdesk, models and Prefect, too; change nothing",
    )
    check.add_argument(
        "--download",
        action="store_true",
        help="with --online, fetch models that are not on this machine",
    )
    check.add_argument(
        "--fix", action="store_true", help="correct in the file what is certain"
    )
    check.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="with --fix: also what you have to confirm or fill in",
    )
    check.add_argument(
        "--diff",
        action="store_true",
        help="write nothing; show what --fix would change",
    )
    _env_file(check, "warn of environment variables that FILE does not set")
    _unresolved(check)
    _diagnostics(check)


def _run(command: Command) -> None:
    run = command(
        "run",
        "Runs one runner once, now, on an embedded Prefect.",
        "otac run config.yml ticket_processor --param queue=billing",
    )
    _configuration(run, "RUNNER", described=False)
    run.add_argument("runner", help=argparse.SUPPRESS)
    run.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of the flow; JSON, or text; may be repeated",
    )
    run.add_argument(
        "--dry-run",
        action="store_true",
        help="read from the real helpdesk, write nothing, show what would change",
    )
    run.add_argument(
        "--run-own",
        action="store_true",
        help="with --dry-run, run components that are not otac's, too",
    )
    run.add_argument(
        "--watch-step",
        metavar="STEP",
        help="show the results of a step, by its id or the ids down to it",
    )
    _env_file(run)
    _diagnostics(
        run, verbose="show Prefect's log", said="; json tells of the whole run"
    )


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
    _env_file(dev)
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
    # So many options fit a screen only without what the usage says anyway; `build` likewise.
    _configuration(deploy, described=False)
    _server(deploy)
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
    _env_file(command)


def _init(command: Command) -> None:
    init = command("init", "Starts a project in a folder.", "otac init helpdesk")
    init.add_argument(
        "folder", nargs="?", type=Path, default=Path(), metavar="DIR", help="where"
    )
    init.add_argument(
        "--from",
        dest="template",
        choices=("guide", "otobo"),
        default="guide",
        help="the example to start from",
    )


def _graph(command: Command) -> None:
    graph = command(
        "graph",
        "Draws the runners, their steps and the next 24 hours of their schedules.",
        "otac graph config.yml --format html -o graph.html",
    )
    _configuration(graph)
    graph.add_argument(
        "--format",
        choices=("mermaid", "svg", "html"),
        default="mermaid",
        metavar="FORMAT",
        help="mermaid, svg or html (default: mermaid)",
    )
    graph.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="standard output by default"
    )
    graph.add_argument(
        "--from",
        dest="start",
        metavar="INSTANT",
        help="where the 24 hours begin, e.g. 2026-01-01T00:00Z; now by default",
    )
    graph.add_argument(
        "--prefect-url", metavar="URL", help="link runners to Prefect's user interface"
    )
    graph.add_argument(
        "--source-url", metavar="URL", help="link lines to the file at this address"
    )
    _volume(graph)


def _evaluate(command: Command) -> None:
    evaluate = command(
        "evaluate",
        "Asks a runner what it would do with tickets whose answer is known (CSV, JSONL,\n"
        "YAML), and tells how often that is right. Writes nothing but the report.",
        "otac evaluate config.yml tickets.csv --precision 0.95 --html report.html",
    )
    _configuration(evaluate, "TICKETS", described=False)
    evaluate.add_argument("tickets", type=Path, help=argparse.SUPPRESS)
    evaluate.add_argument(
        "--runner", metavar="ID", help="its `pipe_id`; the one that classifies"
    )
    evaluate.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of the flow; JSON, or text; may be repeated",
    )
    evaluate.add_argument(
        "--precision",
        type=_rate,
        default=0.95,
        metavar="P",
        help="what part of the decided shall be right (default: 0.95)",
    )
    evaluate.add_argument(
        "--min-accuracy",
        type=_rate,
        metavar="A",
        help="exit with 1 if less of all is decided right",
    )
    evaluate.add_argument(
        "--compare", metavar="CONFIG", help="another configuration, on the same tickets"
    )
    evaluate.add_argument(
        "--html", type=Path, metavar="FILE", help="write the report as a page, too"
    )
    evaluate.add_argument(
        "--run-own",
        action="store_true",
        help="run components that are not otac's, whatever they do",
    )
    _env_file(evaluate)
    _diagnostics(evaluate, ("full", "concise", "json"), verbose="show what is logged")


def _test(command: Command) -> None:
    test = command(
        "test",
        "Runs tests of a configuration, each on a helpdesk in memory: `config.yml` and\n"
        "all tests in the folder `tests` beside it, if nothing else is named.",
        "otac test config.yml tests/routing.yml -k invoice",
    )
    test.usage = f"{test.prog} [OPTION ...] [CONFIG] [FILE|FOLDER ...]"
    test.add_argument("paths", nargs="*", help=argparse.SUPPRESS)
    test.add_argument("-k", dest="name", metavar="NAME", help="only tests called so")
    test.add_argument(
        "--fail-fast", action="store_true", help="end with the first that fails"
    )
    test.add_argument(
        "--durations", type=_count, default=0, metavar="N", help="list the N slowest"
    )
    test.add_argument(
        "--timeout",
        type=_count,
        default=60,
        metavar="SECONDS",
        help="how long one test may take (default: 60)",
    )
    test.add_argument(
        "--update",
        action="store_true",
        help="write what came in the place of what is expected",
    )
    test.add_argument(
        "--coverage", action="store_true", help="show what no test has run"
    )
    test.add_argument(
        "--lcov", type=Path, metavar="FILE", help="write the coverage as lcov"
    )
    test.add_argument(
        "--min-coverage",
        type=_percent,
        metavar="N",
        help="exit with 1 below N percent",
    )
    formats = ("full", "concise", "json", "junit", "github", "gitlab")
    test.add_argument(
        "--format",
        choices=formats,
        default="full",
        metavar="FORMAT",
        help=", ".join(formats),
    )
    _volume(test, "show what is logged")


def _train(command: Command) -> None:
    train = command(
        "train",
        "Makes a model of the queues and priorities that tickets ended up with, for\n"
        "`TrainedClassifier`, and says how often it is right.",
        "otac train config.yml --newest 5000 -o models/queues.otac",
    )
    _configuration(train, described=False)
    train.add_argument(
        "--runner",
        metavar="ID",
        help="learn for this one; all that move tickets by default",
    )
    train.add_argument(
        "--tickets",
        type=Path,
        action="append",
        metavar="FILE",
        help="in place of the ticket system; may be repeated",
    )
    train.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="the model; by default the configuration's own",
    )
    train.add_argument(
        "--since",
        metavar="TIME",
        help="only tickets since `2026-01-01`, or `180d` ago",
    )
    train.add_argument(
        "--newest",
        type=_count,
        default=10_000,
        metavar="N",
        help="only the newest N tickets (default: 10000)",
    )
    train.add_argument(
        "--include-own",
        action="store_true",
        help="also what otac moved and nobody corrected",
    )
    _env_file(train)
    _diagnostics(train, ("full", "concise", "json"))


def _review(command: Command) -> None:
    review = command(
        "review",
        "Tells how much of what otac decided agents have corrected; changes nothing.",
        "otac review config.yml --since 30d --csv corrections.csv",
    )
    _configuration(review, described=False)
    review.add_argument(
        "--since",
        default="30d",
        metavar="TIME",
        help="an age, or a date (default: 30d)",
    )
    review.add_argument(
        "--newest",
        type=_count,
        default=10_000,
        metavar="N",
        help="at most so many tickets (default: 10000)",
    )
    review.add_argument(
        "--html", type=Path, metavar="FILE", help="write the same as a page, too"
    )
    review.add_argument(
        "--csv",
        type=Path,
        metavar="FILE",
        help="write what was corrected, for `otac train`",
    )
    review.add_argument(
        "--min-precision",
        type=_rate,
        metavar="P",
        help="exit with 1 if less of the decisions is right",
    )
    _env_file(review)
    _diagnostics(review, ("full", "concise", "json"))


def _migrate(command: Command) -> None:
    migrate = command(
        "migrate",
        "Rewrites a configuration of an older release in today's form, comments kept.",
        "otac migrate config.yml --diff   # shows what would change",
    )
    _configuration(migrate)
    result = migrate.add_mutually_exclusive_group()
    result.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="where to write, `-` for standard output; the file itself by default",
    )
    result.add_argument(
        "--diff", action="store_true", help="write nothing; show what would change"
    )
    _diagnostics(migrate)


def _components(command: Command) -> None:
    components = command(
        "components",
        "Lists what `use` can name. With `sync`, looks into the installed plugins and the\n"
        "modules that the configuration names, and records what their components take in\n"
        "`otac.components.json`. This imports them.",
        "otac components sync config.yml",
    )
    components.usage = "otac components [-h] [--format FORMAT] [-q] [sync] [CONFIG]"
    components.add_argument(
        "words",
        nargs="*",
        metavar="[sync] [CONFIG]",
        help="the configuration; `config.yml` here by default",
    )
    components.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        metavar="FORMAT",
        help="of the list: text, json (default: text)",
    )
    components.add_argument(
        "-q", "--quiet", action="store_true", help="print errors and results only"
    )


def _configuration(
    command: argparse.ArgumentParser, *others: str, described: bool = True
) -> None:
    # All options in brackets would take a quarter of the screen.
    command.usage = " ".join((f"{command.prog} [OPTION ...] CONFIG", *others))
    words = "the configuration; `-` reads standard input"
    command.add_argument(
        "config", metavar="CONFIG", help=words if described else argparse.SUPPRESS
    )


def _env_file(
    command: argparse.ArgumentParser, help: str = "set the variables of FILE"
) -> None:
    command.add_argument("--env-file", type=Path, metavar="FILE", help=help)


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
    said: str = "",
) -> None:
    command.add_argument(
        "--format",
        choices=formats,
        default="full",
        metavar="FORMAT",
        help=f"of diagnostics: {', '.join(formats)} (default: full){said}",
    )
    _volume(command, verbose)


def _volume(
    command: argparse.ArgumentParser, verbose: str = "tell what is done"
) -> None:
    command.add_argument(
        "--strict", action="store_true", help="count warnings as errors"
    )
    command.add_argument(
        "--max-errors",
        type=_count,
        metavar="N",
        help="show no more than N errors, and count the rest",
    )
    command.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        metavar="WHEN",
        help="auto, always or never",
    )
    volume = command.add_mutually_exclusive_group()
    volume.add_argument(
        "-q", "--quiet", action="store_true", help="print errors and results only"
    )
    volume.add_argument("-v", "--verbose", action="store_true", help=verbose)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= 1:
        raise argparse.ArgumentTypeError("a number from 0 to 1 is wanted")
    return rate


def _percent(text: str) -> float:
    try:
        percent = float(text)
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        raise argparse.ArgumentTypeError("a number from 0 to 100 is wanted")
    return percent


def _count(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError("a whole number from 1 on is wanted")
    return number
