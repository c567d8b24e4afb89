"""A lock on a file: one holder at a time, and none once its process has ended."""

from pathlib import Path

from graphinv.file_lock import FileLock


def test_a_file_lock_is_one_at_a_time(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "a.lock"), FileLock(tmp_path / "a.lock")
    assert first.acquire()
    assert not second.acquire(wait_s=0.05)
    first.release()
    assert second.acquire()
    second.release()
