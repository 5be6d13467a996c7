"""The findings as one HTML page that needs nothing from anywhere."""

from collections.abc import Mapping
from datetime import datetime

from otac.emit.templates import render_escaped
from otac.review.findings import ReviewFindings
from otac.review.told import percent, sentences


def page(found: Mapping[str, ReviewFindings], read: int, since: datetime) -> str:
    """The page; light and dark. It has no script, and its policy lets none run."""
    return render_escaped(
        "review.html.jinja",
        read=read,
        since=since.date().isoformat(),
        percent=percent,
        parts=[
            (what, findings, sentences(what, findings))
            for what, findings in found.items()
            if findings.decided or findings.left
        ],
    )
