"""`after`: runners that start each other without end."""

from otac.config.model import Located, RunnerConfig
from otac.diagnostics.diagnostic import Label, error
from otac.lower.context import Context


def check_circles(context: Context) -> None:
    """Report every circle of `after` once, at the reference that closes it."""
    runners = {runner.id.value: runner for runner in context.config.runners}
    done: set[str] = set()
    for name in runners:
        _visit(context, name, runners, [], done)


def _visit(
    context: Context,
    name: str,
    runners: dict[str, RunnerConfig],
    path: list[tuple[str, Located[str]]],
    done: set[str],
) -> None:
    """Follow `after` from one runner; `path` are the references followed so far."""
    if name in done or name not in runners:
        return
    for reference in runners[name].after:
        here = [*path, (name, reference)]
        names = [runner for runner, _ in here]
        if reference.value == name:
            continue  # reported where the reference was resolved
        if reference.value in names:
            circle = here[names.index(reference.value) :]
            way = " after ".join(f"`{runner}`" for runner, _ in circle)
            context.report(
                error(
                    "OTC350",
                    "these runners start each other without end",
                    reference.span,
                    f"{way} after `{reference.value}`",
                    labels=tuple(
                        Label(earlier.span, "through this one")
                        for _, earlier in circle[:-1]
                    ),
                    help="remove one of these references",
                )
            )
        else:
            _visit(context, reference.value, runners, here, done)
    done.add(name)
