"""Whether anything was committed to the state database: asked before every look-up, so it must cost next to nothing."""

import sqlite3
import threading

from sqlalchemy import Engine


class Commits:
    """Tells the commits of a state database apart. Threads may share one.

    Times and sizes of the files would not do: a write-ahead log grows before anybody can see what was committed, and
    whoever goes by it may take what was before for what is now. SQLite's own number of what a connection can see
    ("PRAGMA data_version") changes with the commits of all other connections; this one never writes.
    """

    def __init__(self, engine: Engine) -> None:
        self._file = engine.url.database if engine.url.get_backend_name() == "sqlite" else None
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._opened = 0

    def stamp(self) -> tuple[int, int] | None:
        """Another one after every commit; None where only a question tells (no SQLite file, or it is busy)."""
        if not self._file:
            return None
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)
                    self._opened += 1  # the numbers of two connections have nothing to do with each other
                return self._opened, self._connection.execute("PRAGMA data_version").fetchone()[0]
            except sqlite3.OperationalError:
                return None

    def close(self) -> None:
        """Give the connection back; the next question opens another."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
