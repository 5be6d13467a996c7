"""The folders of data that come with otac: templates, schemas, tested versions."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """`templates`, `schemas` or `requirements`: the packaged folder if there is one, else the checkout's."""
    packaged = _PACKAGE / name
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / name
