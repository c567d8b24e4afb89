"""Arrivals over the API, kept before anything else is done with them: a file each in ``journal/``, until they are
rolled into the record store with others.

A file is synced and renamed before its rows are answered for, and removed after the record store committed them; the
same rows rolled twice are duplicates. So whatever is killed when, nothing is lost and nothing counts twice.
"""

import os
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import orjson
import polars as pl

from graphinv.errors import WorkspaceBusy
from graphinv.file_lock import FileLock
from graphinv.ingest.accounting import Accounting
from graphinv.ingest.loading import CheckedPieces, ingest
from graphinv.ingest.privacy import hash_numbers
from graphinv.ingest.record_store import sync_folder
from graphinv.records import ValueKind, feed_named
from graphinv.workspace import Workspace

#: So long does who rolls wait for another one, or for a load that reads files.
PATIENCE_S = 5.0
_POLL_S = 0.05


def append(workspace: Workspace, feed: str, rows: Sequence[Mapping[str, object]]) -> Path:
    """Keep rows of a feed as they were sent, social security numbers hashed; the file they lie in until ``roll``."""
    numbers = [column.name for column in feed_named(feed).of_kind(ValueKind.IDENTITY_NUMBER)]
    kept = _hashed(rows, numbers, workspace.hash_key)
    folder = workspace.journal
    folder.mkdir(exist_ok=True)
    path = folder / f"{feed}-{time.time_ns():020}-{uuid.uuid4().hex[:8]}.jsonl"
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in kept)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)
    sync_folder(folder)
    return path


def roll(workspace: Workspace, alone: Path | None = None, checked: CheckedPieces | None = None) -> Accounting | None:
    """Commit what lies in the journal as records; None where a load is reading files and keeps at it.

    ``alone`` is committed by itself, after all others, and the accounting is its own: that of what was just appended.
    ``checked`` is what ``checked_pieces`` found of it, which then is not checked again.
    """
    try:
        with _rolling(workspace):
            waiting = [path for path in sorted(workspace.journal.glob("*.jsonl")) if path != alone]
            for feed in dict.fromkeys(path.name.partition("-")[0] for path in waiting):
                _roll_together(workspace, feed, [one for one in waiting if one.name.startswith(f"{feed}-")])
            if alone is None or not alone.exists():
                return Accounting()
            accounting = _patiently(workspace, alone, alone.name.partition("-")[0], checked)
            alone.unlink()
            return accounting
    except WorkspaceBusy:
        return None


def _roll_together(workspace: Workspace, feed: str, paths: Sequence[Path]) -> None:
    """Commit many files as one, so that they make one batch."""
    together = workspace.journal / f"{feed}.rolling"
    with together.open("wb") as handle:
        for path in paths:
            handle.write(path.read_bytes())
    named = together.with_name(f"{feed}.rolling.jsonl")
    together.replace(named)
    try:
        _patiently(workspace, named, feed)
    finally:
        named.unlink()
    for path in paths:
        path.unlink()


def _patiently(workspace: Workspace, path: Path, feed: str, checked: CheckedPieces | None = None) -> Accounting:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return ingest(workspace, [path], feed=feed, checked=checked)
        except WorkspaceBusy:
            if time.monotonic() > until:
                raise
            time.sleep(_POLL_S)


@contextmanager
def _rolling(workspace: Workspace) -> Iterator[None]:
    lock = FileLock(workspace.root / "keys" / "journal.lock")
    if not lock.acquire(PATIENCE_S):
        raise WorkspaceBusy("the journal is being rolled; its rows are kept")
    try:
        for left in workspace.journal.glob("*.rolling*"):  # a killed roll; its rows lie in the journal still
            with suppress(FileNotFoundError):
                left.unlink()
        yield
    finally:
        lock.release()


def _hashed(rows: Sequence[Mapping[str, object]], numbers: Sequence[str], key: bytes) -> list[dict[str, object]]:
    """Rows whose identity numbers are hashed as their records will have them; a number sent as one is text."""
    kept = [dict(row) for row in rows]
    given = [(row, name) for row in kept for name in numbers if isinstance(row.get(name), str | int)]
    hashed = hash_numbers(pl.Series([str(row[name]) for row, name in given], dtype=pl.String), key)
    for (row, name), number in zip(given, hashed, strict=True):
        row[name] = number
    return kept
