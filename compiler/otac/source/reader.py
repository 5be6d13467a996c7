"""Bytes -> Document: the only way into the compiler for a configuration."""

import contextlib

import yaml

from otac.diagnostics.diagnostic import Diagnostic
from otac.source import characters, mistakes
from otac.source.anchors import expand
from otac.source.builder import Builder
from otac.source.document import Document, Scalar, growing
from otac.source.events import parse
from otac.source.source_text import SourceText


def read(name: str, data: bytes) -> Document | tuple[Diagnostic, ...]:
    """The document in the bytes of a file, or everything that is wrong with it.

    `name` is how messages call the file. After a syntax error nothing else is reported,
    since what follows it was not understood. No bytes make this function raise.
    """
    source = SourceText.decode(name, data)
    mistake = characters.undecodable(data)
    if mistake is not None:
        return (characters.forbidden(source.text) or mistake,)
    with growing():
        return _read(source)


def _read(source: SourceText) -> Document | tuple[Diagnostic, ...]:
    text = source.text
    builder = Builder(text)
    try:
        builder.run(parse(text))
    except yaml.YAMLError as problem:
        if (deep := _too_deep(text, problem)) is not None:
            return (deep,)
        # Explaining takes many patterns, which only a file with an error has to pay for.
        from otac.source.syntax.explanation import explain

        return (characters.forbidden(text) or explain(text, problem, builder),)
    if builder.found:
        return tuple(builder.found)
    root = builder.roots[0] if builder.roots else None
    if root is None or (isinstance(root, Scalar) and not root.text and not root.style):
        return (mistakes.empty(text),)
    expand(builder.notes)
    return Document(source.name, text, root)


def _too_deep(text: str, problem: yaml.YAMLError) -> Diagnostic | None:
    """What is nested too deep, where libyaml gives up.

    Since 0.2.6 it does at a thousand levels, before it tells of the first of them.
    """
    mark = getattr(problem, "problem_mark", None)
    if "nesting depth" not in str(problem) or mark is None:
        return None
    builder = Builder(text)
    with contextlib.suppress(yaml.YAMLError):
        builder.run(parse(text[: mark.index]))
    return builder.found[0] if builder.found else None
