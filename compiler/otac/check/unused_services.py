"""Services that no step uses."""

from collections.abc import Iterator

from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.lower.project import Project


def check_unused_services(project: Project) -> Iterator[Diagnostic]:
    """Warn of services that nothing is handed."""
    for service in project.unused_services:
        yield warning(
            "OTC388",
            f"service `{service.title}` is not used",
            service.origin,
            "no step takes it",
            help=f"hand it to a step with `injects: {{...: {service.title}}}`, or remove it",
        )
