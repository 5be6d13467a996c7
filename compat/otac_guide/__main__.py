"""Runs snippets of the guide as they are printed: `otac-guide FILE...`, `-` for a paste.

They await outside of a function and use names that the guide never makes. Several files
are run one after the other and share their names.
"""

import ast
import asyncio
import inspect
import re
import sys
from datetime import timedelta
from pathlib import Path
from types import CodeType
from typing import Any

_USAGE = """\
usage: otac-guide FILE ...

Runs snippets of Open Ticket AI's Prefect guide as they are printed, for the
config.yml of this folder. `-` reads one from standard input.
"""
# The guide leaves parameters out: `async def execute_pipe_task(...):`.
_LEFT_OUT = re.compile(r"(?m)^(\s*(?:async )?def \w+)\(\.\.\.\)")


def main() -> int:
    """The exit status: 0, 1 for a failure, 2 for usage, 130 for Ctrl-C in a snippet."""
    files = sys.argv[1:]
    if not files or any(one.startswith("-") and one != "-" for one in files):
        asked = bool({"-h", "--help"} & set(files))
        print(_USAGE, end="", file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    try:
        snippets = [_compiled(name) for name in files]
    except (OSError, UnicodeDecodeError, SyntaxError, ValueError) as problem:
        print(f"otac-guide: {problem}", file=sys.stderr)
        return 1
    try:
        return asyncio.run(_run(snippets))
    except KeyboardInterrupt:
        return 130


def _compiled(name: str) -> CodeType:
    text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    text = _LEFT_OUT.sub(r"\1(*arguments, **options)", text)
    code: CodeType = compile(text, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    return code


async def _run(snippets: list[CodeType]) -> int:
    from otac.orchestrator import OrchestratorError

    names = _presumed()
    try:
        for snippet in snippets:
            ended = eval(snippet, names)
            if inspect.isawaitable(ended):
                await ended
    except OrchestratorError as problem:
        print(f"otac-guide: {problem}", file=sys.stderr)
        return 1
    return 0


def _presumed() -> dict[str, Any]:
    """What the guide's snippets use and none of them makes."""
    from injector import Injector
    from prefect import flow, task

    import otac.orchestrator as names

    factory = names.PipeFactory()

    def send_notification(flow: object, flow_run: object, state: object) -> None:
        print(f"send_notification: {state}", file=sys.stderr)

    return {
        **{name: getattr(names, name) for name in names.__all__},
        "__name__": "__main__",
        "injector": Injector(),
        "orchestrator": names.PrefectOrchestrator(),
        "app_config": factory.app_config,
        "pipe_factory": factory,
        "my_pipe_factory": factory,
        "my_runner_definition": names.RunnerDefinition("ticket_processor"),
        "deployment_params": {},
        "timedelta": timedelta,
        "flow": flow,
        "task": task,
        "send_notification": send_notification,
    }


if __name__ == "__main__":
    sys.exit(main())
