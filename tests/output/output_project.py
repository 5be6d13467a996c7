"""Small outputs by hand, and a folder to build them in."""

from dataclasses import dataclass
from pathlib import Path

from otac.diagnostics.diagnostic import Diagnostic
from otac.emit.layout import Artifact, DeploymentFile, Output
from otac.output.apply import apply
from otac.output.lock import Inputs, fresh
from otac.output.plan import BuildPlan, plan
from otac.source.document import Json

KEYS: dict[str, Json] = {
    "name": "helpdesk",
    "build": [{"otac.runtime.project_directory": {"id": "project"}}],
}


def inputs(config: str = "1", otac: str = "0.1.0", compiler: str = "c1") -> Inputs:
    """The inputs of a build whose configuration has the digest `config`."""
    return Inputs(otac, compiler, "config.yml", (("config.yml", config),))


def deployment(name: str, **more: Json) -> dict[str, Json]:
    """An entry with the given name, and the rest as given."""
    return {"name": name, "entrypoint": f"generated/flows/{name}.py:{name}", **more}


def output(
    flows: dict[str, str],
    *deployments: dict[str, Json],
    keys: dict[str, Json] | None = None,
    others: dict[str, str] | None = None,
) -> Output:
    """Flow modules by name, a package around them, and a deployment for each."""
    texts = {
        "generated/__init__.py": "# package\n",
        "generated/flows/__init__.py": "# flows\n",
        **{f"generated/flows/{name}.py": text for name, text in flows.items()},
        **(others or {}),
    }
    return Output(
        tuple(Artifact(path, text) for path, text in texts.items()),
        DeploymentFile(
            KEYS if keys is None else keys,
            deployments or tuple(deployment(name) for name in flows),
        ),
    )


@dataclass(frozen=True)
class Project:
    """An output folder."""

    folder: Path

    def plan(
        self,
        built: Output,
        made_from: Inputs | None = None,
        *diagnostics: Diagnostic,
        force: bool = False,
    ) -> BuildPlan | tuple[Diagnostic, ...]:
        return plan(self.folder, built, made_from or inputs(), diagnostics, force=force)

    def build(
        self,
        built: Output,
        made_from: Inputs | None = None,
        *diagnostics: Diagnostic,
        force: bool = False,
    ) -> BuildPlan:
        """Plan and apply, neither of which may refuse."""
        planned = self.plan(built, made_from, *diagnostics, force=force)
        assert isinstance(planned, BuildPlan), planned
        done = apply(planned)
        assert isinstance(done, BuildPlan), done
        return done

    def refused(self, built: Output, force: bool = False) -> list[str]:
        """The code and message of each diagnostic of a build that is refused."""
        before = self.tree()
        planned = self.plan(built, force=force)
        assert not isinstance(planned, BuildPlan)
        assert self.tree() == before
        return [f"{one.code} {one.message}" for one in planned]

    def actions(
        self, built: Output, made_from: Inputs | None = None, force: bool = False
    ) -> dict[str, str]:
        """What would happen to which file, without the unchanged ones."""
        planned = self.plan(built, made_from, force=force)
        assert isinstance(planned, BuildPlan), planned
        return {one.path: one.action.value for one in planned.pending}

    def fresh(self, made_from: Inputs | None = None) -> tuple[Diagnostic, ...] | None:
        return fresh(self.folder, made_from or inputs())

    def read(self, path: str) -> str:
        return (self.folder / path).read_bytes().decode()

    def write(self, path: str, text: str) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())

    def tree(self) -> dict[str, bytes | None]:
        """Every file with its content, every folder with None; {} without a folder."""
        return {
            path.relative_to(self.folder).as_posix(): (
                None if path.is_dir() else path.read_bytes()
            )
            for path in sorted(self.folder.rglob("*"))
        }

    def stamps(self) -> dict[str, tuple[int, int]]:
        """Inode and modification time of every file."""
        return {
            path.relative_to(self.folder).as_posix(): (
                path.stat().st_ino,
                path.stat().st_mtime_ns,
            )
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }
