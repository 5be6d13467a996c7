"""`otac new`: the beginning of a component, a runner or a test, which works as it is."""

import argparse
import importlib.util
import keyword
import re
import sys
from pathlib import Path

from otac.cli.compiling import compile_as_built
from otac.cli.configuration import STANDARD_INPUT, Configuration, read_configuration
from otac.cli.exit_status import Exit, wrong_usage
from otac.cli.rewriting import write_back, write_new
from otac.cli.runner_choice import find_runner
from otac.cli.terminal import Printing, print_problem, print_report
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.edit import Edit
from otac.diagnostics.frame import visible
from otac.fixing.rewrite import rewritten
from otac.lower.project import Project
from otac.output.environment import environment
from otac.source import read
from otac.source.document import Document, Mapping, Sequence, Span

_NAME = re.compile(r"[A-Za-z_][\w-]*")
_ITEM = re.compile(r"( *)-( +)")
_COMPONENT = '''\
"""Components of this project."""


def {name}(text: str) -> dict[str, str]:
    """Returns the text without spaces around it.

    The parameters are those that a step gives; what is returned is the step's result.
    """
    return {{"text": text.strip()}}
'''
_STEP = """\
  - id: {name}
    use: {name}:{name}
    text: "a text"
"""
_RUNNER = """\
- pipe_id: {name}
  pipe:
    steps:
      - id: hello
        use: Expression
        expression: "{{{{ 'hello from {name}' }}}}"
"""
_TEST = """\
tests:
  - name: {name}
    runner: {runner}
    expect:
      state: Completed
"""


def run_new(arguments: argparse.Namespace) -> Exit:
    """`otac new component|runner|test NAME [CONFIG]`. Overwrites nothing."""
    printing = Printing()
    name: str = arguments.name
    if not _NAME.fullmatch(name) or not name.isascii():
        return wrong_usage(
            f"`{visible(name)}` cannot be a name here: use letters, digits, `_` and `-`"
        )
    if arguments.runner is not None and arguments.kind != "test":
        return wrong_usage("`--runner` says of what a test is")
    if arguments.config == STANDARD_INPUT:
        return wrong_usage("`otac new` needs a configuration that is a file")
    configuration = read_configuration(arguments.config)
    if isinstance(configuration, Diagnostic):
        return print_problem(configuration, printing)
    if arguments.kind == "component":
        return _component(configuration.folder, name, printing)
    compiled = compile_as_built(configuration, printing)
    if compiled.project is None:
        return print_report(compiled.report, printing)
    if arguments.kind == "runner":
        return _runner(configuration, compiled.project, name, printing)
    return _test(configuration, compiled.project, name, arguments.runner, printing)


def _component(folder: Path, name: str, printing: Printing) -> Exit:
    if not name.isidentifier() or keyword.iskeyword(name):
        return wrong_usage(f"`{name}` cannot be the name of a function in Python")
    path = folder / f"{name}.py"
    if not path.exists() and _is_taken(name):
        return wrong_usage(f"there is a module `{name}` in Python already")
    status = _write(path, _COMPONENT.format(name=name), printing)
    if status is Exit.OK:
        sys.stderr.write(f"a step that uses it:\n\n{_STEP.format(name=name)}")
    return status


def _is_taken(name: str) -> bool:
    """Whether something else would be imported by this name, or no longer be."""
    try:
        return name == "otac" or importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return True


def _test(
    configuration: Configuration,
    project: Project,
    name: str,
    runner: str | None,
    printing: Printing,
) -> Exit:
    from otac.testing.files import FOLDER

    found = find_runner(project, runner or project.runners[0].id)
    if isinstance(found, str):
        return wrong_usage(found)
    text = _TEST.format(name=name, runner=found.id)
    return _write(configuration.folder / FOLDER / f"{name}.yml", text, printing)


def _write(path: Path, text: str, printing: Printing) -> Exit:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        return print_problem(environment(problem, path.parent), printing)
    refused = write_new(path, text.encode())
    if refused is not None:
        return print_problem(refused, printing)
    sys.stderr.write(f"created {path.as_posix()}\n")
    return Exit.OK


def _runner(
    configuration: Configuration, project: Project, name: str, printing: Printing
) -> Exit:
    if any(runner.id == name for runner in project.runners):
        return wrong_usage(f"{configuration.title} has a runner `{name}` already")
    edit = _added(configuration, name)
    data = None if edit is None else rewritten(configuration.data, (edit,))
    if data is None or not _fits(configuration, data, name, printing):
        text = _RUNNER.format(name=name)
        return print_problem(
            error(
                "OTC508",
                f"a runner cannot be added to `{visible(configuration.name)}` in the "
                "form that it has",
                help="nothing was written; `otac migrate` rewrites it, or add this "
                f"yourself:\n{text}",
            ),
            printing,
        )
    refused = write_back(configuration, data, piped="otac new runner")
    if refused is not None:
        return print_problem(refused, printing)
    sys.stderr.write(f"{configuration.name}: runner `{name}` added\n")
    return Exit.OK


def _added(configuration: Configuration, name: str) -> Edit | None:
    """The runner behind the last one; None where those are not written line by line."""
    document = read(configuration.name, configuration.data)
    runners = _runners(document) if isinstance(document, Document) else None
    if not isinstance(document, Document) or runners is None or not runners.items:
        return None
    text = document.source.text
    last = runners.items[-1]
    begin = text.rfind("\n", 0, last.start) + 1
    item = _ITEM.fullmatch(text[begin : last.start])
    if item is None or last.span.via is not None:
        return None
    at = last.end
    if text[at - 1] != "\n":
        end = text.find("\n", at)
        at = len(text) if end < 0 else end + 1
    lines = _RUNNER.format(name=name).splitlines()
    new = "".join(f"{item[1]}{line}\n" for line in lines)
    # As the others stand: an empty line between them where there is one.
    if len(runners.items) > 1 and text[:begin].endswith("\n\n"):
        new = f"\n{new}"
    return Edit(Span(at, at), new if text[at - 1] == "\n" else f"\n{new}")


def _runners(document: Document) -> Sequence | None:
    root = document.root
    if not isinstance(root, Mapping):
        return None
    within = root.get("open_ticket_ai")
    for place in (root, within):
        if not isinstance(place, Mapping):
            continue
        orchestrator = place.get("orchestrator")
        runners = (
            orchestrator.get("runners") if isinstance(orchestrator, Mapping) else None
        )
        if isinstance(runners, Sequence):
            return runners
    return None


def _fits(
    configuration: Configuration, data: bytes, name: str, printing: Printing
) -> bool:
    """Whether it compiles, with this runner more."""
    changed = Configuration(
        configuration.name, data, configuration.folder, configuration.output
    )
    project = compile_as_built(changed, printing).project
    return project is not None and any(one.id == name for one in project.runners)
