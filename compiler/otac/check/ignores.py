"""Warnings that the user does not want to see, and says so beside them."""

from collections.abc import Iterable, Iterator

from otac.diagnostics.catalogue import codes
from otac.diagnostics.diagnostic import Diagnostic, Severity, warning
from otac.diagnostics.suggest import nearest
from otac.source.ignores import Ignore
from otac.source.span import Span

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
