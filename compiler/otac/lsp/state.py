"""One text of a document, and what is known of it."""

import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.suggest import nearest
from otac.fixing import fix
from otac.lsp.components import Components
from otac.lsp.findings import TextFindings
from otac.lsp.known import KnownTree
from otac.lsp.latest import Latest
from otac.pipeline import Compiled, CompileOptions, compile_configuration
from otac.source.document import Mapping
from otac.source.source_text import SourceText, normalised
from otac.testing.files import FOLDER, is_file_of_tests, may_have_tests

if TYPE_CHECKING:
    from otac.lsp.beside import Beside

_SURROGATE = re.compile("[\ud800-\udfff]")
_TOP = re.compile(
    r"""^[ {]*["']?(open_ticket_ai|orchestrator)["']?[ ]*:""", re.MULTILINE
)
_TOP_KEYS = ("open_ticket_ai", "orchestrator")
_EMPTY = re.compile(r"(?:[ ]*(?:#[^\n]*)?\n)*(?:t|te|tes|test|tests)?:?[ ]*\n?")
_RUNNER = re.compile(r"""^[ ]*(?:-[ ]+)*["']?runner["']?[ ]*:""", re.MULTILINE)


class State:
    """A document as the editor holds it.

    What it says is read when it is first asked for. `before` is the state that it
    followed, of which nothing may be asked any more: while a text is being typed it often
    is no YAML, and the tree of the last one that was stands in for it.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        text: str,
        before: "State | None" = None,
        beside: "Beside | None" = None,
    ) -> None:
        # One code unit each, as what replaces it: places stay.
        self.raw = text if text.isascii() else _SURROGATE.sub("\ufffd", text)
        self.marks = len(self.raw) - len(self.raw.lstrip("\ufeff"))
        self.source = SourceText(name, normalised(self.raw))
        self.name = name
        self.folder = folder
        self.beside = beside
        self._was_ours = before is not None and before.is_ours
        self._had_tests = (
            before is not None and before.has_tests and not before._is_begun
        )
        # Of tests: the queues in the files that the helpdesk of the configuration has.
        self.queues: tuple[str, ...] = () if before is None else before.queues
        self.components: Components
        self.findings: TextFindings
        self._latest: Latest
        if before is None:
            self.components = Components(folder)
            self.findings = TextFindings()
            self._latest = Latest(name)
        else:
            self.components = before.components
            self.findings = before.findings
            self._latest = before._latest

    @property
    def text(self) -> str:
        return self.source.text

    @cached_property
    def compiled(self) -> Compiled:
        """What a build would say."""
        # Without the marks: their number is a matter of `lines` alone.
        return self._compile(self.text.encode("utf-8"))

    @property
    def fixed(self) -> str:
        """The text with all corrections that are certain."""
        data = self.text.encode("utf-8")
        return fix(data, self.compiled, self._compile).data.decode("utf-8")

    def _compile(self, data: bytes) -> Compiled:
        options = CompileOptions(source=Path(self.name).name)
        return compile_configuration(self.name, data, self.folder, options)

    def look_again(self) -> None:
        """Takes note of components that were installed or recorded meanwhile."""
        self.components = Components(self.folder)

    @cached_property
    def is_ours(self) -> bool:
        """Whether the text is a configuration of ours, or was one before this change."""
        if self._was_ours or _TOP.search(self.text) is not None:
            return True
        if self._had_tests:
            return False
        root = None if self.known is None else self.known.document.root
        return isinstance(root, Mapping) and any(
            nearest(key, _TOP_KEYS) is not None for key in root.entries
        )

    @cached_property
    def has_tests(self) -> bool:
        """Whether the text is a file of tests, or was one before this change.

        Other tools have files with a list of `tests`, too: one of ours has runners, or lies
        where a configuration is.
        """
        if self.is_ours:
            return False
        if self._is_begun:
            return FOLDER in self.folder.parts and self.configuration is not None
        if self._had_tests and (may_have_tests(self.text) or self.known is None):
            return True
        root = None if self.known is None else self.known.document.root
        return is_file_of_tests(self.text, root) and (
            _RUNNER.search(self.text) is not None or self.configuration is not None
        )

    @property
    def configuration(self) -> "State | None":
        """What these tests are about, where that is known."""
        return None if self.beside is None else self.beside.configuration(self)

    @cached_property
    def _is_begun(self) -> bool:
        """Whether nothing but the first key of a file of tests can be there yet."""
        return _EMPTY.fullmatch(self.text) is not None

    @property
    def outcomes(self) -> tuple[Diagnostic, ...]:
        """Why tests failed that were run, as far as they are still these."""
        if self.beside is None or not self.has_tests:
            return ()
        ended = self.beside.outcomes(self).values()
        return tuple(found for one in ended for found in one.found)

    @property
    def path(self) -> Path:
        return self.folder / self.name

    @property
    def known(self) -> KnownTree | None:
        """The tree of this very text; None where it is no YAML."""
        return self._latest.at(self.text)

    @property
    def latest(self) -> KnownTree | None:
        """The tree of this text, or of the last one before it that was YAML."""
        return self.known or self._latest.known

    def read(self) -> None:
        """Reads the text, without being asked for anything."""
        self._latest.at(self.text)

    def around(self, offset: int) -> KnownTree | None:
        """A tree for what is being typed at an offset, of this text or an earlier one.

        Where no text was ever whole, the one without the line of the offset may be.
        """
        known = self.latest
        if known is not None:
            return known
        start = self.text.rfind("\n", 0, offset) + 1
        end = self.text.find("\n", offset)
        end = len(self.text) if end < 0 else end
        blank = " " * (end - start)
        return self._latest.at(self.text[:start] + blank + self.text[end:])
