"""What `otac dev` tells somebody who looks on, whatever it is told on."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from otac.cli.build import Built
from otac.cli.dev_tests import Tested
from otac.diagnostics.report import Report
from otac.local.deployments import Deployed
from otac.local.runs import Look
from otac.lower.project import Project


@dataclass(frozen=True, slots=True)
class DeployedProject:
    """What has been deployed, where, and how long it took from the save on."""

    project: Project
    deployed: Deployed
    url: str
    seconds: float


class Wrong(Enum):
    """What is wrong, and what that means for what runs."""

    BUILD = "The last good version is running."
    DEPLOY = "Not all of this is deployed:"
    IMPORT = "This is deployed, and its runs will fail:"


class Display(Protocol):
    """Something that shows what happens; `is_close` with all that is known of runs."""

    is_close: bool

    def built(self, built: Built) -> None:
        """A change was compiled and written."""

    def deployed(self, deployment: DeployedProject) -> None:
        """And deployed; what was wrong is over."""

    def wrong(self, what: Wrong, report: Report) -> None:
        """Something is wrong."""

    def tested(self, tested: Tested) -> None:
        """The tests were run; what the last ones came to is over."""

    def saw(self, look: Look) -> None:
        """Runs have ended, others go on."""

    def tick(self) -> None:
        """Time passes; called several times a second."""
