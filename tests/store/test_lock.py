"""One writer at a time, across threads and processes; a lock dies with its holder."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graphinv.errors import WorkspaceBusy
from graphinv.store import WriteLock

HOLD = """
import sys
from pathlib import Path
from graphinv.store import WriteLock
with WriteLock(Path(sys.argv[1])).hold():
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_writer(workspace: Path) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(workspace)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_second_writer_learns_who_writes_and_since_when(tmp_path: Path) -> None:
    with another_writer(tmp_path) as process, pytest.raises(WorkspaceBusy) as busy, WriteLock(tmp_path).hold():
        pass
    assert f"pid {process.pid}, since {time.strftime('%Y-%m-%d', time.gmtime())}" in str(busy.value)
    assert str(tmp_path) in str(busy.value)


def test_a_killed_writer_leaves_the_lock_free(tmp_path: Path) -> None:
    with another_writer(tmp_path) as process:
        process.kill()
        process.wait()
        with WriteLock(tmp_path).hold(wait_s=2.0):
            pass


def test_a_writer_may_wait_for_the_other_to_end(tmp_path: Path) -> None:
    with another_writer(tmp_path) as process:
        threading.Timer(0.2, process.kill).start()
        with WriteLock(tmp_path).hold(wait_s=5.0):
            assert process.wait(5.0) != 0


def test_a_step_that_writes_may_call_another_that_does(tmp_path: Path) -> None:
    lock = WriteLock(tmp_path)
    with lock.hold(), lock.hold():
        pass
    with WriteLock(tmp_path).hold():
        pass


def test_two_stores_of_one_process_exclude_each_other(tmp_path: Path) -> None:
    second = WriteLock(tmp_path)
    with WriteLock(tmp_path).hold(), pytest.raises(WorkspaceBusy, match="another part of this process"), second.hold():
        pass


def test_a_second_thread_of_one_store_is_a_second_writer(tmp_path: Path) -> None:
    lock = WriteLock(tmp_path)
    refused: list[WorkspaceBusy] = []

    def write() -> None:
        try:
            with lock.hold():
                pass
        except WorkspaceBusy as error:
            refused.append(error)

    with lock.hold():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert len(refused) == 1
