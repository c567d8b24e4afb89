"""Preparing batches in processes beside this one: normalising values of many shapes keeps one core busy, however it
tries.

Both sides of the pipe are here. A job is a line of JSON that names files; the other side reads the batches, prepares
them, writes what it made, and answers with an empty line. The first line is the hash key, which goes nowhere but
through the pipe. The end of the input ends the process, so it does not outlive its parent by more than a job.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType

import polars as pl

from graphinv.drafts import draft_of
from graphinv.errors import GraphinvError
from graphinv.ingest.record_store import read_batch
from graphinv.resolve.prepare import prepare

#: Fewer rows than this a process are prepared sooner than a process starts.
ROWS_WORTH_A_PROCESS = 40_000
_MOST_PROCESSES = 4
_DONE = b"\n"


@dataclass(frozen=True)
class Job:
    """Batches of one feed to prepare together, and the file that each is prepared into."""

    feed: str
    batches: tuple[Path, ...]
    targets: tuple[Path, ...]

    def run(self, hash_key: bytes) -> pl.DataFrame:
        """Prepare the batches, and tell what was made of them; a target is there whole or not at all."""
        rows = [read_batch(self.feed, path) for path in self.batches]
        made = prepare(self.feed, pl.concat(rows), hash_key)
        start = 0
        for batch, target in zip(rows, self.targets, strict=True):
            _write(made.slice(start, batch.height), target)
            start += batch.height
        return made

    def to_line(self) -> bytes:
        """The job as a line of JSON."""
        paths = ([str(path) for path in side] for side in (self.batches, self.targets))
        return json.dumps([self.feed, *paths]).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Job":
        """The job of a line that ``to_line`` gave."""
        feed, batches, targets = json.loads(line)
        return cls(feed, tuple(map(Path, batches)), tuple(map(Path, targets)))


def processes_for(rows: int) -> int:
    """How many processes so many rows are worth; 1 means this one."""
    return max(1, min(rows // ROWS_WORTH_A_PROCESS, os.cpu_count() or 1, _MOST_PROCESSES))


@contextmanager
def preparing(processes: int, hash_key: bytes) -> Iterator[Callable[[Job], object]]:
    """A way to do jobs, for so many threads at once as there are processes; with one, they are done in this process."""
    if processes == 1:
        yield lambda job: job.run(hash_key)
        return
    with ExitStack() as stack:
        free: SimpleQueue[_Process] = SimpleQueue()
        for _ in range(processes):
            free.put(stack.enter_context(_Process(hash_key)))

        def elsewhere(job: Job) -> None:
            process = free.get()
            try:
                process.run(job)
            finally:
                free.put(process)

        yield elsewhere


class _Process:
    """One process that prepares, for one thread at a time."""

    def __init__(self, hash_key: bytes) -> None:
        packages = str(Path(__file__).resolve().parents[1])
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "graphinv.prepare_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (packages, os.environ.get("PYTHONPATH"))))},
        )
        self._asked = threading.Lock()
        self._write(hash_key.hex().encode() + b"\n")

    def run(self, job: Job) -> None:
        """Do a job there. GraphinvError when the process ended."""
        with self._asked:
            self._write(job.to_line())
            if self._child.stdout is None:
                raise GraphinvError("a process that prepares records was started without pipes")
            if self._child.stdout.readline() == _DONE:
                return
        raise GraphinvError(
            f"a process that prepares records ended with status {self._child.wait()}, perhaps for lack of memory; "
            "what was prepared is kept, load again to go on"
        )

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

    def _write(self, content: bytes) -> None:
        if self._child.stdin is not None:
            try:
                self._child.stdin.write(content)
                self._child.stdin.flush()
            except BrokenPipeError:  # it ended: reading its answer will tell
                return


def prepare_into(target: Path, feed: str, rows: pl.DataFrame, hash_key: bytes) -> pl.DataFrame:
    """Prepare the rows of a batch that are at hand, and write them; what was made of them."""
    made = prepare(feed, rows, hash_key)
    _write(made, target)
    return made


def _write(rows: pl.DataFrame, path: Path) -> None:
    with draft_of(path) as draft:
        rows.write_parquet(draft, compression="zstd", compression_level=1)


def _serve() -> None:
    """The other side: do the jobs that come in until nothing more comes."""
    hash_key = bytes.fromhex(sys.stdin.buffer.readline().decode())
    while line := sys.stdin.buffer.readline():
        Job.from_line(line).run(hash_key)
        sys.stdout.buffer.write(_DONE)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _serve()
