"""What a build was made from."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Inputs:
    """The compiler and the files it read, by digest.

    `otac` is the version and `compiler` a digest of the compiler itself, so that a
    changed checkout is not taken for the one that wrote the output. `source` is the
    configuration's file name as the headers show it. `files` are (name, digest) of the
    configuration and of whatever else was read; names are relative, digests come from
    `otac.output.digest`.
    """

    otac: str
    compiler: str
    source: str
    files: tuple[tuple[str, str], ...]

    def ordered(self) -> "Inputs":
        """The same, with `files` in the order of the lock."""
        return replace(self, files=tuple(sorted(self.files)))
