"""Watching other processes: whether one lives, and waiting for something to come true."""

import os
import time
from collections.abc import Callable
from pathlib import Path


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not collected yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    try:
        return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:  # it ended between the two looks
        return False


def soon(true: Callable[[], bool], within_s: float = 5.0) -> bool:
    """Wait until something is true, and whether it became so in time."""
    deadline = time.monotonic() + within_s
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()


def ends(pid: int, within_s: float = 5.0) -> bool:
    """Wait until a process is gone, and whether it went in time."""
    return soon(lambda: not alive(pid), within_s)
