"""What every expression can use, wherever it stands."""

import os
from collections.abc import Callable
from functools import cache
from typing import Any

from otac.components.clock import present
from otac.expressions.problem import ExpressionError
from otac.runtime.secrets import Secrets
from otac.runtime.view import Environment

_REQUIRED = object()


def ambient(secrets: Secrets) -> dict[str, Any]:
    """Names and functions that depend on no step; credentials are noted in `secrets`.

    `get_at` and `nest_at`, which depend on nothing at all, come with the sandbox.
    """

    def get_env(name: str, default: Any = _REQUIRED) -> Any:
        value = os.environ.get(name)
        if value is not None:
            secrets.remember_named(name, value)
            return value
        if default is _REQUIRED:
            raise ExpressionError(f"the environment variable `{name}` is not set")
        return default

    # Read once a run: a step that is repeated for each ticket must not ask the API each time.
    @cache
    def secret(name: str) -> Any:
        value = _load_secret(name)
        secrets.remember(value)
        return value

    return {
        "env": Environment(secrets),
        "get_env": get_env,
        "secret": secret,
        "variable": cache(_load_variable),
        "now": present,
    }


def _load_secret(name: str) -> Any:
    from prefect.blocks.system import Secret

    load: Callable[..., Any] = Secret.load
    try:
        # Expressions are plain functions, also inside of an event loop.
        return load(name, _sync=True).get()
    except ValueError as error:
        raise ExpressionError(f"there is no Secret block `{name}`") from error


def _load_variable(name: str) -> Any:
    from prefect.variables import Variable

    get: Callable[..., Any] = Variable.get
    value = get(name, default=_REQUIRED, _sync=True)
    if value is _REQUIRED:
        raise ExpressionError(f"there is no Prefect Variable `{name}`")
    return value
