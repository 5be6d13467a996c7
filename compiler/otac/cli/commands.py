"""The commands of `otac` and their options, as data: a new one is an entry here."""

from argparse import SUPPRESS
from pathlib import Path

from otac.cli.arguments import (
    CONFIG,
    Choice,
    Command,
    Option,
    choice,
    count,
    flag,
    names,
    operand,
    option,
    percent,
    rate,
)

_FORMATS = ("full", "concise", "json", "github", "gitlab", "sarif", "junit")
_REPORT = ("full", "concise", "json")


def _config(*, described: bool = True) -> Option:
    """CONFIG; where the options fill a screen, only the usage names it."""
    words = f"default: {CONFIG}; `-` reads standard input"
    told = words if described else None
    return operand("config", "CONFIG", told, nargs="?", default=CONFIG)


def _printing(verbose: str = "tell what is done") -> tuple[Option | Choice, ...]:
    return (
        flag("--strict", help="count warnings as errors"),
        option(
            "--max-errors",
            "N",
            "show no more than N errors, and count the rest",
            type=count,
        ),
        option(
            "--color",
            "WHEN",
            "auto, always or never",
            choices=("auto", "always", "never"),
            default="auto",
        ),
        choice(
            flag("-q", "--quiet", help="print errors and results only"),
            flag("-v", "--verbose", help=verbose),
        ),
    )


def _diagnostics(
    formats: tuple[str, ...] = _FORMATS,
    *,
    verbose: str = "tell what is done",
    said: str = "",
) -> tuple[Option | Choice, ...]:
    words = f"{', '.join(formats)}{said}"
    named = option("--format", "FORMAT", words, choices=formats, default="full")
    return (named, *_printing(verbose))


def _env_file(words: str = "set the variables of FILE") -> Option:
    return option("--env-file", "FILE", words, type=Path)


_UNRESOLVED = flag(
    "--allow-unresolved", help="leave components that are not installed to the run"
)
_PARAMETERS = option(
    "--param",
    "NAME=VALUE",
    "a parameter of the flow, JSON or text; repeatable",
    action="append",
    default=[],
)
_SELECT = option(
    "--select",
    "NAME[,NAME]",
    "only these runners; `*` stands for anything",
    type=names,
)
_DIFF = flag("--diff", help="write nothing; show what would change")
_BUILT = "where `otac build` wrote"
_SERVER = (
    _SELECT,
    option("--target-pool", "POOL", "the work pool for every deployment"),
    _env_file(),
)


def _kept(name: str, what: str) -> tuple[Option, Option]:
    """A part of the output that is written from then on, and its end."""
    ends = f"--no-{name}"
    return (
        flag(f"--{name}", help=f"{what}; undone by {ends}", default=None),
        option(ends, None, None, action="store_false", dest=name, default=None),
    )


