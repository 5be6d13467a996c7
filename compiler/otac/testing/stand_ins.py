"""What stands for services in a test."""

import sys
from collections.abc import Generator, Mapping
from importlib import import_module
from typing import Any

from otac.components.classifier import Classification


def stand_in(data: Mapping[str, Any]) -> Any:
    """The stand-in that a test gives; `silent` names the class for which it stands."""
    if "silent" in data:
        return Silent(data["silent"])
    answers = [
        (str(one["when"]).casefold(), _classification(one))
        for one in data.get("answers") or ()
    ]
    otherwise = data.get("otherwise")
    if otherwise is None:
        otherwise = {"label": None}
    return Answering(answers, _classification(otherwise))


class Answering:
    """A classifier that gives the first answer whose words are in the text.

    A runner may ask it several questions about one text, such as queue and priority: an
    answer whose label is none of those that are asked for is no answer to that question.
    `passed_over` are such labels.
    """

    def __init__(
        self, answers: list[tuple[str, Classification]], otherwise: Classification
    ) -> None:
        self._answers = answers
        self._otherwise = otherwise
        self._given: set[str] = set()
        self._refused: set[str] = set()

    @property
    def passed_over(self) -> set[str]:
        """Labels of answers that fitted and were never among those to choose from."""
        return self._refused - self._given

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        """The answer, if it is one of the labels; any where there are none."""
        folded = text.casefold()
        fitting = [answer for words, answer in self._answers if words in folded]
        for answer in (*fitting, self._otherwise):
            if answer.label is None or not labels or answer.label in labels:
                self._given.add(answer.label or "")
                return answer
            self._refused.add(answer.label)
        return _NONE


class Silent:
    """Has every method. It takes anything and returns None, awaited or not.

    A component that wants the class for which it stands takes it for one of that.
    """

    def __init__(self, stands_for: str) -> None:
        self._stands_for = stands_for

    @property  # type: ignore[misc]
    def __class__(self) -> type:  # pyright: ignore[reportIncompatibleMethodOverride]
        # Not before it is asked for: modules of the user's can be imported only in a run.
        module, _, name = self._stands_for.partition(":")
        try:
            found = getattr(import_module(module), name)
        except (ImportError, AttributeError):
            return Silent
        return found if isinstance(found, type) else Silent

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ("aclose", "close"):
            raise AttributeError(name)
        return _nothing


class _Nothing:
    def __await__(self) -> Generator[None, None, None]:
        return
        yield

    def __bool__(self) -> bool:
        return False


def _nothing(*given: object, **named: object) -> _Nothing:
    return _Nothing()


_NONE = Classification(
    label=None, confidence=0.0, scores={}, reason="no answer of the stand-in fits"
)


def _classification(answer: Mapping[str, Any]) -> Classification:
    label = answer["label"]
    # As the classifiers have it: where nothing fits, nothing is right.
    confidence = answer.get("confidence", 0.0 if label is None else 1.0)
    scores = {} if label is None else {label: 0.0 if confidence is None else confidence}
    reason = _NONE.reason if label is None else None
    return Classification(
        label=label, confidence=confidence, scores=scores, reason=reason
    )


# Keeps a process from the network, and from starting others, which could reach it.
#
# An audit hook sees whatever Python code connects, in whichever library; what a
# library written in C does on its own, it does not.
_CONNECTS = ("socket.connect", "socket.sendto", "socket.getaddrinfo")
_STARTS = ("subprocess.Popen", "os.system", "os.posix_spawn", "os.exec")


class Network:
    """The network, which is there only while it is `open`."""

    def __init__(self) -> None:
        self.open = True
        # What was tried meanwhile: host and port, or a process.
        self.refused: list[str] = []
        sys.addaudithook(self._look)

    def _look(self, event: str, given: tuple[Any, ...]) -> None:
        if self.open or event not in (*_CONNECTS, *_STARTS):
            return
        if event in _STARTS:
            self.refused.append(f"a process ({given[0]})")
            raise PermissionError("a test starts no process")
        address = given[:2] if event == "socket.getaddrinfo" else given[1]
        # A name in the file system is no network.
        if not isinstance(address, tuple) or address[0] is None:
            return
        name = ":".join(str(part) for part in address[:2] if part is not None)
        self.refused.append(name)
        raise ConnectionRefusedError(f"a test does not reach the network: {name}")
