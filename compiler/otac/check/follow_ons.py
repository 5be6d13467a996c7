"""Findings that are true only because of another one."""

from collections.abc import Iterable, Iterator, Sequence

from otac.config.shape import Lost
from otac.diagnostics.catalogue import codes
from otac.diagnostics.diagnostic import Diagnostic, Severity, warning
from otac.diagnostics.suggest import nearest
from otac.source.document import Span
from otac.source.ignores import Ignore

_SCHEDULES = ("interval_seconds", "cron", "rrule")
_ADDRESSES = ("block", "smtp", "to", "url")

# What each finding says is missing: its code, how its message starts, and the keys.
_MISSING = (
    ("OTC301", "step", ("steps",)),
    ("OTC310", "runner", ("pipe_id",)),
    ("OTC310", "service", ("id",)),
    ("OTC313", "an entry", _SCHEDULES),
    ("OTC321", "the runner has no", ("parameters",)),
    ("OTC322", "", ("params",)),
    ("OTC327", "", ("injects",)),
    ("OTC335", "", ("for_each",)),
    ("OTC345", "", ("for_each",)),
    ("OTC352", "notification", _ADDRESSES),
    ("OTC355", "", ("retries", "retry_delay_seconds")),
    ("OTC356", "", (*_SCHEDULES, "mode", "schedules")),
    ("OTC363", "", ("timeout_seconds",)),
    ("OTC366", "", _SCHEDULES),
    ("OTC365", "", (*_ADDRESSES, "in_flow")),
)


# Conclusions from how the steps of a runner hang together.
_OF_A_RUNNER = frozenset(("OTC368", "OTC381", "OTC382", "OTC385", "OTC386", "OTC393"))
# Concluded from what expressions ask for, as far as they can be read and are there.
_OF_EXPRESSIONS = "OTC348"
_UNREAD = ("OTC322", "OTC34")
# Concluded from what neither a step nor its services say; what was refused may have said it.
_OF_SILENCE = "OTC394"
_REFUSED = ("OTC2", "OTC321", "OTC324")
# Conclusions from the configuration as a whole.
_OF_ALL = frozenset(("OTC384", "OTC388", "OTC389"))


def without_follow_ons(
    found: Iterable[Diagnostic], lost: Sequence[Lost], runners: Sequence[Span]
) -> tuple[Diagnostic, ...]:
    """The findings without those that another one explains.

    `lost` are keys behind each of which there is an error. A finding is explained if it
    misses the key, and lies in the mapping, at any depth, that the key was meant for:
    what a runner says counts for its steps too. Nothing is concluded about a runner, one
    of `runners`, in which there is an error, and from the whole if there is one anywhere.
    """
    listed = [one for one in found if not _is_explained(one, lost)]
    errors = [one for one in listed if one.severity is Severity.ERROR]
    if not errors:
        return tuple(listed)
    broken = [runner for runner in runners if any(_in(one, runner) for one in errors)]
    unread = [one for one in errors if one.code.startswith(_UNREAD)]
    refused = any(one.code.startswith(_REFUSED) for one in errors)
    asking = [runner for runner in runners if any(_in(one, runner) for one in unread)]
    return tuple(
        one
        for one in listed
        if one.code not in _OF_ALL
        and not (one.code == _OF_SILENCE and refused)
        and not (one.code == _OF_EXPRESSIONS and any(_in(one, span) for span in asking))
        and not (one.code in _OF_A_RUNNER and any(_in(one, span) for span in broken))
    )


def _in(found: Diagnostic, span: Span) -> bool:
    return found.span is not None and span.start <= found.span.start < span.end


def _is_explained(found: Diagnostic, lost: Sequence[Lost]) -> bool:
    if found.span is None:
        return False
    # A value that a merge brought in lies where it was written, and counts where it is used.
    places = {found.span.start, (found.span.via or found.span).start}
    for code, beginning, keys in _MISSING:
        if found.code == code and found.message.startswith(beginning):
            return any(
                one.key in keys
                and any(one.span.start <= at < one.span.end for at in places)
                for one in lost
            )
    return False


# Warnings that the user does not want to see, and says so beside them.
# Found only where somebody asks for it; a comment about it waits for that.
_OCCASIONAL = frozenset(("OTC387",))


def silence(
    comments: tuple[Ignore, ...], found: Iterable[Diagnostic]
) -> tuple[Diagnostic, ...]:
    """The findings without those that a comment of the file silences.

    With them come findings about the comments themselves. Errors cannot be silenced.
    """
    listed = tuple(found)
    if not comments:
        return listed
    used: set[Span] = set()
    kept: list[Diagnostic] = []
    for one in listed:
        silencers = (
            [] if one.severity is Severity.ERROR else [*_silencers(one, comments)]
        )
        used.update(silencers)
        if not silencers:
            kept.append(one)
    # A stage that an error kept from its work may not have come to warn.
    complete = all(one.severity is not Severity.ERROR for one in listed)
    for comment in comments:
        kept += _about(comment, used, complete=complete)
    return tuple(kept)


def _silencers(found: Diagnostic, comments: tuple[Ignore, ...]) -> Iterator[Span]:
    """The places of the codes that silence a finding."""
    if found.span is None:
        return
    start = found.span.start
    for comment in comments:
        if any(place.start <= start < place.end for place in comment.covered):
            yield from (
                span for code, span in comment.codes or () if code == found.code
            )


def _about(comment: Ignore, used: set[Span], *, complete: bool) -> Iterator[Diagnostic]:
    if comment.codes is None:
        yield warning(
            "OTC210",
            "this comment for otac is not understood",
            comment.span,
            "it silences nothing",
            help="write `# otac: ignore[OTC334]`, with the codes in the brackets",
        )
        return
    for code, span in comment.codes:
        if code not in codes():
            similar = nearest(code, codes())
            yield warning(
                "OTC210",
                f"there is no diagnostic `{code}`",
                span,
                "it silences nothing",
                help=f"did you mean `{similar}`?" if similar else None,
                suggestion=similar,
            )
        elif complete and span not in used and code not in _OCCASIONAL:
            yield warning(
                "OTC209",
                f"there is no `{code}` to ignore here",
                span,
                "no warning of this code starts on the line",
                help="remove it"
                if comment.beside
                else "put the comment at the end of the line that the warning points at",
            )
