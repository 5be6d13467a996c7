"""Shows a plan on a pull request: `plan_comment.py CONFIG PLAN`, in an action of GitHub's.

One comment for each configuration, which the next plan replaces. The summary of the job
has it, too: that is there without a pull request, and where the comment is refused.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

# What GitHub takes as a comment, less what is written around the plan.
_LONGEST = 65_000
_SECONDS = 30


def main() -> None:
    config, plan = sys.argv[1], Path(sys.argv[2]).read_text(encoding="utf-8").strip()
    mark = f"<!-- otac plan {config} -->"
    body = f"{mark}\n### `otac plan {config}`\n\n{_fenced(plan)}\n"
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as summary:
        summary.write(body)
    number = os.environ.get("OTAC_PULL_REQUEST")
    if not number:
        return
    repository = f"repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    try:
        earlier = _earlier(f"{repository}/{number}/comments", mark)
        if earlier is None:
            _ask("POST", f"{repository}/{number}/comments", {"body": body})
        else:
            _ask("PATCH", f"{repository}/comments/{earlier}", {"body": body})
    except (HTTPError, URLError, TimeoutError) as problem:
        # A pull request from a fork has no right to write; its plan is as good.
        print(f"::notice title=otac plan::the comment was not written: {problem}")


def _fenced(plan: str) -> str:
    if len(plan) > _LONGEST:
        plan = f"{plan[:_LONGEST]}\n... the rest is in the log of `otac plan`"
    fence = "```"
    while fence in plan:
        fence += "`"
    return f"{fence}\n{plan}\n{fence}"


def _earlier(path: str, mark: str) -> int | None:
    page = 1
    while True:
        comments = _ask("GET", f"{path}?per_page=100&page={page}")
        for comment in comments:
            if str(comment["body"]).startswith(mark):
                return int(comment["id"])
        if len(comments) < 100:
            return None
        page += 1


def _ask(method: str, path: str, body: dict[str, str] | None = None) -> Any:
    request = Request(
        f"{os.environ['GITHUB_API_URL']}/{path}",
        None if body is None else json.dumps(body).encode(),
        {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
            "Content-Type": "application/json",
        },
        method=method,
    )
    with urlopen(request, timeout=_SECONDS) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
