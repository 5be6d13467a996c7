"""Bytes of a configuration in any form -> bytes of the same in today's form."""

from typing import NamedTuple, cast

from otac import source
from otac.diagnostics.report import Report
from otac.dialects import Dialect, Form, recognise
from otac.migrate.attachment import Attachment
from otac.migrate.file import encoded_like, file_of
from otac.migrate.layout import TreeLayout
from otac.migrate.line import TreeLine, written
from otac.migrate.order import Keys, Order, keys_of, nodes
from otac.migrate.renaming import lead_back, with_new_names
from otac.migrate.scalar_text import is_same_value
from otac.pipeline import CompileOptions, canonical_body
from otac.source.comments import Remarks, remarks
from otac.source.document import Document, Mapping, Node, Scalar, Sequence
from otac.source.source_text import SourceText

_OUTDATED = "OTC212"
_TODAY = Dialect(Form.TODAY, None, "it was rewritten")


class Migrated(NamedTuple):
    """What became of a configuration.

    `data` is None where it cannot be migrated as long as `report` has errors. `form` is
    the form it was in; with `is_current`, it was in today's, and `data` is as given.
    """

    report: Report
    data: bytes | None = None
    form: Form | None = None
    is_current: bool = False


def migrate(name: str, data: bytes, options: CompileOptions) -> Migrated:
    """Rewrite a configuration in today's form.

    `name` is the file as the user typed it. Errors that reading and translating find
    stand in the way; those that later stages would find are the new file's as well. Reads
    nothing else and never raises for anything a file can hold.
    """
    text = SourceText.decode(name, data)
    document = source.read(name, data)
    if not isinstance(document, Document):
        return Migrated(Report(text, document))
    dialect = recognise(document.root)
    if not isinstance(dialect, Dialect):
        return Migrated(Report(text, (dialect,)))
    # Translating changes the tree of some forms in place.
    original = cast(Document, source.read(name, data))
    canonical = canonical_body(document, dialect, options)
    # Not that the file is in a form to be migrated from.
    found = (one for one in canonical.diagnostics if one.code != _OUTDATED)
    report = Report(text, tuple(found))
    if options.strict:
        report = report.strict()
    if report.fails or canonical.body is None:
        return Migrated(report, form=dialect.form)
    is_older = dialect.form is not Form.TODAY
    if not is_older and _is_as_written(canonical.body):
        return Migrated(report, data, dialect.form, is_current=True)
    renamed = None if is_older else with_new_names(original, canonical.body)
    if renamed is not None:
        return Migrated(report, encoded_like(renamed, data), dialect.form)
    keys = keys_of(original.root)
    lead_back(canonical.body, original.root, keys)
    arranged = Order(keys, flatten=is_older).body(canonical.body)
    root = file_of(cast(Mapping, original.root), arranged)
    # What today's form is stricter about is said at its place in the old one.
    refused = canonical_body(Document(name, original.text, root), _TODAY, options)
    report = Report(text, (*report.diagnostics, *refused.diagnostics))
    if report.fails:
        return Migrated(report, form=dialect.form)
    new = _rewritten(original, root, keys)
    return Migrated(report, encoded_like(new, data), dialect.form)


def _rewritten(original: Document, root: Mapping, keys: Keys) -> str:
    found = remarks(original.text)
    lines = TreeLayout(original, keys, found.all).lines(root)
    text = _with_remarks(original, lines, found)
    _expect_same(root, text)
    return text


def _with_remarks(original: Document, lines: list[TreeLine], found: Remarks) -> str:
    attachment = Attachment(original.text, original.root.start, lines)
    opening = TreeLine(list(found.opening), is_folded=True)
    for remark in found.all:
        if found.opening and remark.start < found.opening_at:
            opening.before.append(remark.text)
        else:
            attachment.attach(remark)
    return written([opening, *lines] if found.opening else lines)


def _is_as_written(body: Mapping) -> bool:
    """Whether nothing in a body in today's form got another name."""
    return not any(
        (isinstance(node, Scalar) and node.written is not None)
        or (
            isinstance(node, Mapping)
            and any(one.key.written is not None for one in node)
        )
        for node in nodes(body)
    )


def _expect_same(root: Node, text: str) -> None:
    """A file that means something else must not be written, whatever the reason."""
    document = source.read("", text.encode("utf-8", "surrogatepass"))
    if not isinstance(document, Document) or not _is_same(document.root, root):
        raise RuntimeError("the migrated file would mean something else")


def _is_same(one: Node, other: Node) -> bool:
    """Value by value, not as JSON: that writes no number of thousands of digits."""
    match one, other:
        case Mapping(), Mapping():
            return list(one.entries) == list(other.entries) and all(
                _is_same(entry.value, other.entries[key].value)
                for key, entry in one.entries.items()
            )
        case Sequence(), Sequence():
            return len(one.items) == len(other.items) and all(
                map(_is_same, one.items, other.items)
            )
        case Scalar(), Scalar():
            return is_same_value(one.value, other.value)
    return False
