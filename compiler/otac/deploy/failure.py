"""What a server refused, as a diagnostic."""

from otac.address import without_login
from otac.deploy.api import PASSING, ApiError
from otac.diagnostics.diagnostic import Diagnostic, error


def failure(problem: ApiError, url: str, *, begun: bool = False) -> Diagnostic:
    """The diagnostic; `begun` tells that some of the changes are made already."""
    place = without_login(url)
    if problem.status is None:
        return error(
            "OTC531",
            f"the Prefect server at {place} does not answer: {problem}",
            help=_again(begun)
            or "start it, or look at PREFECT_API_URL: it ends in `/api` for a server of "
            "your own",
        )
    if problem.status in (401, 403):
        return error(
            "OTC532",
            f"the Prefect server at {place} refused the credentials: "
            f"HTTP {problem.status}",
            help="look at PREFECT_API_KEY (Prefect Cloud) or PREFECT_API_AUTH_STRING "
            "(a server of your own)",
        )
    return error(
        "OTC534",
        f"the Prefect server at {place} refused: {problem}",
        help=_refused(problem, begun),
    )


def _refused(problem: ApiError, begun: bool) -> str:
    """What to do; a request that is at fault is refused a second time, too."""
    passing = problem.status is not None and (
        problem.status >= 500 or problem.status in PASSING
    )
    if begun:
        return (
            "run the command again: it goes on where this one ended"
            if passing
            else "the same request would be refused again: correct what it says, then "
            "run the command again, which goes on where this one ended"
        )
    if problem.status == 404:
        return "look at PREFECT_API_URL: it ends in `/api` for a server of your own"
    return "nothing was changed; the server's log tells more"


def _again(begun: bool) -> str | None:
    return "run the command again: it goes on where this one ended" if begun else None
