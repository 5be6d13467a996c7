# Compiled by otac from ../my coding_ latin-1__ type_ ignore.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.runtime import build

from acme.others import Desk as DeskComponent
from acme.systems import (
    DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD,
    SSSSSSSSSSSSSSSSSSSSSSSSSSSSSS,
    Desk,
)
from acme.systems import build as build_component


def run_service() -> build_component:
    """Service `Run`."""
    return build(build_component)


def help_desk() -> Desk:
    """Service `help-desk`."""
    return build(Desk, **{"class": 1, "größe": 2})


def help_desk_service() -> DeskComponent:
    """Service `help.desk`."""
    return build(DeskComponent)


def service() -> (
    DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD
):
    """Service `票`."""
    return build(
        DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD
    )


def sssssssssssssssssssssssssssssssssssssssssssss() -> SSSSSSSSSSSSSSSSSSSSSSSSSSSSSS:
    """Service `ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss`."""
    return build(SSSSSSSSSSSSSSSSSSSSSSSSSSSSSS)
