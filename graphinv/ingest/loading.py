"""A load: files in, accepted rows in the record store, refused ones in quarantine, every row accounted for."""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import polars as pl

from graphinv.errors import FeedError
from graphinv.ingest.accounting import Accounting, FeedCounts, FeedWarning
from graphinv.ingest.contents import KnownContents
from graphinv.ingest.csv_reader import CsvHeader, read_csv, read_header
from graphinv.ingest.json_reader import read_json_lines
from graphinv.ingest.parquet_reader import parquet_names, read_parquet
from graphinv.ingest.pieces import Piece
from graphinv.ingest.progress import Progress, Silence
from graphinv.ingest.quarantine import FileQuarantine, known_quarantine
from graphinv.ingest.read_ahead import read_ahead
from graphinv.ingest.record_store import PieceRecord, RecordStore
from graphinv.ingest.sources import FileFormat, Source, find_sources
from graphinv.ingest.validation import CheckedPiece, check_piece
from graphinv.workspace import Workspace

_DAMAGED_ARCHIVE = (EOFError, gzip.BadGzipFile, zlib.error)


def ingest(
    workspace: Workspace,
    paths: Sequence[Path | str],
    *,
    feed: str | None = None,
    mapping: Path | str | None = None,
    progress: Progress | None = None,
) -> Accounting:
    """Read feed files into the workspace's record store.

    Args:
        paths: files, folders (read recursively) and globs.
        feed: read every file as this feed; otherwise the first word of a file's name tells.
        mapping: a mapping file, or the name of a packaged one, for files of a foreign shape.
        progress: told how far the load is.

    Returns:
        What became of every row: read = accepted + duplicate + quarantined, per feed, with warnings.

    Raises:
        FeedError: a path that names nothing, or a file that is no feed at all; told before anything is stored.
        InvalidInput: no such feed.
        WorkspaceBusy: another load is running.
    """
    sources = find_sources(paths, feed)
    headers = _check_headers(sources.files)
    with workspace.lock("ingest"):
        records = RecordStore(workspace)
        records.remove_orphans()
        accounting = Accounting(warnings=sources.warnings)
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="commit") as writer:
            load = _Load(records, progress or Silence(), writer)
            for source in sources.files:
                accounting += load.file(source, headers.get(source.path))
            load.settle()
    return accounting


def checked_rows(paths: Sequence[Path | str], feed: str, hash_key: bytes) -> Iterator[CheckedPiece]:
    """Read and validate files of one feed without keeping anything: accepted and refused rows, piece by piece.

    Raises:
        FeedError: a path that names nothing, or a file that is no feed at all.
    """
    sources = find_sources(paths, feed)
    headers = _check_headers(sources.files)
    for source in sources.files:
        for piece, _ in read_ahead(_pieces(source, headers.get(source.path))):
            yield check_piece(piece.parse(), source.feed, hash_key)


def _check_headers(files: Sequence[Source]) -> dict[Path, CsvHeader]:
    """The headers of all CSV files; a file that cannot be one of its feed is told before anything is read."""
    headers: dict[Path, CsvHeader] = {}
    for source in files:
        names: tuple[str, ...] | None = None
        if source.format is FileFormat.PARQUET:
            names = tuple(name.strip().lower() for name in parquet_names(source.path))
        elif source.format is FileFormat.CSV:
            with _opened(source) as (stream, _):
                header = read_header(stream)
            if header is not None:
                headers[source.path], names = header, header.names
        if names is not None and not set(names) & {column.name for column in source.feed.all_columns}:
            raise FeedError(
                f"{source.path}: its first line names no column of the feed {source.feed.name}; it needs a header with "
                f"comma-separated names ({', '.join(source.feed.required)}, ...), or a --mapping for its shape"
            )
    return headers


@contextmanager
def _opened(source: Source) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """The (unzipped) bytes of a file, and the file as it lies on disk."""
    try:
        with source.path.open("rb") as raw:
            yield (cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if source.gzipped else raw), raw
    except _DAMAGED_ARCHIVE as error:
        raise FeedError(
            f"{source.path}: the archive is damaged or cut short ({error}); the rows before that are loaded; "
            "get the file again and load it"
        ) from error
    except OSError as error:
        raise FeedError(f"{source.path} cannot be read: {error.strerror or error}") from error


