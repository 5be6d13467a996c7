"""What is installed into the image: the versions that otac is tested with.

Not those that happen to be installed where the build runs: the same configuration must
give the same files on a laptop with Prefect and in a CI job without.
"""

from functools import cache

from otac import __version__, resources

# By tag: a digest can only be had from a registry, and a build asks nobody.
PYTHON_IMAGE = "python:3.12-slim-trixie"
POSTGRES_IMAGE = "postgres:15-bookworm"
REDIS_IMAGE = "redis:7.2-bookworm"
# The oldest release for Prefect's newest settings; not among the tested packages, since
# only the image needs it.
_PREFECT_REDIS = "prefect-redis==0.3.0"
# Prefect's server answers errors with newer ones (see pyproject.toml).
_LIMITS = ("fastapi<0.151", "sqlalchemy<2.1")


@cache
def tested_versions() -> tuple[str, ...]:
    """Every package with its version, `name==version`, by name."""
    file = resources.folder("requirements") / "newest.txt"
    return tuple(file.read_text(encoding="utf-8").split())


def packages(extras: tuple[str, ...]) -> tuple[str, ...]:
    """The requirements of an image for components that need these extras of otac."""
    prefect = next(one for one in tested_versions() if one.startswith("prefect=="))
    otac = f"otac[{','.join(sorted({'prefect', *extras}))}]=={__version__}"
    return (otac, prefect, _PREFECT_REDIS, *_LIMITS)
