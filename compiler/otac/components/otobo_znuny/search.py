"""What a search asks of the helpdesk, and what it answers."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from otac.components.history import HistorySearch
from otac.components.otobo_znuny.ticket_data import named_data
from otac.components.ticket_system import TicketSearch

# Those of one second by their numbers: else a limit cuts them off as the database likes.
_SORTED_BY = ["Age", "TicketNumber"]
# What the Generic Interface calls open.
_OPEN = ["new", "open", "pending reminder", "pending auto"]


def search_data(search: TicketSearch, limit: int, now: datetime) -> dict[str, Any]:
    """Oldest first. The helpdesk counts ages in minutes, so some may be too young."""
    data: dict[str, Any] = {
        "SortBy": _SORTED_BY,
        "OrderBy": ["Up", "Up"],
        "Limit": limit,
    }
    if search.queue is not None:
        data |= named_data("Queue", search.queue, "Queues")
    if search.state is not None:
        data |= named_data("State", search.state, "States")
    else:
        data["StateType"] = _OPEN
    if search.created_before is not None:
        minutes = math.floor((now - search.created_before).total_seconds() / 60)
        data["TicketCreateTimeOlderMinutes"] = max(minutes, 0)
    return data


def history_data(search: HistorySearch, now: datetime) -> dict[str, Any]:
    """Newest first, in any state; some may be up to a minute too old."""
    data: dict[str, Any] = {
        "SortBy": _SORTED_BY,
        "OrderBy": ["Down", "Down"],
        "Limit": search.newest,
    }
    for queue in search.queues:
        for key, values in named_data("Queue", queue, "Queues").items():
            data.setdefault(key, []).extend(values)
    if search.only is not None:
        data["StateType"] = _OPEN if search.only == "open" else ["closed"]
    if search.since is not None:
        minutes = math.ceil((now - search.since).total_seconds() / 60)
        data["TicketCreateTimeNewerMinutes"] = max(minutes, 0)
    return data


def found_ids(answer: Mapping[str, Any]) -> list[str]:
    """By id, whatever order the helpdesk has for those of the same second."""
    found = answer.get("TicketID") or []
    ids = found if isinstance(found, list) else [found]
    return sorted((str(one) for one in ids), key=by_number)


def by_number(ticket_id: str) -> tuple[int, str]:
    """Ids count up, and are not converted: what they are is up to the helpdesk."""
    return len(ticket_id), ticket_id
