"""The record store: accepted rows in append-only Parquet batches, with a manifest in the state database.

A batch is written under a temporary name, synced, renamed, and only then entered in the manifest, in the transaction
that also enters its piece of the file. Killed at any moment, either the whole piece is there or nothing of it; a file
without an entry is removed by the next load.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson
import polars as pl
from sqlalchemy import ColumnElement, func, insert, select

from graphinv.errors import WorkspaceError
from graphinv.ingest.accounting import FeedCounts, RowWarning
from graphinv.ingest.validation import stored_schema
from graphinv.records import CODE_SUFFIX, FEEDS, KNOWN_AT, TIME_SUFFIX, Feed, ValueKind, feed_named
from graphinv.state import BATCHES, CHUNKS
from graphinv.workspace import Workspace


@dataclass(frozen=True)
class Batch:
    """One committed Parquet file of accepted rows; ``seq`` grows with every commit."""

    seq: int
    name: str
    feed: str
    path: Path
    rows: int
    first_known_at: datetime
    last_known_at: datetime


@dataclass(frozen=True)
class PieceRecord:
    """A piece of a file as committed: counts, warnings, and the digests of its refused rows (16 bytes each)."""

    digest: str
    feed: str
    file: str
    first_line: int
    counts: FeedCounts
    warnings: tuple[RowWarning, ...]
    refused: bytes = b""


class RecordStore:
    """Accepted rows of every feed, all versions. Reading needs no lock; committing is done by a load."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def batches(self, feed: str, after: int = 0) -> list[Batch]:
        """Committed batches of a feed in the order of their commits, those after a ``seq`` only."""
        feed_named(feed)
        return self._batches(BATCHES.c.feed == feed, BATCHES.c.seq > after)

    def since(self, seq: int) -> list[Batch]:
        """Committed batches of every feed after a ``seq``, in the order of their commits."""
        return self._batches(BATCHES.c.seq > seq)

    def _batches(self, *which: ColumnElement[bool]) -> list[Batch]:
        with self.workspace.engine.connect() as connection:
            rows = connection.execute(select(BATCHES).where(*which).order_by(BATCHES.c.seq)).all()
        return [
            Batch(
                row.seq,
                row.batch,
                row.feed,
                self._path(row.feed, row.batch),
                row.rows,
                row.first_known_at,
                row.last_known_at,
            )
            for row in rows
        ]

    def scan(self, feed: str, after: int = 0) -> pl.LazyFrame:
        """All versions of all records of a feed (of the batches after a ``seq``), each once, in no fixed order.

        Which version counts is for ``resolve.versions.newest`` to say.

        Columns: ``record_id``; ``content`` (stable digest of what the row says); ``known_at`` (UTC); ``event_at``
        (UTC, the feed's own date, a bare day its start, null if none); the feed's columns as the text their row wrote,
        without blanks around it (null if nothing is left); ``known_at_text``; ``<date>_ts``, ``<number>_num`` and
        ``<code>_code`` (see ``graphinv.records``).
        """
        declared = feed_named(feed)
        paths = [batch.path for batch in self.batches(feed, after)]
        stored = stored_schema(declared)
        frame = pl.scan_parquet(paths, schema=stored) if paths else pl.LazyFrame(schema=stored)
        return _with_readings(frame, declared)

    def read(self, batch: Batch) -> pl.DataFrame:
        """The rows of one batch, with the columns of ``scan``."""
        return read_batch(batch.feed, batch.path)

    def newest_seq(self) -> int:
        """The ``seq`` of the newest batch of any feed; 0 while there is none."""
        with self.workspace.engine.connect() as connection:
            return connection.execute(select(func.max(BATCHES.c.seq))).scalar() or 0

    def clock(self) -> datetime | None:
        """The newest ``known_at`` in the workspace; None while it holds no record."""
        with self.workspace.engine.connect() as connection:
            return connection.execute(select(func.max(BATCHES.c.last_known_at))).scalar()

    def piece(self, digest: str) -> PieceRecord | None:
        """A piece that was committed before."""
        with self.workspace.engine.connect() as connection:
            row = connection.execute(select(CHUNKS).where(CHUNKS.c.chunk == digest)).one_or_none()
        if row is None:
            return None
        counts = FeedCounts(row.read, row.accepted, row.duplicate, row.quarantined)
        warnings = tuple(RowWarning(*one) for one in orjson.loads(row.warnings))
        return PieceRecord(digest, row.feed, row.file, row.first_line, counts, warnings, row.refused)

    def commit(self, piece: PieceRecord, accepted: pl.DataFrame, refused: pl.DataFrame) -> None:
        """Enter a piece of a file with its new rows, as a whole or not at all."""
        batch = _batch_name(accepted) if accepted.height else None
        quarantine = piece.digest[:32] if refused.height else None
        size = write_parquet(accepted, self._path(piece.feed, batch)) if batch else 0
        if quarantine:
            write_parquet(refused, self.workspace.quarantine / piece.feed / f"{quarantine}.parquet")
        now = datetime.now(UTC)
        with self.workspace.engine.begin() as connection:
            if batch:
                known = accepted[KNOWN_AT]
                connection.execute(
                    insert(BATCHES).values(
                        batch=batch,
                        feed=piece.feed,
                        rows=accepted.height,
                        bytes=size,
                        first_known_at=known.min(),
                        last_known_at=known.max(),
                        committed_at=now,
                    )
                )
            connection.execute(insert(CHUNKS).values(_chunk_row(piece, batch, quarantine, now)))

    def remove_orphans(self) -> int:
        """Remove files that no manifest entry names: what a killed load left. Only while holding the load's lock."""
        with self.workspace.engine.connect() as connection:
            batches = {(row.feed, row.batch) for row in connection.execute(select(BATCHES.c.feed, BATCHES.c.batch))}
            chunks = connection.execute(select(CHUNKS.c.feed, CHUNKS.c.quarantine))
            refused = {(row.feed, row.quarantine) for row in chunks}
        removed = 0
        for folder, entered in ((self.workspace.records, batches), (self.workspace.quarantine, refused)):
            for path in folder.glob("*/*"):
                if (path.parent.name, path.stem) not in entered or path.suffix != ".parquet":
                    path.unlink()
                    removed += 1
        return removed

    def check_files(self) -> None:
        """Every batch of the manifest has its file.

        Raises:
            WorkspaceError: one is missing.
        """
        missing = [batch.path for feed in FEEDS for batch in self.batches(feed) if not batch.path.exists()]
        if missing:
            raise WorkspaceError(
                f"{len(missing)} batches of records are missing, the first is {missing[0]}; restore them from a backup"
            )

    def _path(self, feed: str, batch: str) -> Path:
        return self.workspace.records / feed / f"{batch}.parquet"


