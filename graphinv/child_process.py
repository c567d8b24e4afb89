"""Processes that are started beside this one by spawning: a forked child of a process with threads may hang."""

import os
import threading
from multiprocessing import parent_process


def ends_with_parent() -> None:
    """Have this process end when the one that started it does, even by a kill: a pool leaves its own waiting."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
