"""Ids of runners, which become names of files and functions."""

import keyword
from collections.abc import Iterator

from otac.diagnostics.diagnostic import Diagnostic, Label, error
from otac.emit.module_name import module_name
from otac.emit.reserved import DEVICES
from otac.lower.project import Project
from otac.source.span import Span


def check_runner_names(project: Project) -> Iterator[Diagnostic]:
    """Ids that no file can have, and ids that become the same file."""
    modules: dict[str, tuple[str, Span]] = {}
    for runner in project.runners:
        name = runner.id
        if keyword.iskeyword(name) or keyword.issoftkeyword(name):
            yield error(
                "OTC312",
                f"`{name}` cannot be the id of a runner",
                runner.origin,
                "it is a word of Python, and the runner becomes a Python module",
                help=f"write `{name}_runner`, for example",
                suggestion=f"{name}_runner",
            )
            continue
        if name.split(".")[0].lower() in DEVICES:
            yield error(
                "OTC312",
                f"`{name}` cannot be the id of a runner",
                runner.origin,
                "Windows keeps this name for a device, and the runner becomes a file",
                help=f"write `{name}_runner`, for example",
                suggestion=f"{name}_runner",
            )
            continue
        if not any(character.isalnum() for character in name):
            yield error(
                "OTC312",
                f"`{name}` cannot be the id of a runner",
                runner.origin,
                "it has neither a letter nor a digit",
            )
            continue
        module = module_name(name)
        first = modules.get(module)
        if first is not None and first[0] != name:
            yield error(
                "OTC311",
                f"runners `{first[0]}` and `{name}` become the same module",
                runner.origin,
                f"this becomes `generated/flows/{module}.py` too",
                labels=(Label(first[1], "this is the first one"),),
                help="give one of them another `pipe_id`",
            )
        modules.setdefault(module, (name, runner.origin))
