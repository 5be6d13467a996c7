"""The build step of a deployment."""

from pathlib import Path


def project_directory() -> dict[str, str]:
    """The folder that `prefect deploy` was called in.

    Pull steps read it as `{{ <id>.directory }}`, so that no absolute path is committed.
    """
    return {"directory": str(Path.cwd())}
