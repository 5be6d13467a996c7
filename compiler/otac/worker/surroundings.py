"""Whether a run may be forked from a template, and the surroundings that it gets.

What an interpreter, or Prefect, reads once, at its start, must be what the template was
started with; all else is set in the process that was forked.
"""

import logging
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from otac.worker.client import ADDRESS

# Read by the interpreter, the loader or the C library before anything of ours runs.
_INTERPRETER = ("PYTHON", "LD_", "LC_", "GLIBC_", "MALLOC_", "VIRTUAL_ENV", "CONDA_")
_EXACTLY = frozenset({"LANG", "LANGUAGE", "TZ", "TZDIR", "HOME"})
# Prefect reads its settings when it is imported; of these it can be told again.
_LEVEL = "PREFECT_LOGGING_LEVEL"
# Not settings: Prefect's own words to this one process.
_PRIVATE = "PREFECT__"
# Where Prefect looks for settings beside the environment.
_SETTINGS = frozenset({".env", "prefect.toml", "pyproject.toml"})


@dataclass(frozen=True, slots=True)
class ClientSurroundings:
    """What the client was started with. `ignored` are signals."""

    folder: str
    mask: int
    ignored: frozenset[int]
    executable: str
    environment: dict[str, str]

    @classmethod
    def read(cls, request: bytes) -> "ClientSurroundings":
        """From a client's request; ValueError where it is none."""
        folder, mask, ignored, executable, *pairs = request.split(b"\0")
        split = (pair.partition(b"=") for pair in pairs)
        return cls(
            os.fsdecode(folder),
            int(mask),
            frozenset(int(number) for number in ignored.split()),
            os.fsdecode(executable),
            {os.fsdecode(name): os.fsdecode(value) for name, _, value in split},
        )

    def refusal(self, names: frozenset[str], settings: Mapping[str, str]) -> str | None:
        """Why the run cannot be forked from this process, which has modules of the `names`.

        `settings` are Prefect's as it would write them itself: `False` where the environment
        has `false`. A run is given the one or the other.
        """
        if self.executable != sys.executable:
            return f"its interpreter is `{self.executable}`"
        for name in sorted({*self.environment, *os.environ}):
            given, there = self.environment.get(name), os.environ.get(name)
            fits = given == there or given == settings.get(name, there)
            if _is_read_at_the_start(name) and not fits:
                return f"`{name}` is not what the worker has"
        try:
            beside = [one.name for one in Path(self.folder).iterdir()]
        except OSError:
            return "its working directory cannot be read"
        for name in sorted(beside):
            if name in _SETTINGS:
                return f"its working directory has a `{name}`"
            if name.partition(".")[0] in names and _is_module(self.folder, name):
                return f"its working directory has a module `{name}`"
        return None

    def enter(self) -> None:
        """Make them those of this process."""
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            if number in self.ignored:
                signal.signal(number, signal.SIG_IGN)
            elif number == signal.SIGINT:
                signal.signal(number, signal.default_int_handler)
            elif signal.getsignal(number) is not signal.SIG_DFL:
                signal.signal(number, signal.SIG_DFL)
        os.umask(self.mask)
        os.chdir(self.folder)
        level = os.environ.get(_LEVEL)
        os.environ.clear()
        os.environ.update(self.environment)
        # As `python -m` has it.
        sys.path.insert(0, self.folder)
        if level != self.environment.get(_LEVEL):
            _read_settings_again()
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            # The random module does it by itself.
            numpy.random.seed()


def settings() -> dict[str, str]:
    """Prefect's settings that were set, as it writes them into a run's environment."""
    from prefect.settings import get_current_settings

    return get_current_settings().to_environment_variables(exclude_unset=True)


def _is_read_at_the_start(name: str) -> bool:
    if name.startswith("PREFECT_"):
        return not name.startswith(_PRIVATE) and name != _LEVEL
    return name in _EXACTLY or name.startswith(_INTERPRETER) or name == ADDRESS


def _is_module(folder: str, name: str) -> bool:
    return name.endswith((".py", ".so", ".pyc")) or (
        "." not in name and Path(folder, name).is_dir()
    )


def _read_settings_again() -> None:
    from prefect import context
    from prefect.logging.configuration import setup_logging

    context.GLOBAL_SETTINGS_CONTEXT = context.root_settings_context()
    for logger in (logging.getLogger(name) for name in ("prefect", None)):
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
    setup_logging(incremental=False)
