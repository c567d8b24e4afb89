"""Files are read ahead in their order, as far as there is memory."""

import os
import threading
from pathlib import Path

import pytest

from graphinv import read_ahead as ahead
from graphinv.read_ahead import ReadingAhead, available_memory, read_ahead

_SIZE = 300_000
_HINTS = pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="there is no such hint here")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three files of one size."""
    paths = [tmp_path / name for name in ("first", "second", "third")]
    for path in paths:
        path.write_bytes(b"x" * _SIZE)
    return paths


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The pieces that the system is asked for, as (begin, length)."""
    pieces: list[tuple[int, int]] = []
    if hasattr(os, "posix_fadvise"):
        monkeypatch.setattr(os, "posix_fadvise", lambda _, at, length, __: pieces.append((at, length)))
    return pieces


@_HINTS
def test_every_byte_is_asked_for_in_pieces_that_no_system_cuts_short(
    files: list[Path], asked: list[tuple[int, int]]
) -> None:
    assert read_ahead(files[:1], most=_SIZE) == _SIZE
    assert asked == [(0, 131_072), (131_072, 131_072), (262_144, _SIZE - 262_144)]


@_HINTS
def test_files_that_memory_has_no_room_for_stay_where_they_are(files: list[Path], asked: list[tuple[int, int]]) -> None:
    assert read_ahead(files, most=2 * _SIZE + 1) == 2 * _SIZE == sum(length for _, length in asked)


@_HINTS
@pytest.mark.usefixtures("asked")
def test_a_file_that_is_gone_is_left_out(files: list[Path]) -> None:
    files[0].unlink()
    assert read_ahead(files, most=3 * _SIZE) == 2 * _SIZE


def test_nothing_is_read_where_nobody_tells_how_much_memory_there_is(
    files: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ahead, "_MEMORY", tmp_path / "nowhere")
    assert available_memory() is None
    assert read_ahead(files) == 0


def test_a_container_has_no_more_memory_than_its_limit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    memory, limit = tmp_path / "meminfo", tmp_path / "memory.max"
    memory.write_text("MemTotal: 9000 kB\nMemAvailable: 4000 kB\n")
    monkeypatch.setattr(ahead, "_MEMORY", memory)
    monkeypatch.setattr(ahead, "_LIMIT", limit)
    assert available_memory() == 4_096_000
    limit.write_text("max\n")
    assert available_memory() == 4_096_000
    limit.write_text("1000000\n")
    assert available_memory() == 1_000_000


@_HINTS
def test_what_is_begun_last_takes_the_place_of_what_was_begun_before(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    asking, go_on = threading.Event(), threading.Event()
    told: list[int] = []

    def hint(_: int, at: int, __: int, ___: int) -> None:
        told.append(at)
        asking.set()
        assert go_on.wait(20)

    monkeypatch.setattr(os, "posix_fadvise", hint)
    monkeypatch.setattr(ahead, "available_memory", lambda: 10 * _SIZE)
    reading = ReadingAhead()
    reading.begin(files[:1])
    assert asking.wait(20)
    reading.begin(files[1:2])
    assert reading.reading
    go_on.set()
    reading.wait()
    assert told.count(0) == 2
    assert told.count(131_072) == 1  # the first file was left where it was


@_HINTS
def test_few_pieces_are_on_their_way_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[tuple[int, int]]
) -> None:
    """Whoever needs a page meanwhile waits behind those."""
    there: list[int] = []
    most: list[int] = []

    def arrived(_: int, __: int, at: int) -> bytes:
        most.append(len(asked) - len(there))
        there.append(at)
        return b"x"

    monkeypatch.setattr(os, "pread", arrived)
    path = tmp_path / "long"
    path.write_bytes(b"x" * 20 * 131_072)
    read_ahead([path], most=20 * 131_072)
    assert len(asked) == 20
    assert there == [at for at, _ in asked][: len(there)]
    assert max(most) == ahead._ON_THEIR_WAY + 1
