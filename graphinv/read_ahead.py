"""Files read into memory before anybody asks for them: whoever jumps about in a mapped file waits for the disk at every
page that is not there yet.

It is a hint to the operating system, which does the reading, a piece at a time: whoever needs a page meanwhile waits
for one piece at most. Pages that are there already, as after another process wrote them, cost next to nothing, and any
page may be given up again. Where there is no such hint nothing happens.
"""

import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

#: Files that would take more than this share of the memory that is available stay where they are.
SHARE = 0.5

#: A piece: Linux reads no further at a hint than a disk's own window, of which most have this, and forgets the rest.
_PIECE = 128 * 1024
#: Pieces that are on their way from the disk at a time: enough to keep it busy, and few enough to wait for.
_ON_THEIR_WAY = 4
_MEMORY, _LIMIT = Path("/proc/meminfo"), Path("/sys/fs/cgroup/memory.max")


def read_ahead(files: Iterable[Path], most: int | None = None, ending: threading.Event | None = None) -> int:
    """Have files read, in their order, until one more would be over ``most`` bytes (otherwise ``SHARE`` of the memory
    that is available) or ``ending`` is set; how many bytes were asked for. Files that are gone or that cannot
    be read so are left out."""
    most = int(SHARE * (available_memory() or 0)) if most is None else most
    asked = 0
    for path in files:
        with suppress(OSError), path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if asked + size > most or not hasattr(os, "posix_fadvise"):
                return asked
            asked += _read(file.fileno(), size, ending)
    return asked


def _read(file: int, size: int, ending: threading.Event | None) -> int:
    """Have a file read; how many bytes of it were asked for before ``ending`` was set."""
    begins = range(0, size, _PIECE)
    for nth, at in enumerate(begins):
        if ending is not None and ending.is_set():
            return at
        os.posix_fadvise(file, at, min(_PIECE, size - at), os.POSIX_FADV_WILLNEED)
        if nth >= _ON_THEIR_WAY:
            os.pread(file, 1, begins[nth - _ON_THEIR_WAY])  # waits until the disk told that piece
    return size


class ReadingAhead:
    """Reads ahead beside everything else. What is begun last takes the place of what was begun before."""

    def __init__(self) -> None:
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, files: Iterable[Path]) -> None:
        """Have files read; returns at once."""
        self.end()
        self._ending = threading.Event()
        self._thread = threading.Thread(
            target=read_ahead, args=(list(files), None, self._ending), name="read ahead", daemon=True
        )
        self._thread.start()

    def wait(self) -> None:
        """Wait until everything that was begun is asked for; the last of it may still be on its way."""
        if self._thread is not None:
            self._thread.join()

    @property
    def reading(self) -> bool:
        """Whether something is left to be asked for."""
        return self._thread is not None and self._thread.is_alive()

    def end(self) -> None:
        """Ask for nothing more."""
        self._ending.set()


def available_memory() -> int | None:
    """Bytes that can be had without pushing out what is in use, a container's limit kept; None where nobody tells."""
    try:
        told = next(line for line in _MEMORY.read_text().splitlines() if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return None
    free = int(told.split()[1]) * 1024
    with suppress(OSError, ValueError):  # there is no limit, or "max"
        return min(free, int(_LIMIT.read_text()))
    return free
