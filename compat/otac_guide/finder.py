"""Answers for `open_ticket_ai.core.pipeline` where Open Ticket AI is not installed.

Every Python of the environment imports this when it starts, so it imports next to nothing.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

_TOP = "open_ticket_ai"
_PIPELINE = f"{_TOP}.core.pipeline"
_MODULES = (_PIPELINE, f"{_PIPELINE}.prefect_flows")


class Finder:
    """Stands at the end of Python's list: a package that is installed comes first."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: object = None
    ) -> ModuleSpec | None:
        if name == _TOP:
            # The finder for plugins, which this adds behind itself, is asked next.
            from otac.components.open_ticket_ai import install

            install()
            return None
        if name not in _MODULES:
            return None
        if not _is_stand_in(sys.modules[_TOP]):
            raise ModuleNotFoundError(
                f"`{name}` is not in the `{_TOP}` that is installed here "
                f"({_origin(sys.modules[_TOP])}), and otac-guide hides no other "
                "package: use an environment without it, or import the names from "
                "`otac.orchestrator`",
                name=name,
            )
        return ModuleSpec(name, self, origin="otac-guide", is_package=True)  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        import otac.orchestrator

        for name in otac.orchestrator.__all__:
            setattr(module, name, getattr(otac.orchestrator, name))


def install() -> None:
    """Add the finder, once."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.append(Finder())


def _is_stand_in(module: ModuleType) -> bool:
    return module.__spec__ is not None and module.__spec__.origin == "otac"


def _origin(module: ModuleType) -> str:
    return str(getattr(module, "__file__", None) or "a namespace package")
