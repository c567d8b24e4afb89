"""A load: files in, accepted rows in the record store, refused ones in quarantine, every row accounted for."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import polars as pl

from graphinv.errors import FeedError, InvalidInput
from graphinv.ingest.accounting import MOST_REFUSED, Accounting, FeedCounts, FeedWarning, RefusedRow
from graphinv.ingest.contents import KnownContents
from graphinv.ingest.mapping import Mapping, read_mapping
from graphinv.ingest.one_ahead import one_ahead
from graphinv.ingest.pieces import BLOCK_BYTES, ParsedPiece
from graphinv.ingest.progress import Progress, Silence
from graphinv.ingest.quarantine import FileQuarantine, known_quarantine
from graphinv.ingest.reading import Reading, make_ready
from graphinv.ingest.record_store import Batch, PieceRecord, RecordStore
from graphinv.ingest.sources import Source, find_sources
from graphinv.ingest.validation import CheckedPiece, check_piece
from graphinv.records import KNOWN_AT, UNDATED
from graphinv.workspace import Workspace

#: Bytes of a file that are read at once where nothing is kept: two pieces or three are in memory.
_LOOKED_AT = BLOCK_BYTES // 4

#: So many batches of so few rows at most, as arrivals make them, are not read again to know what they hold: shipments
#: that give a day without an hour share their time with all others of that day.
_KEPT_BATCHES, _KEPT_ROWS = 1_024, 1_000

#: What was found of pieces of files before they are loaded, by their digests.
CheckedPieces = dict[str, CheckedPiece]


def ingest(
    workspace: Workspace,
    paths: Sequence[Path | str],
    *,
    feed: str | None = None,
    mapping: Path | str | None = None,
    progress: Progress | None = None,
    checked: CheckedPieces | None = None,
) -> Accounting:
    """Read feed files into the workspace's record store.

    Args:
        paths: files, folders (read recursively) and globs.
        feed: read every file as this feed; otherwise the first word of a file's name tells.
        mapping: a mapping file, or the name of a packaged one, for files of a foreign shape.
        progress: told how far the load is.
        checked: what ``checked_pieces`` found of these files already; nothing is tidied up then, so that what a few
            rows cost does not grow with the records.

    Returns:
        What became of every row: read = accepted + duplicate + quarantined, per feed, with warnings.

    Raises:
        FeedError: a path that names nothing, or a named file that is no feed at all; told before anything is stored.
            A file that a folder or pattern brought becomes a warning instead: the others are loaded.
        InvalidInput: no such feed, or a mapping that cannot be used.
        WorkspaceBusy: another load is running.
    """
    readings, skipped = _ready_readings(paths, feed, mapping)
    with workspace.lock("ingest"):
        records = RecordStore(workspace)
        if checked is None:
            records.remove_orphans()
        accounting = Accounting(warnings=skipped)
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="commit") as writer:
            load = _Load(records, progress or Silence(), writer, checked or {})
            named = {Path(one) for one in paths}
            for reading in readings:
                accounting += load.file(reading, named=reading.source.path in named)
            load.settle()
    return accounting


def _not_told(share: float) -> None:
    """Nobody asks how much is read."""


def checked_rows(
    paths: Sequence[Path | str], feed: str, hash_key: bytes, read: Callable[[float], None] = _not_told
) -> Iterator[CheckedPiece]:
    """Read and validate files of one feed without keeping anything: accepted and refused rows, piece by piece.

    ``read`` is told before each piece which share of all bytes of the files it and those before it are, 0 to 1.

    Raises:
        FeedError: a path that names nothing, or a file that is no feed at all.
    """
    readings = make_ready(find_sources(paths, feed).files, None)
    total = sum(reading.source.path.stat().st_size for reading in readings)
    done = 0
    for reading in readings:
        for piece, size in one_ahead(reading.pieces(_LOOKED_AT)):
            done += size
            read(min(done / total, 1.0) if total else 1.0)
            checked = check_piece(piece.parse(), reading.source.feed, hash_key)
            yield replace(checked, file=str(reading.source.path))


def checked_pieces(path: Path, feed: str, hash_key: bytes) -> CheckedPieces:
    """The same of one file, by the digests of its pieces, for a load of it that follows."""
    readings = make_ready(find_sources([path], feed).files, None)
    return {
        piece.digest: check_piece(piece.parse(), reading.source.feed, hash_key)
        for reading in readings
        for piece, _ in reading.pieces()
    }


def _ready_readings(
    paths: Sequence[Path | str], feed: str | None, mapping: Path | str | None
) -> tuple[list[Reading], tuple[FeedWarning, ...]]:
    """The files to read, checked, and warnings of what was skipped."""
    chosen = _mapping_for(feed, mapping)
    sources = find_sources(paths, chosen.feed if chosen else feed)
    files = [one for one in sources.files if chosen is None or chosen.is_main(one.path)]
    named = {Path(one) for one in paths}
    readings = make_ready([one for one in files if one.path in named], chosen)
    warnings = list(sources.warnings)
    for source in files:
        if source.path not in named:
            try:
                readings.extend(make_ready([source], chosen))
            except FeedError as error:
                warnings.append(FeedWarning(source.feed.name, str(source.path), "", f"skipped: {error}"))
    return readings, tuple(warnings)


def _mapping_for(feed: str | None, mapping: Path | str | None) -> Mapping | None:
    if mapping is None:
        return None
    chosen = read_mapping(mapping)
    if feed not in (None, chosen.feed):
        raise InvalidInput(f"the mapping {mapping} makes rows of the feed {chosen.feed}, not of {feed}")
    return chosen


@dataclass
class _FeedState:
    """What a load knows of one feed: contents accepted and rows refused so far.

    Equal content means an equal ``known_at``: batches of other times are not looked at, so that a day's arrivals do
    not need the digests of all the years before.
    """

    workspace: Workspace
    feed: str
    contents: KnownContents
    unread: list[Batch]
    refused: set[str] | None = None

    def new_rows(self, rows: pl.DataFrame) -> npt.NDArray[np.bool_]:
        """Which rows were never accepted before; from now on all are known."""
        known = rows[KNOWN_AT]
        dated = known.filter(known != UNDATED)
        undated = len(dated) < len(known)
        for batch in self.unread[:]:
            if _may_share(batch, dated, undated):
                self.contents.add_new(_contents(batch))
                self.unread.remove(batch)
        return self.contents.add_new(rows["content"])

    def newly_refused(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Which rows were never refused before; from now on all are known. Where none is refused, no file is read."""
        if rows.is_empty():
            return rows
        if self.refused is None:
            self.refused = known_quarantine(self.workspace, self.feed)
        known = self.refused
        fresh = rows.filter(pl.Series([one not in known for one in rows["id"]], dtype=pl.Boolean))
        known.update(fresh["id"])
        return fresh


