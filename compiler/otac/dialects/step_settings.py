"""Settings that steps from before 1.0 read and nobody gives."""

from otac.diagnostics.edit import How, Reshaping, Safety
from otac.diagnostics.question import PossibleAnswer, Question, instead
from otac.diagnostics.suggest import nearest
from otac.dialects.findings import Findings
from otac.dialects.step_values import Path, StepNames
from otac.source.document import Entry


class StepSettings:
    """Asks for each of them once."""

    def __init__(self, found: Findings) -> None:
        self._found = found
        self._asked: set[str] = set()

    def missing(self, path: Path, at: Entry, scope: StepNames) -> None:
        """Ask for a setting that is read and never given."""
        name = path[-1]
        key = "error-queue" if name.startswith("error_queue") else f"setting.{name}"
        if key in self._asked:
            return
        self._asked.add(key)
        similar = nearest(name, scope.config)
        if similar is not None:
            given = scope.config[similar].entry.key
            self._found.ask(
                Question(key, (instead(given.span, name),), name),
                f"`{similar}` is probably `{name}`",
                given.span,
                f"`{'.'.join(path)}` is never given",
                f"write `{name}`",
            )
            return
        self._found.ask(
            _question(key, name, scope),
            f"`{'.'.join(path)}` is never given",
            at.value.span,
            "this reads it",
            f"what is it? write `{name}` beside what the pipe is given",
        )


def _question(key: str, name: str, scope: StepNames) -> Question:
    """A setting that is to be filled in, beside the others."""
    first = next(iter(scope.config.values()), None)
    if first is None:
        return Question(key)
    variable = name.upper()
    word = f"{name}: \"{{{{ get_env('{variable}') }}}}\""
    reason = f"set the variable {variable} where runs happen"
    place = first.entry.key.span
    filled = Reshaping(How.BEFORE, place, word, Safety.PLACEHOLDER, reason)
    choice = PossibleAnswer(
        f"get_env('{variable}')", "a variable of this name", (filled,)
    )
    return Question(key, (choice,), choice.answer)
