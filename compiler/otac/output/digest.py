"""The digest by which otac recognises a file again."""

from hashlib import sha256


def digest(data: bytes) -> str:
    """SHA-256 in hex, with `\\r\\n` read as `\\n`.

    git on Windows rewrites line ends at checkout; that is not an edit by hand.
    """
    return sha256(normalised(data)).hexdigest()


def normalised(data: bytes) -> bytes:
    """`data` with `\\r\\n` read as `\\n`."""
    return data.replace(b"\r\n", b"\n") if b"\r\n" in data else data