def _contents(batch: Batch) -> pl.Series:
    """Digests of the rows of a batch."""
    return _kept_contents(batch.path) if batch.rows <= _KEPT_ROWS else _read_contents(batch.path)


@lru_cache(_KEPT_BATCHES)
def _kept_contents(path: Path) -> pl.Series:
    return _read_contents(path)


def _read_contents(path: Path) -> pl.Series:
    return pl.read_parquet(path, columns=["content"])["content"]


def _may_share(batch: Batch, dated: pl.Series, undated: bool) -> bool:
    """Whether a batch may hold rows of the same times."""
    if undated and batch.first_known_at <= UNDATED <= batch.last_known_at:
        return True
    first, last = cast(datetime | None, dated.min()), cast(datetime | None, dated.max())
    return first is not None and last is not None and first <= batch.last_known_at and batch.first_known_at <= last


@dataclass(frozen=True)
class _PreparedPiece:
    """A piece of a file: its record if it was committed before, else its rows. ``again`` reads them where the record
    tells of refused ones."""

    digest: str
    first_line: int
    size: int
    record: PieceRecord | None
    parsed: ParsedPiece | None
    again: Callable[[], ParsedPiece] | None = None

    def rows(self) -> ParsedPiece:
        """The rows of a new piece."""
        assert self.parsed is not None  # noqa: S101 - a piece without a record, not checked before, was parsed
        return self.parsed


