"""Which compiler this is."""

from hashlib import sha256
from pathlib import Path

from otac import resources

# What decides about output and diagnostics; the rest of the package does not.
_PACKAGES = (
    "catalogue",
    "check",
    "config",
    "dialects",
    "emit",
    "expressions",
    "lower",
    "output",
    "source",
)


def compiler_digest() -> str:
    """A digest of the compiler's own source, empty for an installed release.

    A release is known by its version. A checkout changes under the same version, and the
    output of the compiler before the change must not be taken for fresh.
    """
    package = Path(__file__).parents[1]
    templates = resources.folder("templates")
    if templates.parent == package:
        return ""
    files = [package / "pipeline.py"]
    for name in _PACKAGES:
        files += sorted((package / name).rglob("*.py"))
    files += sorted(one for one in templates.rglob("*") if one.is_file())
    files.append(resources.folder("requirements") / "newest.txt")
    files += sorted(resources.folder("schemas").iterdir())
    found = sha256()
    for file in files:
        found.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return found.hexdigest()
