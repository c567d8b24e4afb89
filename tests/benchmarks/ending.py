"""A benchmark that is ended, by Ctrl+C or a signal, ends what it started and removes its folders first."""

import signal
import sys
from collections.abc import Callable
from multiprocessing import get_context

from graphinv.child_process import ends_with_parent

#: Seconds that a process is given to remove its folders: a call into compiled code is not broken off.
_PATIENCE_S = 10.0


def end_in_order() -> None:
    """Have SIGTERM end this process by an exception, as Ctrl+C does: ``with`` and ``finally`` do their work."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def run_beside(work: Callable[..., None], *args: object) -> None:
    """Run a module's function in a process of its own, whose memory is free afterwards, and wait for it.

    It ends with this process, however that ends. Raises SystemExit when it fails; it has told why.
    """
    beside = get_context("spawn").Process(target=_run, args=(work, args), name=work.__name__)
    try:
        beside.start()
        beside.join()
    finally:
        if beside.is_alive():
            beside.terminate()
            beside.join(_PATIENCE_S)
            beside.kill()
    if beside.exitcode:
        raise SystemExit(f"{work.__name__}, in a process of its own, ended with status {beside.exitcode}")


def _run(work: Callable[..., None], args: tuple[object, ...]) -> None:
    ends_with_parent()
    end_in_order()
    work(*args)