@dataclass
class _FeedState:
    """What a load knows of one feed: contents accepted and rows refused so far."""

    contents: KnownContents
    refused: set[str]


class _Load:
    """One running load; keeps what it knows of a feed from file to file."""

    def __init__(self, records: RecordStore, progress: Progress, writer: Executor) -> None:
        self.records = records
        self._progress = progress
        self._writer = writer
        self._committing: tuple[PieceRecord, Future[None]] | None = None
        self._feeds: dict[str, _FeedState] = {}

    def file(self, source: Source, header: CsvHeader | None) -> Accounting:
        """Load one file, piece by piece."""
        feed = source.feed.name
        accounting = Accounting({feed: FeedCounts()})
        quarantine = FileQuarantine(feed, source.path)
        self._progress.start(source.path, source.path.stat().st_size)
        for piece, size in read_ahead(_pieces(source, header)):
            record = self._known_piece(piece.digest)
            if record is not None:
                quarantine.skip(record.refused)
                counts = record.counts.again()
            else:
                record = self._new_piece(piece, source, quarantine)
                counts = record.counts
            warnings = tuple(
                FeedWarning(feed, str(source.path), one.column, one.reason, one.count) for one in record.warnings
            )
            accounting += Accounting({feed: counts}, warnings)
            self._progress.advance(counts.read, size)
        self._progress.finish()
        if source.format is FileFormat.CSV and header is None:
            accounting += Accounting(warnings=(FeedWarning(feed, str(source.path), "", "empty file"),))
        return accounting

    def _new_piece(self, piece: Piece, source: Source, quarantine: FileQuarantine) -> PieceRecord:
        checked = check_piece(piece.parse(), source.feed, self.records.workspace.hash_key)
        state = self._state(source.feed.name)
        new = pl.Series(state.contents.add_new(checked.accepted["content"]))
        accepted = checked.accepted if new.all() else checked.accepted.filter(new)
        refused, digests = quarantine.enter(checked.refused)
        fresh = refused.filter(~pl.col("id").is_in(list(state.refused)))
        record = PieceRecord(
            digest=piece.digest,
            feed=source.feed.name,
            file=str(source.path),
            first_line=piece.first_line,
            counts=FeedCounts(
                checked.read, accepted.height, checked.accepted.height - accepted.height, checked.refused.height
            ),
            warnings=checked.warnings,
            refused=digests,
        )
        state.refused.update(fresh["id"])
        self._commit(record, accepted, fresh)
        return record

    def _known_piece(self, digest: str) -> PieceRecord | None:
        """A piece committed before, or about to be."""
        if self._committing is not None and self._committing[0].digest == digest:
            return self._committing[0]
        return self.records.piece(digest)

    def _commit(self, record: PieceRecord, accepted: pl.DataFrame, refused: pl.DataFrame) -> None:
        """Commit in the background, one piece at a time and in order, while the next piece is read."""
        self.settle()
        self._committing = record, self._writer.submit(self.records.commit, record, accepted, refused)

    def settle(self) -> None:
        """Wait until everything is committed; raises what went wrong."""
        committing, self._committing = self._committing, None
        if committing is not None:
            committing[1].result()

    def _state(self, feed: str) -> _FeedState:
        if feed not in self._feeds:
            known = self.records.known_contents(feed)
            self._feeds[feed] = _FeedState(known, known_quarantine(self.records.workspace, feed))
        return self._feeds[feed]


def _pieces(source: Source, header: CsvHeader | None) -> Iterator[tuple[Piece, int]]:
    """Pieces of a file, each with how many bytes of the file on disk it took."""
    salt = source.feed.name
    if source.format is FileFormat.PARQUET:
        for piece in read_parquet(source.path, salt):
            yield piece, piece.size
        return
    with _opened(source) as (stream, raw):
        done = 0
        if source.format is FileFormat.JSON_LINES:
            pieces = read_json_lines(stream, salt)
        elif header is None:
            return
        else:
            pieces = read_csv(stream, header, salt)
        for piece in pieces:
            position = raw.tell()
            yield piece, position - done
            done = position
