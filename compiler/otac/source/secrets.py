"""Which names promise a credential, and texts in which none can be read."""

import re
from collections.abc import Iterator

_WORDS = re.compile(
    r"(?:^|[_\-.])(?:pas+w?or?[dt]|kennwort|passwd|passphrase|pwd|secret|token|credentials?|"
    r"api_?key|access_?key|private_?key|authorization)(?:$|[_\-.])",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# The name of a variable is none: it says where the credential is.
_ELSEWHERE = re.compile(r"env(?:(?:ironment)?_?var(?:iable)?s?)?\Z", re.IGNORECASE)

# As such names are written. Anything else may be the credential, in the wrong place.
_VARIABLE = re.compile(r"[\"']?[A-Z_][A-Z0-9_]*(?![^\s\"',}\]])")

_KEY = re.compile(r"([A-Za-z_][\w.\-]*)[\"']?[ \t]*:")
# A text in quotes, the lines of a block, or the rest of the line. A quote that is closed on
# another line, behind a colon, is one that was never closed.
_VALUE = re.compile(
    r"""[ \t]*(?:&[^\s,\]}]+[ \t]+|![^\s,\]}]*[ \t]+)*
    ("(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*'|"[^":]*"|'[^':]*'|[|>][-+0-9]*[ \t]*(?:\#.*)?$|[^\s\#].*)""",
    re.VERBOSE | re.MULTILINE,
)
_USER = re.compile(r"(?<=://)[^\s/@\"']+:[^\s/@\"']+(?=@)")
# Without its colon.
_SLIP = re.compile(
    r"^[ \t]*(?:- +)?[\"']?([A-Za-z_][\w.\-]*)[\"']?(?:[ \t]*=|(?=[ \t]+\S+[ \t]*$))",
    re.MULTILINE,
)
# Read from elsewhere, or nothing at all.
_NO_LITERAL = re.compile(r"[\"']?\s*(?:\{\{|\$\{|null\b|~|<)|[\"']{2}\Z|\Z")
_ALIAS = re.compile(r"\*([^\s,\]}]+)")
_SHORTEST = 3
_PLAIN_END = re.compile(r"\s+#|\s*$")
_LINE = re.compile(r"\n( *)(\S?)[^\n]*")
_FLOW_END = re.compile(r"\s+#|\s*[,}\]]|\s*$")


def looks_secret(name: str) -> bool:
    """Whether a value of this name is a credential: `password`, `api_token`, `apiKey`."""
    spaced = _CAMEL.sub("_", name)
    return _WORDS.search(spaced) is not None and _ELSEWHERE.search(spaced) is None


def holds_login(text: str) -> bool:
    """Whether it is an address with a password in it."""
    return _USER.search(text) is not None


def concealed(text: str, sign: str = "*") -> str:
    """A configuration with a sign for each character of a credential; lines stay as long.

    By the letters of the file, so that it works on one that cannot be read as YAML, too.
    """
    parts: list[str] = []
    at = 0
    for start, end in _credentials(text):
        if start >= at:
            parts += (text[at:start], re.sub(r"\S", sign, text[start:end]))
            at = end
    return "".join((*parts, text[at:]))


def credentials(text: str) -> tuple[str, ...]:
    """Those of a configuration, the longest first; not such as are too short to be one."""
    found = {text[start:end].strip("\"' ") for start, end in _credentials(text)}
    # Without what YAML takes for a sign in front of it, too.
    found |= {one.lstrip("*&!@%|>") for one in found}
    # `password: password` would hide what is wrong, and nothing else.
    long = (one for one in found if len(one) >= _SHORTEST and not looks_secret(one))
    return tuple(sorted(long, key=lambda one: (-len(one), one)))


def _credentials(text: str) -> Iterator[tuple[int, int]]:
    """Their places, in order."""
    found = [user.span() for user in _USER.finditer(text)]
    for key in (*_KEY.finditer(text), *_SLIP.finditer(text)):
        name = _CAMEL.sub("_", key[1])
        if _WORDS.search(name) is not None:
            value = _VALUE.match(text, key.end())
            names_one = value is not None and _VARIABLE.match(value[1]) is not None
            is_elsewhere = _ELSEWHERE.search(name) is not None and names_one
            if value is not None and not is_elsewhere:
                found.append(_inside(text, key.start(), *value.span(1)))
    return iter(sorted(found))


def _inside(text: str, key: int, start: int, end: int) -> tuple[int, int]:
    """What of a value is the credential; nothing where it is read from elsewhere."""
    sign = text[start]
    line = text.rfind("\n", 0, key) + 1
    if sign in "|>":
        return end, _block_end(text, key - line, end)
    alias = _ALIAS.match(text, start)
    is_alias = alias is not None and f"&{alias[1]}" in text
    if is_alias or _NO_LITERAL.match(text[start:end]):
        return start, start
    if sign in "\"'" and text.endswith(sign, start + 1, end):
        return start + 1, end - 1
    before = text[line:start]
    is_flow = before.count("{") > before.count("}")
    stop = (_FLOW_END if is_flow else _PLAIN_END).search(text, start, end)
    return start, end if stop is None else stop.start()


def _block_end(text: str, indent: int, end: int) -> int:
    """Behind the last line that is deeper than this."""
    for line in _LINE.finditer(text, end):
        if line[2] and len(line[1]) <= indent:
            break
        end = line.end()
    return end
