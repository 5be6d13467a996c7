"""`python -m otac.online`: a request as argument, problems on standard output.

Each line of output is JSON: `{"service": title, "problem": {...}}`, and `{"service": title,
"done": true}` when there is nothing more to say about a service. All are asked at the same
time; what one of them does keeps no other waiting.
"""

import asyncio
import json
import logging
import os
import sys
import threading
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from otac.agreed import claim_output
from otac.components.inspection import Asked, Inspectable, Problem
from otac.components.outcome import Fail, Unavailable
from otac.expressions.problem import ExpressionError
from otac.local.generated_package import importing_from
from otac.online.request import OnlineRequest, ServiceQuestion
from otac.runtime.secrets import Secrets
from otac.runtime.services import Services, Unmade

_GRACE_SECONDS = 2.0

Say = Callable[[Problem], None]


def main() -> None:
    """Ends the process itself: a thread that waits for ever must not keep it."""
    request = OnlineRequest.decode(Path(sys.argv[1]).read_text(encoding="utf-8"))
    output = claim_output()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    lock = threading.Lock()

    def say(what: dict[str, Any]) -> None:
        with lock:
            output.write(json.dumps(what).encode() + b"\n")
            output.flush()

    with importing_from(request.generated, request.user):
        module = import_module("generated.services")
    # An event loop for each, so that a service that blocks its own blocks no other.
    threads = {
        question.title: threading.Thread(
            target=_thread, args=(request, question, module, say), daemon=True
        )
        for question in request.questions
    }
    for thread in threads.values():
        thread.start()
    # One that blocks its loop is beyond the time-out in there.
    ends = time.monotonic() + request.seconds + _GRACE_SECONDS
    for title, thread in threads.items():
        thread.join(max(0.0, ends - time.monotonic()))
        if thread.is_alive():
            late = Problem(kind="unreachable", message=_late(request))
            say({"service": title, "problem": late.model_dump(mode="json")})
            say({"service": title, "done": True})
    os._exit(0)


def _thread(
    request: OnlineRequest,
    question: ServiceQuestion,
    module: Any,
    say: Callable[[Any], None],
) -> None:
    secrets = Secrets()

    def problem(found: Problem) -> None:
        clean = {
            "message": secrets.scrub(found.message),
            "help": found.help and secrets.scrub(found.help),
        }
        told = found.model_copy(update=clean).model_dump(mode="json")
        say({"service": question.title, "problem": told})

    asyncio.run(_ask(request, question, module, secrets, problem))
    say({"service": question.title, "done": True})


async def _ask(
    request: OnlineRequest,
    question: ServiceQuestion,
    module: Any,
    secrets: Secrets,
    say: Say,
) -> None:
    services = Services(secrets)
    asked = Asked(
        names=question.names, seconds=request.seconds, download=request.download
    )
    begun = False
    try:
        async with asyncio.timeout(request.seconds):
            service = services.get(getattr(module, question.constructor))
            begun = True
            if isinstance(service, Inspectable):
                async for problem in service.inspect(asked):
                    say(problem)
            elif question.reports:
                name = type(service).__name__
                say(Problem(kind="unasked", message=f"`{name}` cannot be asked"))
    except TimeoutError as error:
        # Its own, or that of all its answers.
        text = str(error) or _late(request)
        say(Problem(kind="unreachable", message=text))
    except Unmade as error:
        say(
            Problem(
                kind="unmade",
                message=_said(error.error, secrets),
                parameter=error.parameter,
            )
        )
    except Exception as error:  # noqa: BLE001
        kind: Any = "unusable" if isinstance(error, Fail) else "unreachable"
        say(Problem(kind=kind, message=_said(error, secrets)))
    finally:
        if begun:
            await services.close(logging.getLogger("otac"))


def _late(request: OnlineRequest) -> str:
    return f"it has not answered within {request.seconds:g} s"


def _said(error: Exception, secrets: Secrets) -> str:
    """What is meant for people as it is, of anything else its kind as well."""
    if isinstance(error, Fail | Unavailable | ExpressionError) and str(error):
        return str(error)
    return secrets.describe(error)


if __name__ == "__main__":
    main()
