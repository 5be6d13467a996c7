"""What a build was made from."""

from dataclasses import dataclass, replace
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Inputs:
    """The compiler and the files it read, by digest.

    `otac` is the version and `compiler` a digest of the compiler itself, so that a
    changed checkout is not taken for the one that wrote the output. `source` is the
    configuration's file name as the headers show it. `files` are (name, digest) of the
    configuration and of whatever else was read; names are relative, digests come from
    `digest`.
    """

    otac: str
    compiler: str
    source: str
    files: tuple[tuple[str, str], ...]

    def ordered(self) -> "Inputs":
        """The same, with `files` in the order of the lock."""
        return replace(self, files=tuple(sorted(self.files)))


# The digest by which otac recognises a file again.
def digest(data: bytes) -> str:
    """SHA-256 in hex, with `\\r\\n` read as `\\n`.

    git on Windows rewrites line ends at checkout; that is not an edit by hand.
    """
    return sha256(normalised(data)).hexdigest()


def normalised(data: bytes) -> bytes:
    """`data` with `\\r\\n` read as `\\n`."""
    return data.replace(b"\r\n", b"\n") if b"\r\n" in data else data
