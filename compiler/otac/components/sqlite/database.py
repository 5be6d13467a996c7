"""A SQLite file of ours: opening it, transactions, clear errors."""

import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from otac.components.outcome import Fail
from otac.components.sqlite.layout import DatabaseLayout

T = TypeVar("T")

# How long to wait for another process that is writing.
BUSY_SECONDS = 20.0
_LASTING = ("readonly", "unable to open", "not a database", "malformed")


class SqliteDatabase:
    """One file, opened when first used; any thread may use it, one at a time."""

    def __init__(self, path: str, layout: DatabaseLayout, busy_seconds: float) -> None:
        self._path = path
        self._layout = layout
        self._busy_seconds = busy_seconds
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Several queries that see one state of the data."""
        with self._lock, self._clear_errors():
            return _transaction(self._open(), "BEGIN", work)

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """All or nothing, and no other process writes meanwhile."""
        with self._lock, self._clear_errors():
            return _transaction(self._open(), "BEGIN IMMEDIATE", work)

    def close(self) -> None:
        """Lets go of the file until it is used again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(
                self._path,
                timeout=self._busy_seconds,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
            # For those who never call `close`.
            weakref.finalize(self, connection.close)
        return self._connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        layout = self._layout
        if layout.is_ready(connection, self._path):
            return
        # Before anything is written, so that a bad seed leaves no half-made store.
        fill = layout.prepare()
        self._use_write_ahead_log(connection)

        def create(connection: sqlite3.Connection) -> None:
            # Another process may have been first.
            if not layout.is_ready(connection, self._path):
                layout.make(connection, fill)

        _transaction(connection, "BEGIN IMMEDIATE", create)

    def _use_write_ahead_log(self, connection: sqlite3.Connection) -> None:
        """Readers and a writer then do not wait for each other.

        The busy timeout does not cover this switch, which needs the file for itself.
        """
        end = time.monotonic() + self._busy_seconds
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > end:
                    raise
                time.sleep(0.02)
            else:
                return

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        """Faults that last become `Fail`; the others are worth a further attempt."""
        try:
            yield
        except UnicodeEncodeError:
            raise Fail(
                f"the {self._layout.what} `{self._path}` cannot hold half a character"
                " (a lone surrogate)"
            ) from None
        except sqlite3.DatabaseError as error:
            text = str(error)
            if "locked" in text:
                raise TimeoutError(
                    f"another process kept `{self._path}` locked for"
                    f" {self._busy_seconds:g} s"
                ) from None
            message = f"the {self._layout.what} `{self._path}` cannot be used: {text}"
            if any(fault in text for fault in _LASTING):
                raise Fail(message) from None
            raise OSError(message) from error


def _transaction(
    connection: sqlite3.Connection, begin: str, work: Callable[[sqlite3.Connection], T]
) -> T:
    connection.execute(begin)
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result
