"""What a SQLite file of ours holds."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from otac.components.outcome import Fail

# In one statement: between two, another process may make the file.
_STATE = """
SELECT (SELECT application_id FROM pragma_application_id),
       (SELECT user_version FROM pragma_user_version),
       (SELECT count(*) FROM sqlite_master)
"""

Maker: TypeAlias = Callable[[sqlite3.Connection], None]


@dataclass(frozen=True, slots=True)
class DatabaseLayout:
    """`application` tells its files from those of other programs.

    `prepare` reads what a new file starts with, before anything is written, and returns
    what fills it inside of a transaction.
    """

    what: str
    application: int
    version: int
    prepare: Callable[[], Maker]

    def is_ready(self, connection: sqlite3.Connection, path: str) -> bool:
        """Whether the tables are there; False for an empty file.

        Raises `Fail` for a file of another program or of a later otac.
        """
        application, version, tables = connection.execute(_STATE).fetchone()
        if (application, version) == (self.application, self.version):
            return True
        if application == self.application:
            raise Fail(
                f"`{path}` has format {version}, and this otac knows format"
                f" {self.version}"
            )
        if application or version or tables:
            raise Fail(f"`{path}` is the database of another program")
        return False

    def make(self, connection: sqlite3.Connection, fill: Maker) -> None:
        """Fills a new file, inside the caller's transaction."""
        fill(connection)
        connection.execute(f"PRAGMA application_id = {self.application}")
        connection.execute(f"PRAGMA user_version = {self.version}")
