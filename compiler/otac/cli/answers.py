"""Answers to what a configuration asks: those of the command line, and what is open."""

import argparse
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from otac.cli.exit_status import Exit, wrong_usage
from otac.cli.terminal import Printing, print_report
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.frame import visible
from otac.diagnostics.report import Report
from otac.diagnostics.suggest import closest, nearest

if TYPE_CHECKING:
    from otac.diagnostics.question import Question
    from otac.rescue import UnfitAnswer
    from otac.source.source_text import SourceText


def read_answers(
    arguments: argparse.Namespace, printing: Printing
) -> dict[str, str] | Exit:
    """What `--answers` and `--answer` say; the latter counts for more."""
    answers: dict[str, str] = {}
    if arguments.answers is not None:
        read = _from_file(arguments.answers)
        if isinstance(read, Report):
            return print_report(read, printing)
        answers |= read
    for given in arguments.answer:
        key, sign, answer = given.partition("=")
        if not sign or not key.strip():
            return wrong_usage(f"`--answer {visible(given)}`: write it as KEY=VALUE")
        answers[key.strip()] = answer.strip()
    return answers


def _from_file(name: str) -> dict[str, str] | Report:
    from otac import source
    from otac.cli.configuration import read_configuration
    from otac.source.document import Document, Mapping, Scalar
    from otac.source.source_text import SourceText

    read = read_configuration(name)
    if isinstance(read, Diagnostic):
        return Report(SourceText(name, ""), (read,))
    text = SourceText.decode(name, read.data)
    document = source.read(name, read.data)
    if not isinstance(document, Document):
        return Report(text, document)
    wrong = document.root
    if isinstance(document.root, Mapping):
        entries = document.root.entries
        answers = {
            key: one.value.text
            for key, one in entries.items()
            if isinstance(one.value, Scalar)
        }
        if len(answers) == len(entries):
            return answers
        wrong = next(one.value for key, one in entries.items() if key not in answers)
    elif isinstance(wrong, Scalar) and wrong.value is None:
        return {}
    found = error(
        "OTC204",
        "answers are a mapping of keys to texts",
        wrong.span,
        "this is something else",
        help="write each as `KEY: answer`, as `otac migrate` lists them",
    )
    return Report(text, (found,))


def unknown_answers(
    name: str, answers: Mapping[str, str], keys: frozenset[str]
) -> Exit | None:
    """What to say about keys that the file does not ask for; None where there are none."""
    for key in answers:
        if key in keys:
            continue
        similar = nearest(key, keys)
        if similar is not None:
            advice = f"did you mean `{similar}`?"
        elif keys:
            advice = f"it asks {_listed(sorted(keys))}"
        else:
            advice = "it asks nothing"
        return wrong_usage(f"{visible(name)} does not ask `{visible(key)}`; {advice}")
    return None


def misfit(found: "UnfitAnswer") -> Exit:
    """That an answer is none."""
    question, answer = found
    said = f"`{visible(answer)}` is not an answer to `{question.key}`"
    known = [choice.answer for choice in question.choices]
    if not known:
        return wrong_usage(f"{said}: it can only be answered in the file")
    return wrong_usage(f"{said}: write {_listed(closest(answer, known, len(known)))}")


def listed_questions(asking: Iterable[Diagnostic], source: "SourceText") -> str:
    """What is open, each with what to type for an answer."""
    lines: list[str] = []
    for found in asking:
        question = found.question
        if question is None:
            continue
        place = ""
        if found.span is not None:
            line, column = source.place(found.span.start)
            place = f":{line}:{column}"
        lines.append(f"{source.name}{place}: {found.message}")
        lines += (f"  --answer {_quoted(one)}" for one in _options(question))
    return "".join(f"{visible(line)}\n" for line in lines)


def _options(question: "Question") -> Iterator[tuple[str, str]]:
    for choice in question.choices:
        said = choice.meaning
        if choice.answer == question.proposal:
            said = f"{said} (proposed)" if said else "proposed"
        yield f"{question.key}={choice.answer}", said
    if question.place is not None:
        yield f"{question.key}=...", "any other text"
    elif not question.choices:
        yield f"{question.key}=...", "no: answer it in the file"


def _quoted(one: tuple[str, str]) -> str:
    from shlex import quote

    answer, said = one
    return f"{quote(answer)}  # {said}" if said else quote(answer)


def _listed(names: list[str]) -> str:
    quoted = [f"`{visible(name)}`" for name in names]
    return " or ".join((", ".join(quoted[:-1]), quoted[-1]) if quoted[1:] else quoted)
