"""Preparing rows in processes beside this one: normalising values of many shapes keeps one core busy, however it tries.

Both sides of the pipe are here. A job is a line (``feed size``) and a table as an Arrow stream; so is the answer. The
first line is the hash key, which goes nowhere but through the pipe. The end of the input ends the process, so it does
not outlive its parent by more than a job.
"""

import io
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO

import polars as pl

from graphinv.errors import GraphinvError
from graphinv.resolve.prepare import prepare

#: Fewer rows than this a process are prepared sooner than a process starts.
ROWS_WORTH_A_PROCESS = 40_000
_MOST_PROCESSES = 4

#: ``prepare`` with the hash key in it.
Prepare = Callable[[str, pl.DataFrame], pl.DataFrame]


def processes_for(rows: int) -> int:
    """How many processes so many rows are worth; 1 means this one."""
    return max(1, min(rows // ROWS_WORTH_A_PROCESS, os.cpu_count() or 1, _MOST_PROCESSES))


@contextmanager
def preparing(processes: int, hash_key: bytes) -> Iterator[Prepare]:
    """``prepare``, for so many threads at once as there are processes; with one, it is done in this process."""
    if processes == 1:
        yield lambda feed, rows: prepare(feed, rows, hash_key)
        return
    with ExitStack() as stack:
        free: SimpleQueue[_Process] = SimpleQueue()
        for _ in range(processes):
            free.put(stack.enter_context(_Process(hash_key)))

        def elsewhere(feed: str, rows: pl.DataFrame) -> pl.DataFrame:
            process = free.get()
            try:
                return process.prepare(feed, rows)
            finally:
                free.put(process)

        yield elsewhere


class _Process:
    """One process that prepares, for one thread at a time."""

    def __init__(self, hash_key: bytes) -> None:
        packages = str(Path(__file__).resolve().parents[2])
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "graphinv.resolve.prepare_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (packages, os.environ.get("PYTHONPATH"))))},
        )
        self._send = threading.Lock()
        self._write(hash_key.hex().encode() + b"\n")

    def prepare(self, feed: str, rows: pl.DataFrame) -> pl.DataFrame:
        """The prepared rows. GraphinvError when the process ended."""
        with self._send:
            _write_table(self._write, feed, rows)
            if self._child.stdout is None:
                raise GraphinvError("a process that prepares records was started without pipes")
            found = _read_table(self._child.stdout)
        if found is None:
            raise GraphinvError(
                f"a process that prepares records ended with status {self._child.wait()}, perhaps for lack of memory; "
                "what was prepared is kept, load again to go on"
            )
        return found[1]

    def __enter__(self) -> "_Process":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()
        self._child.wait()

    def _write(self, content: bytes | memoryview) -> None:
        if self._child.stdin is not None:
            try:
                self._child.stdin.write(content)
                self._child.stdin.flush()
            except BrokenPipeError:  # it ended: reading its answer will tell
                return


def _write_table(write: Callable[[bytes | memoryview], object], feed: str, rows: pl.DataFrame) -> None:
    buffer = io.BytesIO()
    rows.write_ipc_stream(buffer)
    write(f"{feed} {buffer.getbuffer().nbytes}\n".encode())
    write(buffer.getbuffer())


def _read_table(stream: IO[bytes]) -> tuple[str, pl.DataFrame] | None:
    """Feed and rows; None at the end of the stream."""
    line = stream.readline().split()
    if len(line) != 2:
        return None
    content = stream.read(int(line[1]))
    if len(content) < int(line[1]):
        return None
    return line[0].decode(), pl.read_ipc_stream(io.BytesIO(content))


def _serve() -> None:
    """The other side: prepare what comes in until nothing more comes."""
    hash_key = bytes.fromhex(sys.stdin.buffer.readline().decode())
    while (job := _read_table(sys.stdin.buffer)) is not None:
        feed, rows = job
        _write_table(sys.stdout.buffer.write, feed, prepare(feed, rows, hash_key))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _serve()