COMMANDS = (
    Command(
        "init",
        "otac.cli.init:run_init",
        "start a project",
        "Starts a project in a folder.",
        "otac init helpdesk",
        usage="[DIR]",
        options=(
            operand("folder", "DIR", "where", nargs="?", type=Path, default=Path()),
            option(
                "--from",
                None,
                "the example to start from",
                dest="template",
                choices=("guide", "otobo"),
                default="guide",
            ),
        ),
    ),
    Command(
        "new",
        "otac.cli.new:run_new",
        "begin a component, a runner or a test",
        "Writes the beginning of a component, a runner or a test, and overwrites nothing.",
        "otac new runner report",
        usage="component|runner|test NAME [CONFIG]",
        listed="KIND NAME",
        options=(
            operand("kind", choices=("component", "runner", "test")),
            operand("name"),
            _config(described=False),
            option("--runner", "ID", "of which runner a test is; the first by default"),
        ),
    ),
    Command(
        "build",
        "otac.cli.build:run_build",
        "check a configuration, compile it, write the project",
        "Checks a configuration, compiles it and writes the Prefect project.",
        "otac build config.yml --check   # in CI: fails on drift",
        options=(
            _config(described=False),
            option(
                "-o",
                "--output",
                "DIR",
                "where to write; next to the configuration by default",
                type=Path,
            ),
            flag("--check", help="write nothing; fail if files would change"),
            _DIFF,
            flag("--watch", help="build again after each save"),
            flag("--force", help="overwrite files that were edited by hand"),
            *_kept("docker", "a Dockerfile and a compose.yml"),
            *_kept("kubernetes", "manifests"),
            _UNRESOLVED,
            *_diagnostics(),
        ),
    ),
    Command(
        "check",
        "otac.cli.check:run_check",
        "everything that build verifies, without writing",
        "Verifies everything that build does, without writing.",
        "otac check config.yml --format concise",
        options=(
            _config(described=False),
            flag(
                "--online", help="ask helpdesk, models and Prefect, too; change nothing"
            ),
            flag(
                "--download",
                help="with --online, fetch models that are not on this machine",
            ),
            flag("--fix", help="correct in the file what is certain"),
            flag(
                "--unsafe-fixes",
                help="with --fix: also what you have to confirm or fill in",
            ),
            flag("--diff", help="write nothing; show what --fix would change"),
            _env_file("warn of environment variables that FILE does not set"),
            _UNRESOLVED,
            *_diagnostics(),
        ),
    ),
    Command(
        "run",
        "otac.cli.run:run_run",
        "one run, now, on an embedded Prefect",
        "Runs one runner once, now, on an embedded Prefect.",
        "otac run config.yml ticket_processor --param queue=billing",
        usage="[CONFIG] RUNNER|--select NAME[,NAME]",
        listed="RUNNER",
        options=(
            operand("words", nargs="*"),
            _SELECT,
            _PARAMETERS,
            flag(
                "--dry-run",
                help="read from the real helpdesk, write nothing, show what would change",
            ),
            flag(
                "--run-own",
                help="with --dry-run, run components that are not otac's, too",
            ),
            option(
                "--watch-step",
                "STEP",
                "show the results of a step, by its id or path",
            ),
            _env_file(),
            *_diagnostics(
                verbose="show Prefect's log", said="; json tells of the whole run"
            ),
        ),
    ),
    Command(
        "dev",
        "otac.cli.dev:run_dev",
        "server, deployments and worker, rebuilt on every change",
        "Starts a Prefect server and a worker, deploys, and rebuilds on every change.",
        "otac dev config.yml --once",
        options=(
            _config(),
            flag("--once", help="run every runner once and exit with the result"),
            option(
                "--port", "PORT", "the server's port; a free one by default", type=int
            ),
            _env_file(),
            # A person looks on; a machine's form of a list does not fit what goes on for hours.
            *_diagnostics(("full", "concise"), verbose="show Prefect's log"),
        ),
    ),
    Command(
        "migrate",
        "otac.cli.migrate:run_migrate",
        "rewrite a configuration of an older release",
        "Rewrites a configuration of an older release in today's form, comments kept.",
        "otac migrate old.yml -o config.yml",
        options=(
            _config(described=False),
            choice(
                option("-o", "FILE", "where to write; `-` prints it", dest="output"),
                option("--output", "FILE", None),
                _DIFF,
            ),
            flag(
                "--anonymize", help="only take out what identifies anybody, to share it"
            ),
            flag("--fix", help="correct what is certain"),
            flag("--unsafe-fixes", help="with --fix: also what you have to look at"),
            flag("--explain", help="write the reasons into the file, as comments"),
            flag("--accept", help="answer every question as it is proposed"),
            option(
                "--answer",
                "KEY=VALUE",
                "answer one; may be repeated",
                action="append",
                default=[],
            ),
            option("--answers", "FILE", "answers in a YAML file"),
            *_diagnostics(verbose=SUPPRESS),  # there is no more to tell
        ),
    ),
    Command(
        "test",
        "otac.cli.testing:run_test",
        "does it do what its tests say, on a helpdesk in memory",
        "Runs tests, each on a helpdesk in memory: all in `tests` beside `config.yml`.",
        "otac test config.yml tests/routing.yml -k invoice",
        usage="[CONFIG] [FILE|FOLDER ...]",
        listed="[CONFIG]",
        options=(
            operand("paths", nargs="*"),
            option("-k", "NAME", "only tests called so", dest="name"),
            _SELECT,
            flag("--fail-fast", help="end with the first that fails"),
            option("--durations", "N", "list the N slowest", type=count, default=0),
            option(
                "--timeout",
                "SECONDS",
                "how long one test may take (default: 60)",
                type=count,
                default=60,
            ),
            _env_file("variables that every test sees, as with its `env`"),
            flag("--update", help="write what came in the place of what is expected"),
            flag("--coverage", help="show what no test has run"),
            option("--lcov", "FILE", "write the coverage as lcov", type=Path),
            option("--min-coverage", "N", "exit with 1 below N percent", type=percent),
            option(
                "--format",
                "FORMAT",
                "full, concise, json, junit, github, gitlab",
                choices=("full", "concise", "json", "junit", "github", "gitlab"),
                default="full",
            ),
            *_printing("show what is logged"),
        ),
    ),
    Command(
        "evaluate",
        "otac.cli.evaluate:run_evaluate",
        "how right it decides on tickets whose answer is known",
        "Asks a runner what it would do with tickets whose answer is known (CSV, JSONL,\n"
        "YAML), and tells how often that is right. Writes nothing but the report.",
        "otac evaluate config.yml tickets.csv --html report.html",
        usage="[CONFIG] TICKETS",
        listed="[CONFIG]",
        options=(
            _config(described=False),
            operand("tickets", type=Path),
            option("--runner", "ID", "its `pipe_id`; the one that classifies"),
            _PARAMETERS,
            option(
                "--precision",
                "P",
                "what part of the decided shall be right (default: 0.95)",
                type=rate,
                default=0.95,
            ),
            option(
                "--min-accuracy",
                "A",
                "exit with 1 if less of all is decided right",
                type=rate,
            ),
            option("--compare", "CONFIG", "another configuration, on the same tickets"),
            option("--html", "FILE", "write the report as a page, too", type=Path),
            flag(
                "--run-own", help="run components that are not otac's, whatever they do"
            ),
            _env_file(),
            *_diagnostics(_REPORT, verbose="show what is logged"),
        ),
    ),
    Command(
        "graph",
        "otac.cli.graph:run_graph",
        "the pipeline and its timetable as a picture",
        "Draws the runners, their steps and the next 24 hours of their schedules.",
        "otac graph config.yml --format html -o graph.html",
        options=(
            _config(),
            option(
                "--format",
                "FORMAT",
                "mermaid, svg or html (default: mermaid)",
                choices=("mermaid", "svg", "html"),
                default="mermaid",
            ),
            _SELECT,
            option("-o", "--output", "FILE", "standard output by default", type=Path),
            option(
                "--from",
                "INSTANT",
                "begin of the 24 hours (now): 2026-01-01T00:00Z",
                dest="start",
            ),
            flag("--live", help="html: with the last runs, from the Prefect server"),
            option("--prefect-url", "URL", "link runners to Prefect's user interface"),
            option("--source-url", "URL", "link lines to the file at this address"),
            *_printing(),
        ),
    ),
    Command(
        "plan",
        "otac.cli.plan:run_plan",
        "what deploy would change on a Prefect server",
        "Compares a configuration with a server; exit status 2: they differ.",
        "otac plan config.yml --format json",
        options=(
            _config(),
            option("-o", "FILE", "save the plan, for `otac deploy FILE`", dest="plan"),
            option("--output", "DIR", _BUILT, type=Path),
            *_SERVER,
            *_diagnostics(verbose="list what is in step, too"),
        ),
    ),
    Command(
        "deploy",
        "otac.cli.deploy:run_deploy",
        "make a Prefect server have what the configuration declares",
        "Checks everything, shows the plan, asks, and writes what has changed.",
        "otac deploy config.yml --yes --prune",
        usage="[CONFIG|PLAN]",
        listed="[CONFIG]",
        options=(
            _config(described=False),
            option("-o", "--output", "DIR", _BUILT, type=Path),
            *_SERVER,
            flag("-y", "--yes", help="do not ask"),
            flag("--prune", help="remove what otac made and is declared no more"),
            flag("--create-pools", help="make missing work pools, of type process"),
            flag("--adopt", help="take over deployments of another project"),
            flag("--no-import", help="do not try to import the modules"),
            *_diagnostics(verbose="list what is in step, too"),
        ),
    ),
    Command(
        "status",
        "otac.cli.status:run_status",
        "what a Prefect server says of last and next runs, workers",
        "Shows how the deployments of a configuration do on a server; changes nothing.",
        "otac status --select 'triage*'",
        options=(
            _config(),
            _SELECT,
            _env_file(),
            *_diagnostics(
                ("full", "concise", "json"), verbose="list all, on a terminal, too"
            ),
        ),
    ),
    Command(
        "worker",
        "otac.cli.worker:run_worker",
        "",
        "Starts Prefect's worker for a work pool of type process. Runs of deployments\n"
        "with `prefect.start: warm` are forked from a process that has imported Prefect.\n"
        "Told to stop, it takes no new runs and waits for those it has.",
        "otac worker start --pool default --limit 8",
        usage="start",
        options=(
            operand("word", choices=("start",)),
            option("-p", "--pool", "POOL", "the work pool", default="default"),
            option(
                "-n", "--name", "NAME", "the worker's name; one of its own by default"
            ),
            option("-l", "--limit", "N", "at most N runs at once", type=count),
            option(
                "-q",
                "--work-queue",
                "QUEUE",
                "only runs of this work queue; may be repeated",
                action="append",
                default=[],
            ),
            flag("--with-healthcheck", help="answer at port 8080, /health"),
            option(
                "--grace",
                "SECONDS",
                "for runs, once told to stop (default: 90)",
                type=count,
                default=90,
            ),
            flag("--cold", help="fork no runs; start each as Prefect does"),
            _env_file(),
        ),
    ),
    Command(
        "review",
        "otac.cli.review:run_review",
        "how much of what otac decided agents have corrected",
        "Tells how much of what otac decided agents have corrected; changes nothing.",
        "otac review config.yml --since 30d --csv corrections.csv",
        options=(
            _config(described=False),
            option(
                "--since", "TIME", "an age, or a date (default: 30d)", default="30d"
            ),
            option(
                "--newest",
                "N",
                "at most so many tickets (default: 10000)",
                type=count,
                default=10_000,
            ),
            option("--html", "FILE", "write the same as a page, too", type=Path),
            option(
                "--csv", "FILE", "write what was corrected, for `otac train`", type=Path
            ),
            option(
                "--min-precision",
                "P",
                "exit with 1 if less of the decisions is right",
                type=rate,
            ),
            _env_file(),
            *_diagnostics(_REPORT),
        ),
    ),
    Command(
        "train",
        "otac.cli.train:run_train",
        "make a model of the helpdesk's own tickets",
        "Makes a model of the queues and priorities that tickets ended up with, for\n"
        "`TrainedClassifier`, and says how often it is right.",
        "otac train config.yml --newest 5000 -o models/queues.otac",
        options=(
            _config(described=False),
            option(
                "--runner", "ID", "learn for this one; all that move tickets by default"
            ),
            option(
                "--tickets",
                "FILE",
                "in place of the ticket system; may be repeated",
                type=Path,
                action="append",
            ),
            option(
                "-o",
                "--output",
                "FILE",
                "the model; by default the configuration's own",
                type=Path,
            ),
            option("--since", "TIME", "only tickets since `2026-01-01`, or `180d` ago"),
            option(
                "--newest",
                "N",
                "only the newest N tickets (default: 10000)",
                type=count,
                default=10_000,
            ),
            flag("--include-own", help="also what otac moved and nobody corrected"),
            _env_file(),
            *_diagnostics(_REPORT),
        ),
    ),
    Command(
        "explain",
        "otac.cli.explain:run_explain",
        "what a diagnostic means and what to do",
        "What a diagnostic means, why, and what to do.",
        "otac explain OTC301",
        usage=None,
        listed="CODE",
        options=(operand("code", "CODE", "a code such as OTC301"),),
    ),
    Command(
        "components",
        "otac.cli.components:run_components",
        "what `use` can name; sync looks into plugins and modules",
        "Lists what `use` can name. With `sync`, looks into the installed plugins and the\n"
        "modules that the configuration names, and records what their components take in\n"
        "`otac.components.json`. This imports them.",
        "otac components sync config.yml",
        usage="[sync] [CONFIG]",
        listed="[sync]",
        options=(
            operand(
                "words",
                "[sync] [CONFIG]",
                "the configuration; `config.yml` here by default",
                nargs="*",
            ),
            option(
                "--format",
                "FORMAT",
                "of the list: text, json (default: text)",
                choices=("text", "json"),
                default="text",
            ),
            flag("-q", "--quiet", help="print errors and results only"),
        ),
    ),
    Command(
        "schema",
        "otac.cli.schema:run_schema",
        "",
        "Prints the JSON Schema of the configuration, for editors, with the parameters\n"
        "of built-in components and of those that `otac components sync` recorded.",
        "otac schema config.yml > config.schema.json",
        usage=None,
        listed="[CONFIG]",
        options=(
            operand(
                "config",
                "CONFIG",
                "the configuration beside which the record lies; here by default",
                nargs="?",
            ),
            flag("--tests", help="that of the files of `otac test`"),
        ),
    ),
    Command(
        "lsp",
        "otac.cli.lsp:run_lsp",
        "",
        "A language server on standard input and output: findings as you type,\n"
        "completion, hover, definitions, renaming and fixes. Editors start it.",
        "otac lsp",
        usage=None,
        listed="",
        options=(flag("--stdio", help="what it does anyway"),),
    ),
    Command(
        "completions",
        "otac.cli.completions:run_completions",
        "",
        "Prints what a shell needs to complete `otac`, or installs it.",
        "otac completions bash --install",
        usage="bash|zsh|fish|powershell",
        options=(
            operand("shell", choices=("bash", "zsh", "fish", "powershell")),
            flag("--install", help="let the shell read it from its next start on"),
            # What the scripts ask: the words so far, the last one unfinished.
            option("--complete", None, None, nargs="...", metavar="WORD"),
        ),
    ),
)
