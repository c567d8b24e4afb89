"""Compiled code is made once an installation, before anybody has to wait for it in the middle of something else.

numba compiles a function when it is first called and keeps what came of it in a folder: ``__pycache__`` beside the
source, the user's own cache folder where that cannot be written, or the one that NUMBA_CACHE_DIR names.
"""

import platform
import subprocess
import sys
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from graphinv.file_lock import FileLock

#: Seconds that somebody waits for another process that compiles.
_WAIT_S = 900.0

_BEGINS = "compiling kernels, once per installation: this takes one to three minutes ..."
_WAITS = "another process is compiling kernels, once per installation: waiting for it ..."
#: How numba's complaint begins where it finds no folder to write to, and what to do then.
NO_FOLDER = "cannot cache function"
NO_FOLDER_TOLD = (
    "compiled kernels cannot be kept, since neither the installation nor the user's cache folder can be written; set "
    "NUMBA_CACHE_DIR to a folder that can"
)


def make_kernels_ready() -> None:
    """Compile all that look-ups and arrivals call, unless that was done for these sources on this machine; says so on
    standard error while it takes its time.
    """
    mark = _mark()
    if mark.exists():
        return
    lock = FileLock(mark.with_name("kernels.lock"))
    try:
        if not lock.acquire():
            _say(_WAITS)
            lock.acquire(_WAIT_S)
        if not mark.exists():
            _compile(mark)
    except OSError as error:
        _say(f"{mark.parent} cannot be written ({error.strerror}): every process compiles its kernels anew")
    finally:
        lock.release()


def _compile(mark: Path) -> None:
    """By a process of its own: what it takes of memory is given back, and a server stays what it was."""
    _say(_BEGINS)
    done = subprocess.run(
        [sys.executable, "-m", "graphinv.kernels_compiling"], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        told = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        _say(f"kernels were not compiled ahead ({told}): whatever needs one first waits for it")
    else:
        mark.touch()
        _say("kernels are compiled")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _mark() -> Path:
    """The file that says that all is compiled: by these sources, for this processor."""
    from graphinv.links.kernels import _best_costs as one  # any kernel: numba says where it keeps it

    return Path(one.stats.cache_path or "") / f"kernels-{_made_of()}.compiled"


@cache
def _made_of() -> str:
    """What compiled code depends on: sources with kernels, numba and LLVM, Python and the processor."""
    import numba
    from llvmlite.binding import get_host_cpu_name  # type: ignore[import-untyped]  # it has no types

    made = sha256()
    for part in (numba.__version__, version("llvmlite"), platform.python_version(), get_host_cpu_name()):
        made.update(f"{part}\n".encode())
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        text = source.read_bytes()
        if b"njit" in text or b"uncounted" in text:
            made.update(text)
    return made.hexdigest()[:16]


if __name__ == "__main__":
    make_kernels_ready()