class _Load:
    """One running load; keeps what it knows of a feed from file to file."""

    def __init__(self, records: RecordStore, progress: Progress, writer: Executor, checked: CheckedPieces) -> None:
        self.records = records
        self._checked = checked
        self._progress = progress
        self._writer = writer
        self._committing: Future[None] | None = None
        self._entered: dict[str, PieceRecord] = {}
        self._feeds: dict[str, _FeedState] = {}
        self._told = 0  # refused rows that the accounting names
        self._partial = Accounting()  # of the file being read, so that a file cut short is accounted for

    def file(self, reading: Reading, *, named: bool) -> Accounting:
        """Load one file, piece by piece.

        Raises:
            FeedError: a file that was ``named`` cannot be read to its end; one found in a folder becomes a warning,
                so that the others are loaded.
        """
        try:
            return self._file(reading)
        except FeedError as error:
            if named:
                raise
            path = str(reading.source.path)
            warning = FeedWarning(reading.source.feed.name, path, "", f"not read to its end: {error}")
            return self._partial + Accounting(warnings=(warning,))

    def _file(self, reading: Reading) -> Accounting:
        source, feed = reading.source, reading.source.feed.name
        accounting = self._partial = Accounting({feed: FeedCounts()}, reading.warnings)
        quarantine = FileQuarantine(feed, source.path, self.records.workspace.incoming)
        self._progress.start(source.path, source.path.stat().st_size)
        pieces = self._prepared(reading)
        for piece in pieces if self._checked else one_ahead(pieces):
            record = piece.record or self._entered.get(piece.digest)
            told: tuple[RefusedRow, ...] = ()
            if record is not None:
                quarantine.skip(record.refused)
                counts = record.counts.again()
                if piece.again is not None and self._told < MOST_REFUSED:
                    told = self._checked_again(piece.again, source)
            else:
                record, told = self._new_piece(piece, source, quarantine)
                counts = record.counts
            self._told += len(told)
            warnings = tuple(
                FeedWarning(feed, str(source.path), one.column, one.reason, one.count) for one in record.warnings
            )
            accounting += Accounting({feed: counts}, warnings, told)
            self._partial = accounting
            self._progress.advance(counts.read, piece.size)
        self._progress.finish()
        return accounting

    def _prepared(self, reading: Reading) -> Iterator[_PreparedPiece]:
        """The pieces of a file, those that are new already parsed: this part runs ahead in a thread."""
        for piece, size in reading.pieces():
            record = self.records.piece(piece.digest)
            parsed = None if record or piece.digest in self._checked else piece.parse()
            again = piece.parse if record is not None and record.refused else None
            yield _PreparedPiece(piece.digest, piece.first_line, size, record, parsed, again)

    def _checked_again(self, parse: Callable[[], ParsedPiece], source: Source) -> tuple[RefusedRow, ...]:
        """The first refused rows of a piece that was committed before."""
        checked = check_piece(parse(), source.feed, self.records.workspace.hash_key)
        return checked.first_refused(source.feed.name, str(source.path))

    def _new_piece(
        self, piece: _PreparedPiece, source: Source, quarantine: FileQuarantine
    ) -> tuple[PieceRecord, tuple[RefusedRow, ...]]:
        checked = self._checked.get(piece.digest)
        if checked is None:
            checked = check_piece(piece.rows(), source.feed, self.records.workspace.hash_key)
        state = self._state(source.feed.name)
        new = pl.Series(state.new_rows(checked.accepted))
        accepted = checked.accepted if new.all() else checked.accepted.filter(new)
        refused, digests = quarantine.enter(checked.refused)
        fresh = state.newly_refused(refused)
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
        self._commit(record, accepted, fresh)
        return record, checked.first_refused(source.feed.name, str(source.path))

    def _commit(self, record: PieceRecord, accepted: pl.DataFrame, refused: pl.DataFrame) -> None:
        """Commit in the background, one piece at a time and in order, while the next piece is read."""
        self.settle()
        self._entered[record.digest] = record
        self._committing = self._writer.submit(self.records.commit, record, accepted, refused)

    def settle(self) -> None:
        """Wait until everything is committed; raises what went wrong."""
        committing, self._committing = self._committing, None
        if committing is not None:
            committing.result()

    def _state(self, feed: str) -> _FeedState:
        if feed not in self._feeds:
            workspace, batches = self.records.workspace, self.records.batches(feed)
            self._feeds[feed] = _FeedState(workspace, feed, KnownContents(), batches)
        return self._feeds[feed]
