"""The findings as text, as data and as labelled tickets."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from otac.review.findings import Judgement, ReviewFindings

_PRECISION = 0.95
_PAIRS = 10
_THRESHOLDS = {"queue": "min_confidence", "priority": "min_priority_confidence"}
_MOVED = {"queue": "moved", "priority": "gave a priority to"}


def text(found: Mapping[str, ReviewFindings], read: int, since: datetime) -> str:
    """For a terminal."""
    parts = [f"{read} tickets since {since.date()}"]
    for what, findings in found.items():
        if findings.decided or findings.left:
            parts.append("\n".join(_section(what, findings)))
    if len(parts) == 1:
        parts.append(
            "none of them has a note of otac about a decision: nothing to review"
        )
    return "\n\n".join(parts) + "\n"


def sentences(what: str, findings: ReviewFindings) -> list[str]:
    """What an administrator should know, in whole sentences."""
    said = [f"otac {_MOVED[what]} {tickets(findings.decided)}"]
    if findings.decided:
        said[0] += (
            f", agents corrected {findings.corrected} of them:"
            f" {percent(findings.precision)} right"
        )
    if findings.open:
        said.append(
            f"{findings.open} of these {_are(findings.open)} still open and may be"
            " corrected yet"
        )
    if findings.left:
        said.append(f"nothing was certain about {tickets(findings.left)}")
    error = findings.calibration_error
    if error is not None:
        said.append(
            f"confidence and what was right differ by {100 * error:.0f} points on average"
        )
    lowest = findings.lowest(_PRECISION)
    if lowest is not None and findings.corrected:
        said.append(
            f"with `{_THRESHOLDS[what]}: {lowest.threshold:g}`, {lowest.decided} of them"
            f" would have been decided, {lowest.wrong} wrongly"
        )
    return said


def data(
    found: Mapping[str, ReviewFindings], read: int, since: datetime
) -> dict[str, object]:
    """For programs."""
    return {
        "since": since.isoformat(),
        "tickets": read,
        **{what: _data(findings) for what, findings in found.items()},
    }


def labelled(
    found: Mapping[str, ReviewFindings], tickets_by_id: Mapping[str, Mapping[str, Any]]
) -> str:
    """The corrected tickets, as `otac train --tickets` reads them.

    `queue` and `priority` are what agents made of them, empty where they corrected nothing;
    `otac_queue` and the like are what otac had decided, and how surely.
    """
    out = io.StringIO()
    names = ["id", "subject", "body", "queue", "priority", "created"]
    more = [f"otac_{what}{tail}" for what in found for tail in ("", "_confidence")]
    writer = csv.DictWriter(out, [*names, *more], restval="", lineterminator="\n")
    writer.writeheader()
    rows: dict[str, dict[str, object]] = {}
    for what, findings in found.items():
        for one in findings.judgements:
            if not one.is_right:
                row = rows.setdefault(one.ticket, _row(tickets_by_id[one.ticket]))
                row |= {
                    what: one.now,
                    f"otac_{what}": one.target,
                    f"otac_{what}_confidence": ""
                    if one.confidence is None
                    else one.confidence,
                }
    writer.writerows(rows.values())
    return out.getvalue()


def tickets(number: int) -> str:
    """`1 ticket`, `2 tickets`."""
    return f"{number} ticket{'' if number == 1 else 's'}"


def percent(part: float | None) -> str:
    """Cut off: 99.6 % is not all."""
    return "-" if part is None else f"{int(100 * part + 1e-9)} %"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _row(ticket: Mapping[str, Any]) -> dict[str, object]:
    return {key: ticket[key] for key in ("id", "subject", "body", "created")}


def _section(what: str, findings: ReviewFindings) -> list[str]:
    lines = [f"{what}:", *(f"  {sentence}" for sentence in sentences(what, findings))]
    if findings.decided:
        rows: list[Sequence[object]] = [("week of", "decided", "corrected", "right")]
        rows += [
            (
                week.monday,
                week.decided,
                week.corrected,
                percent(1 - week.corrected / week.decided),
            )
            for week in findings.weeks()
        ]
        lines += ["", *_table(rows)]
    if corrections := findings.corrections():
        rows = [("from", "to", "tickets"), *corrections[:_PAIRS]]
        lines += ["", *_table(rows)]
        if len(corrections) > _PAIRS:
            lines.append(f"  and {len(corrections) - _PAIRS} other pairs")
    if len(by := findings.by()) > 1:
        rows = [("by", "decided", "corrected")]
        rows += [(name, *counts) for name, counts in by.items()]
        lines += ["", *_table(rows)]
    return lines


def _table(rows: Sequence[Sequence[object]]) -> list[str]:
    from otac.diagnostics.frame import visible
    from otac.diagnostics.frame import widths as cell_widths

    cells = [[visible(str(cell)) for cell in row] for row in rows]
    widths = [
        max(sum(cell_widths(row[place])) for row in cells)
        for place in range(len(cells[0]))
    ]
    return [
        "  "
        + "  ".join(
            cell + " " * (size - sum(cell_widths(cell)))
            for cell, size in zip(row, widths, strict=True)
        ).rstrip()
        for row in cells
    ]


def _data(findings: ReviewFindings) -> dict[str, object]:
    return {
        "decided": findings.decided,
        "right": findings.decided - findings.corrected,
        "corrected": findings.corrected,
        "open": findings.open,
        "left": findings.left,
        "precision": findings.precision,
        "calibration_error": findings.calibration_error,
        "weeks": [
            {
                "monday": week.monday.isoformat(),
                "decided": week.decided,
                "corrected": week.corrected,
            }
            for week in findings.weeks()
        ],
        "corrections": [
            {"from": before, "to": after, "tickets": times}
            for before, after, times in findings.corrections()
        ],
        "by": {
            name: {"decided": decided, "corrected": corrected}
            for name, (decided, corrected) in findings.by().items()
        },
        "thresholds": [
            {
                "threshold": one.threshold,
                "decided": one.decided,
                "wrong": one.wrong,
                "precision": one.precision,
            }
            for one in findings.thresholds()
        ],
        "decisions": [_decision(one) for one in findings.judgements],
    }


def _decision(one: Judgement) -> dict[str, object]:
    return {
        "ticket": one.ticket,
        "at": one.at.isoformat(),
        "target": one.target,
        "now": one.now,
        "right": one.is_right,
        "label": one.label,
        "confidence": one.confidence,
        "by": one.by,
        "open": one.is_open,
    }