def no_records(feed: str) -> pl.DataFrame:
    """The columns of ``RecordStore.scan`` without a row."""
    declared = feed_named(feed)
    return _with_readings(pl.LazyFrame(schema=stored_schema(declared)), declared).collect()


def read_batch(feed: str, path: Path) -> pl.DataFrame:
    """The rows of a batch's file, with the columns of ``RecordStore.scan``."""
    declared = feed_named(feed)
    return _with_readings(pl.scan_parquet(path, schema=stored_schema(declared)), declared).collect()


def rows_accepted(batch: Batch, accepted: pl.DataFrame) -> pl.DataFrame | None:
    """The same without reading the file, where accepted rows are those of the batch: its name tells."""
    if _batch_name(accepted) != batch.name:
        return None
    return _with_readings(accepted.lazy(), feed_named(batch.feed)).collect()


def _with_readings(frame: pl.LazyFrame, declared: Feed) -> pl.LazyFrame:
    codes = [
        pl.col(column.name).str.strip_chars().str.to_lowercase().replace("", None).fill_null(column.default)
        if column.default
        else pl.col(column.name).str.strip_chars().str.to_lowercase().replace("", None)
        for column in declared.of_kind(ValueKind.CODE)
    ]
    return frame.with_columns(
        pl.col(declared.event + TIME_SUFFIX).alias("event_at"),
        *(code.name.suffix(CODE_SUFFIX) for code in codes),
    )


def _batch_name(accepted: pl.DataFrame) -> str:
    """A batch is named by what its rows say, whatever library version wrote it."""
    return hashlib.sha256("".join(accepted["content"].to_list()).encode()).hexdigest()[:32]


def _chunk_row(piece: PieceRecord, batch: str | None, quarantine: str | None, now: datetime) -> dict[str, object]:
    return {
        "chunk": piece.digest,
        "feed": piece.feed,
        "file": piece.file,
        "first_line": piece.first_line,
        "read": piece.counts.read,
        "accepted": piece.counts.accepted,
        "duplicate": piece.counts.duplicate,
        "quarantined": piece.counts.quarantined,
        "warnings": orjson.dumps([(one.column, one.reason, one.count) for one in piece.warnings]).decode(),
        "refused": piece.refused,
        "batch": batch,
        "quarantine": quarantine,
        "committed_at": now,
    }


def write_parquet(frame: pl.DataFrame, path: Path) -> int:
    """Write a file so that it is there as a whole or not at all; returns its size in bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    with temporary.open("wb") as handle:
        frame.write_parquet(handle, compression="zstd", compression_level=1)
        handle.flush()
        os.fsync(handle.fileno())
        size = handle.tell()
    temporary.replace(path)
    sync_folder(path.parent)
    return size


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder last through a power cut, where the system can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
