"""What stands in a text for something that nobody has filled in.

Variables of shells and of other tools, and placeholders of instructions.
"""

import re
from typing import NamedTuple

VALUE_ITSELF = "write the value itself: nothing is filled in here"

_NAME = r"[A-Za-z_]\w*"
_VARIABLE = re.compile(
    rf"\$\{{(?:env[:.])?(?P<braced>{_NAME})"
    r"(?::?-(?P<default>[^{}]*)|:?\?[^{}]*)?\}"
    rf"|\$\((?P<round>{_NAME})\)"
    rf"|\$env:(?P<powershell>{_NAME})"
    rf"|#\{{(?P<hash>{_NAME})\}}"
    r"|(?<![\w%])%(?P<windows>[A-Z_][A-Z0-9_]*)%"
    r"|(?<![\w@])@(?P<at>[A-Z_][A-Z0-9_]*)@(?!\w)"
    r"|(?<![\w$])\$(?P<bare>[A-Z_][A-Z0-9_]*)\b"
)
_ADDRESS = re.compile(r"[A-Za-z][\w+.-]*://\S*")
_PLACEHOLDER = re.compile(r"<(?P<name>[A-Za-z][\w .'/-]*)>")
# Of GitHub Actions.
_WORKFLOW = re.compile(r"\$(\{\{[^{}]*\}\})")


class Unfilled(NamedTuple):
    """What is written, and the expression that fills it in."""

    written: str
    expression: str

    @property
    def is_placeholder(self) -> bool:
        return self.written.startswith("<")


def unfilled(text: str) -> Unfilled | None:
    """A variable or a placeholder that is the text, or a part of an address or a path."""
    return _variable(text) or _placeholder(text)


def workflow_expression(text: str) -> str | None:
    """The expression without its `$`, where all of the text is `${{ ... }}`."""
    found = _WORKFLOW.fullmatch(text.strip())
    return None if found is None else found[1]


def _variable(text: str) -> Unfilled | None:
    found = _VARIABLE.search(text)
    if found is None or not _counts(text.strip(), found[0]):
        return None
    groups = ("braced", "round", "powershell", "hash", "windows", "at", "bare")
    name = next(filter(None, found.group(*groups)))
    default = found["default"]
    otherwise = "" if default is None else f", default={_quoted(default)}"
    return Unfilled(found[0], f"{{{{ get_env('{name}'{otherwise}) }}}}")


def _placeholder(text: str) -> Unfilled | None:
    found = _PLACEHOLDER.search(text)
    if found is None or not _counts(text.strip(), found[0]):
        return None
    name = re.sub(r"\W+", "_", found["name"]).strip("_").upper()
    return Unfilled(found[0], f"{{{{ get_env('{name}') }}}}")


def _counts(text: str, written: str) -> bool:
    """Whether it is more than a sign in a sentence."""
    is_path = text.startswith(f"{written}/") and " " not in text
    return text == written or is_path or _ADDRESS.match(text) is not None


def _quoted(default: str) -> str:
    return "'" + default.replace("\\", "\\\\").replace("'", "\\'") + "'"
