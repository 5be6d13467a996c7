"""The bytes of a file, written as another file was."""

from otac.source.source_text import encoding_of


def encoded_like(text: str, data: bytes) -> bytes:
    """The text with the line ends, the encoding and the byte order mark of some bytes."""
    encoding, skipped = encoding_of(data)
    old = data[skipped:].decode(encoding, "replace")
    at = min((at for at in map(old.find, "\r\n") if at >= 0), default=-1)
    if at >= 0 and old[at] == "\r":
        text = text.replace("\n", "\r\n" if old.startswith("\r\n", at) else "\r")
    return data[:skipped] + text.encode(encoding, "surrogatepass")
