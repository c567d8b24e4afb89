"""Locks between processes: a file lock that the system releases when its holder dies, and the writer's lock."""

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from graphinv.errors import WorkspaceBusy

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_POLL_S = 0.02
#: Windows locks bytes and hides them from readers, so the locked byte lies past anything we write.
_LOCKED_BYTE = 1 << 30


class FileLock:
    """An exclusive lock on a file; the operating system releases it when the holder ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._file is not None

    def acquire(self, wait_s: float = 0.0) -> bool:
        """Try for ``wait_s`` seconds, at least once; whether the lock is ours now."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+", encoding="utf-8")
        deadline = time.monotonic() + wait_s
        while not _lock(file):
            if time.monotonic() >= deadline:
                file.close()
                return False
            time.sleep(_POLL_S)
        self._file = file
        return True

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        if self._file is not None:
            _unlock(self._file)
            self._file.close()
            self._file = None

    def write_note(self, note: str) -> None:
        """Leave a note in the file for those who find it locked."""
        if self._file is not None:
            self._file.truncate(0)
            self._file.write(note)
            self._file.flush()


if sys.platform == "win32":

    def _lock(file: IO[str]) -> bool:
        try:
            file.seek(_LOCKED_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[str]) -> None:
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:

    def _lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


class WriteLock:
    """One writer at a time in a workspace, across processes; held only while writing.

    Taking it again in the thread that has it is free, so a step that writes may call another one that does.
    """

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._file = FileLock(workspace / "store" / "write.lock")
        self._owner = threading.RLock()
        self._depth = 0

    @contextmanager
    def hold(self, wait_s: float = 0.0) -> Iterator[None]:
        """Hold the lock for a ``with`` block; WorkspaceBusy when another writer keeps it longer than ``wait_s``."""
        self._take(wait_s)
        try:
            yield
        finally:
            self._depth -= 1
            if self._depth == 0:
                self._file.release()
            self._owner.release()

    def _take(self, wait_s: float) -> None:
        deadline = time.monotonic() + wait_s
        if not self._owner.acquire(timeout=wait_s):
            raise WorkspaceBusy(self._busy_message())
        if self._depth == 0:
            if not self._file.acquire(max(0.0, deadline - time.monotonic())):
                self._owner.release()
                raise WorkspaceBusy(self._busy_message())
            self._file.write_note(json.dumps({"pid": os.getpid(), "since": time.time()}))
        self._depth += 1

    def _busy_message(self) -> str:
        return (
            f"{self._workspace}: {_writer(self._file.path)} is writing to this workspace; "
            "wait until it is done, or stop it, and try again"
        )


def _writer(path: Path) -> str:
    """Who wrote the note in the lock file, in words."""
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
        pid, since = int(note["pid"]), datetime.fromtimestamp(note["since"], UTC)
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"  # between its taking the lock and writing its note
    who = "another part of this process" if pid == os.getpid() else "another process"
    return f"{who} (pid {pid}, since {since:%Y-%m-%d %H:%M:%S} UTC)"
