"""The writer's lock: one writer at a time in a workspace, across threads and processes."""

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from graphinv.errors import WorkspaceBusy
from graphinv.file_lock import FileLock


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
