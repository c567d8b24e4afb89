"""A lock between processes: on a file, released by the operating system when its holder ends, however it ends."""

import sys
import time
from pathlib import Path
from typing import IO

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
