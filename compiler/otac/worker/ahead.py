"""What each run would make anew in its first moments, made once, before it is forked.

Read in the source of Prefect, 3.4.20 to 3.9.1: each client of its API reads all certificates
that it may trust, also for `http://`, and a run opens up to ten; and its models make their
validators when they are first used. Where another release does it otherwise, nothing is
shared, and a run does it for itself.
"""

import importlib
import ssl
from contextlib import suppress
from typing import Any

# Where Prefect makes such a client.
_CLIENTS = ("prefect.client.orchestration", "prefect._internal.version_checking")
_MODELS = (
    "prefect.client.schemas.objects",
    "prefect.client.schemas.responses",
    "prefect.client.schemas.actions",
    "prefect.events.schemas.events",
    "prefect.events.filters",
)


class _Ssl:
    """`ssl`, as Prefect's clients see it: with one context for the file that all of them use."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._context = ssl.create_default_context(cafile=file)

    def __getattr__(self, name: str) -> Any:
        return getattr(ssl, name)

    def create_default_context(self, *args: Any, **keywords: Any) -> ssl.SSLContext:
        """Another one for any other question: who asks without a file changes what he gets."""
        if not args and keywords == {"cafile": self._file}:
            return self._context
        return ssl.create_default_context(*args, **keywords)


def certificates() -> str:
    """The file of those that Prefect's clients trust."""
    import certifi
    from prefect.settings import PREFECT_API_SSL_CERT_FILE

    return PREFECT_API_SSL_CERT_FILE.value() or certifi.where()


def share_certificates(file: str) -> None:
    """Let all clients of this process have one context of this file, as it is now."""
    try:
        shared = _Ssl(file)
    except OSError:
        # A run tells of it in its own words.
        return
    for name in _CLIENTS:
        with suppress(ImportError):
            module = importlib.import_module(name)
            if getattr(module, "ssl", None) is ssl:
                module.ssl = shared  # type: ignore[attr-defined]


def complete_models() -> None:
    """Make the validators of the models that a run may send, receive or wait for."""
    from pydantic import BaseModel

    for name in _MODELS:
        with suppress(ImportError):
            for found in vars(importlib.import_module(name)).values():
                if (
                    isinstance(found, type)
                    and issubclass(found, BaseModel)
                    and found.__module__ == name
                    and not found.__pydantic_complete__
                ):
                    found.model_rebuild(raise_errors=False)
