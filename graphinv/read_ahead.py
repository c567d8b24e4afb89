"""Files read into memory before anybody asks for them: whoever jumps about in a mapped file waits for the disk at every
page that is not there yet.

It is a hint to the operating system, which does the reading. Pages that are there already, as after another process
wrote them, cost next to nothing, and any page may be given up again. Where there is no such hint nothing happens.
"""

import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

#: Files that would take more than this share of the memory that is available stay where they are.
SHARE = 0.5

#: Linux reads no further at a hint than the disk's own window and forgets the rest: this is what most disks have.
_WINDOW = 128 * 1024
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
            step = _window(os.fstat(file.fileno()).st_dev)
            for at in range(0, size, step):
                if ending is not None and ending.is_set():
                    return asked
                os.posix_fadvise(file.fileno(), at, min(step, size - at), os.POSIX_FADV_WILLNEED)
                asked += min(step, size - at)
    return asked


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


def _window(device: int) -> int:
    """How much of a disk Linux reads at a hint."""
    with suppress(OSError, ValueError):
        told = Path(f"/sys/class/bdi/{os.major(device)}:{os.minor(device)}/read_ahead_kb").read_text()
        return max(int(told) * 1024, _WINDOW)
    return _WINDOW
