"""The file of a model: a zip archive with a card (JSON), lists of terms and plain arrays.

Nothing in it is code, and nothing is unpickled. Every size is checked before anything is
unpacked, so that a small file cannot fill the memory.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.generic]

FORMAT = "otac-model"
# Readers know all formats up to theirs.
VERSION = 1
LARGEST_FILE = 10_000_000
# Of what is unpacked: terms and weights of any file of the size above fit in.
_LARGEST_MEMBER = 64_000_000
_LARGEST_CARD = 1_000_000
_CARD = "card.json"
# Not the time of writing: the same model is the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)


class BadModel(Exception):
    """A model file that cannot be used: what is wrong with it."""


def read_card(path: Path) -> dict[str, Any]:
    """The card of a model file; raises `BadModel`.

    Opens the archive and reads one small member of it.
    """
    with _opened(path) as archive:
        return _card(archive)


class Members:
    """The parts of a model file that was read into memory."""

    def __init__(self, path: Path) -> None:
        with _opened(path) as archive:
            self.card = _card(archive)
            self._data = {
                info.filename: _read(archive, info)
                for info in archive.infolist()
                if info.filename != _CARD
            }

    def lines(self, name: str) -> list[str]:
        """The lines of a text."""
        try:
            text = self._member(name).decode("utf-8")
        except UnicodeDecodeError:
            raise BadModel(f"its `{name}` is not UTF-8") from None
        return text.split("\n") if text else []

    def array(self, name: str, *shape: int) -> "Array":
        """An array of this shape."""
        import numpy as np

        try:
            array: Array = np.lib.format.read_array(
                io.BytesIO(self._member(name)), allow_pickle=False
            )
        except (ValueError, EOFError, OSError, SyntaxError, MemoryError) as problem:
            raise BadModel(f"its `{name}` is damaged ({problem})") from None
        if array.shape != shape or array.dtype.kind != "f":
            raise BadModel(f"its `{name}` has another shape than the card says")
        if not np.isfinite(array).all():
            raise BadModel(f"its `{name}` holds what is not a number")
        return array

    def _member(self, name: str) -> bytes:
        try:
            return self._data[name]
        except KeyError:
            raise BadModel(f"it has no `{name}`") from None


def encode_model(
    card: Mapping[str, Any],
    texts: Mapping[str, list[str]],
    arrays: Mapping[str, "Array"],
) -> bytes:
    """The bytes of a model file: the same for the same content, on every machine."""
    import numpy as np

    said = json.dumps(
        {"format": FORMAT, "version": VERSION, **card}, indent=2, ensure_ascii=False
    )
    members = {_CARD: said.encode()}
    for name, lines in texts.items():
        members[name] = "\n".join(lines).encode()
    for name, array in arrays.items():
        stream = io.BytesIO()
        little = array.astype(array.dtype.newbyteorder("<"), order="C")
        np.lib.format.write_array(stream, little, version=(1, 0), allow_pickle=False)
        members[name] = stream.getvalue()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            # As on Unix, wherever it is written.
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return packed.getvalue()


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BadModel(
                f"it is larger than {LARGEST_FILE // 1_000_000} MB, as no model is"
            )
        return zipfile.ZipFile(path)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise BadModel(f"{reason[:1].lower()}{reason[1:]}") from None
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise BadModel("it is damaged, or not a model of `otac train`") from None


def _card(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        info = archive.getinfo(_CARD)
    except KeyError:
        raise BadModel("it is not a model of `otac train`: it has no card") from None
    if info.file_size > _LARGEST_CARD:
        raise BadModel("its card is too large")
    try:
        card = json.loads(_read(archive, info))
    except (ValueError, RecursionError):
        raise BadModel("its card is damaged") from None
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise BadModel("it is not a model of `otac train`: its card is another one")
    version = card.get("version")
    if not isinstance(version, int) or version < 1:
        raise BadModel("its card has no version")
    if version > VERSION:
        raise BadModel(
            f"it was written by a newer otac ({card.get('otac', 'unknown')}): this one"
            f" reads model files up to version {VERSION}, and this is {version}"
        )
    return card


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A member, of which no more is unpacked than it says to hold."""
    total = sum(one.file_size for one in archive.infolist())
    if info.file_size > _LARGEST_MEMBER or total > 2 * _LARGEST_MEMBER:
        raise BadModel("it would unpack to more than any model holds")
    try:
        with archive.open(info) as member:
            data = member.read(info.file_size + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
        ValueError,
    ) as problem:
        raise BadModel(f"its `{info.filename}` is damaged ({problem})") from None
    if len(data) != info.file_size:
        raise BadModel(f"its `{info.filename}` is damaged")
    return data
