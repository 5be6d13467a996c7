"""Installs the plugins beside this file, as pip would leave them in site-packages."""

import shutil
from pathlib import Path

_HERE = Path(__file__).parent
_PLUGINS = {
    "otai_acme": ("otai-acme", "acme = otai_acme.plugin:AcmePlugin"),
    "frozen_help": ("frozen-help", "frozen = frozen_help:Plugin"),
}
GROUP = "open_ticket_ai.plugins"


def install(site: Path, package: str, version: str = "1.2.0") -> None:
    """Puts one of the plugins into the folder."""
    name, entry_point = _PLUGINS[package]
    shutil.copytree(
        _HERE / package, site / package, ignore=shutil.ignore_patterns("__pycache__")
    )
    describe(site, name, version, f"[{GROUP}]\n{entry_point}\n")


def describe(site: Path, name: str, version: str, entry_points: str) -> None:
    """What tells importlib that a distribution is installed."""
    for old in site.glob(f"{name.replace('-', '_')}-*.dist-info"):
        shutil.rmtree(old)
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    (info / "entry_points.txt").write_text(entry_points, encoding="utf-8")
