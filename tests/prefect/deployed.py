"""A project that is built and deployed by the commands a user types."""

from dataclasses import dataclass
from pathlib import Path

from server_process import Server


@dataclass(frozen=True)
class Deployed:
    """A folder with a configuration; making it builds and deploys."""

    server: Server
    folder: Path

    def __post_init__(self) -> None:
        self.again()

    def again(self) -> None:
        """Builds and deploys."""
        self.server.run(self.folder, "otac", "build", "config.yml")
        self.server.run(self.folder, "prefect", "deploy", "--all")

    @property
    def runners(self) -> set[str]:
        """Their ids, which are the names of their modules here."""
        flows = self.folder / "generated" / "flows"
        return {path.stem for path in flows.glob("*.py")} - {"__init__"}

    def calls(self, name: str) -> int:
        """How often the component of `acme.py` was called under the name."""
        file = self.folder / "calls" / name
        return file.stat().st_size if file.exists() else 0
