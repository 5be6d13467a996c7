"""`otac train`."""

import argparse
import importlib.util
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from otac.cli.configuration import Configuration, read_configuration
from otac.cli.exit_status import Exit, overwriting, wrong_usage
from otac.cli.progress import Progress
from otac.cli.since import WrongTime, read_since
from otac.cli.terminal import Printing, print_problem, print_report, say, wanted
from otac.cli.training_tickets import read_files
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.frame import visible
from otac.diagnostics.report import Report
from otac.extras import install
from otac.output.environment import environment
from otac.output.replacement import replace_file
from otac.pipeline import Compiled, CompileOptions, compile_configuration
from otac.source.source_text import SourceText

_USUAL = "models/queues.otac"


def run_train(arguments: argparse.Namespace) -> Exit:
    """`otac train CONFIG`."""
    printing = Printing.of(arguments)
    try:
        since = read_since(arguments.since, datetime.now(UTC))
    except WrongTime as wrong:
        return wrong_usage(str(wrong))
    inputs = (arguments.config, *(arguments.tickets or ()))
    if said := overwriting({"--output": arguments.output}, inputs):
        return wrong_usage(said)
    configuration = read_configuration(arguments.config)
    if isinstance(configuration, Diagnostic):
        return print_problem(configuration, printing)
    if importlib.util.find_spec("sklearn") is None:
        return print_problem(
            error(
                "OTC570",
                "training needs scikit-learn, which is not installed",
                help=install("train"),
            ),
            printing,
        )
    try:
        return _train(configuration, arguments, since, printing)
    except BrokenPipeError:
        raise
    except OSError as problem:
        return print_problem(environment(problem, configuration.folder), printing)


def _train(
    configuration: Configuration,
    arguments: argparse.Namespace,
    since: datetime | None,
    printing: Printing,
) -> Exit:
    compiled = compile_configuration(
        configuration.name,
        configuration.data,
        configuration.folder,
        # The model that is to be made need not be there, nor fit today's queues.
        CompileOptions(source=configuration.title, models=False),
    )
    if compiled.project is None:
        return print_report(compiled.report, printing)
    output = arguments.output or configuration.folder / _model(compiled)
    if _is_another(output):
        return wrong_usage(
            f"`{visible(output.as_posix())}` is there, and no model: choose another name with"
            " `-o`, or remove it"
        )
    with Progress(sys.stderr, quiet=printing.quiet or not printing.for_people) as shown:
        if arguments.tickets is not None:
            tickets = read_files(arguments.tickets, arguments.newest, since)
        else:
            from otac.cli.history import read_history

            found = read_history(configuration, compiled, arguments, since, shown)
            if isinstance(found, str):
                return wrong_usage(found)
            tickets = found
        if tickets.diagnostics and not tickets.examples:
            return _print(tickets.diagnostics, printing)
        from otac.learning.training import train

        trained = train(tickets.examples, tickets.source, tickets.left_out, shown.tell)
    said = (*tickets.diagnostics, *trained.diagnostics)
    report = wanted(Report(SourceText("", ""), said), printing)
    status = Exit.OK
    if printing.for_people or report.fails:
        # As JSON, standard output is for the card.
        status = _print(said, printing)
    if trained.data is None or status is not Exit.OK:
        if trained.data is not None:
            say("no model was written, for what `--strict` makes an error", printing)
        return status
    output.parent.mkdir(parents=True, exist_ok=True)
    replace_file(output, trained.data)
    if printing.format == "json":
        json.dump(trained.card, sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        sys.stdout.write(card_text(trained.card) + "\n")
    size = f"{len(trained.data) / 1e6:.1f} MB"
    say(f"{output.as_posix()} written ({size})", printing)
    return Exit.OK


def _is_another(path: Path) -> bool:
    """Whether a file is there that is no model, not even a damaged one."""
    if path.suffix == ".otac" or not path.is_file() or path.stat().st_size == 0:
        return False
    with path.open("rb") as file:
        return file.read(2) != b"PK"


def _model(compiled: Compiled) -> str:
    """Where the configuration expects the model."""
    from otac.check.trained_models import named_models

    assert compiled.project is not None
    return next((one.text for one in named_models(compiled.project)), _USUAL)


def _print(found: tuple[Diagnostic, ...], printing: Printing) -> Exit:
    return print_report(Report(SourceText("", ""), found), printing)


# The card of a model, for people.
_LABELS_SHOWN = 20


def card_text(card: Mapping[str, Any]) -> str:
    """What the model was made of, and how often it is right."""
    lines = [f"made from {visible(str(card['source']))}"]
    span = card["span"]
    if span["oldest"] is not None:
        lines.append(f"tickets of {span['oldest'][:10]} to {span['newest'][:10]}")
    for reason, count in card["tickets"]["left_out"].items():
        lines.append(f"  left out: {count}, {reason}")
    for name, part in card["parts"].items():
        lines += ["", *_part(name, part)]
    return "\n".join(lines)


def _part(name: str, part: Mapping[str, Any]) -> Iterator[str]:
    labels = part["labels"]
    yield f"{name}: {sum(labels.values())} tickets, {len(labels)} labels"
    ranked = sorted(labels.items(), key=lambda one: (-one[1], one[0]))
    for label, count in ranked[:_LABELS_SHOWN]:
        yield f"  {count:6} {visible(label)}"
    if len(ranked) > _LABELS_SHOWN:
        yield f"         and {len(ranked) - _LABELS_SHOWN} more labels"
    for reason, count in part["left_out"].items():
        yield f"  left out: {count}, {reason}"
    judged = part["judged"]
    if judged["tickets"]:
        yield (
            f"  judged by the newest {judged['tickets']} tickets, with a model of the"
            f" older ones: {judged['accuracy']:.0%} right,"
            f" calibration error {judged['calibration_error']:.2f}"
        )
    else:
        yield "  too few new tickets to judge by; the figures are of held-out ones"
    yield from _promises(part, judged)


def _promises(part: Mapping[str, Any], judged: Mapping[str, Any]) -> Iterator[str]:
    promises = part["promises"]
    if not promises:
        yield "  no precision can be promised: the model is not sure of anything"
        return
    yield "  min_precision  confidence   decides  of those right   newest: decides  right"
    for promise, seen in zip(promises, judged["promises"], strict=True):
        yield (
            f"  {promise['wanted']:13.2f} {promise['threshold']:11.2f}"
            f" {promise['coverage']:9.0%} {promise['precision']:15.0%}"
            f" {_share(seen['coverage']):>17} {_share(seen['precision']):>6}"
        )


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"
