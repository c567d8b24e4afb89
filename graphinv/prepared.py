"""The prepared rows of the record store's batches, kept in ``projection/prepared-<version>/<feed>/<batch>.parquet``.

They are made once a batch: when the batch is loaded, or by whoever asks first. A batch never changes, so neither does
its file; a file is there whole or not at all.
"""

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from pathlib import Path

import polars as pl

from graphinv.ingest import Batch, RecordStore
from graphinv.ingest.record_store import no_records, rows_accepted
from graphinv.prepare_process import Job, prepare_into, preparing, processes_for
from graphinv.records import FEEDS
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.prepare import PREPARED_VERSION, prepare
from graphinv.resolve.statuses import as_they_stood, newest_seizures
from graphinv.resolve.versions import newest
from graphinv.workspace import Workspace

#: Feeds that tell what happened once: only their newest version counts. The others register a party, and what a
#: registration once said stays evidence after it was changed.
_EVENTS = frozenset({"shipments", "seizures", "inspections", "watchlist", "trusted"})

_FOLDER = f"prepared-{PREPARED_VERSION}"
#: A draft this old was left by a process that was killed.
_ABANDONED_S = 3600.0
#: So many rows are prepared together: more save work on values that come back, and take memory.
_ROWS_AT_ONCE = 125_000


def prepared_records(workspace: Workspace, as_of: datetime | None = None) -> PreparedRecords:
    """Prepared rows of all feeds as of a moment: all versions of registrations, the newest of events."""
    records = RecordStore(workspace)
    return PreparedRecords(**{feed: _feed(workspace, records, feed, as_of) for feed in FEEDS})


def batch_rows(workspace: Workspace, batch: Batch, accepted: pl.DataFrame | None = None) -> pl.DataFrame:
    """Prepared rows of one batch, outdated versions too.

    ``accepted`` are rows that were just recorded: where they are those of the batch, its file is not read.
    """
    path = _path(workspace, batch)
    if path.exists():
        return pl.read_parquet(path)
    if accepted is not None and (rows := rows_accepted(batch, accepted)) is not None:
        return prepare_into(path, batch.feed, rows, workspace.hash_key)
    return Job(batch.feed, (batch.path,), (path,)).run(workspace.hash_key)


def feed_rows(workspace: Workspace, feed: str) -> pl.DataFrame:
    """Prepared rows of one feed: all versions of registrations, the newest of events."""
    return _feed(workspace, RecordStore(workspace), feed, None)


def scan_rows(workspace: Workspace, feed: str, newest: int) -> pl.LazyFrame:
    """Prepared rows of one feed in every version, of the batches up to a ``seq``: for who wants few of them."""
    batches = [batch for batch in RecordStore(workspace).batches(feed) if batch.seq <= newest]
    return pl.scan_parquet(_prepared(workspace, batches)) if batches else _columns(feed).lazy()


def no_rows(workspace: Workspace) -> PreparedRecords:
    """The columns of every feed without a row."""
    return PreparedRecords(**{feed: _rows(workspace, feed, ()) for feed in FEEDS})


def every_version(workspace: Workspace) -> PreparedRecords:
    """Prepared rows of all feeds, outdated versions too."""
    records = RecordStore(workspace)
    return PreparedRecords(**{feed: _rows(workspace, feed, records.batches(feed)) for feed in FEEDS})


def known_by(records: PreparedRecords, moment: datetime) -> PreparedRecords:
    """What of rows in every version was known by a moment: all registrations, the newest of events."""
    return PreparedRecords(**{feed: _current(feed, getattr(records, feed), moment) for feed in FEEDS})


def drop_prepared(workspace: Workspace, *, all_of_them: bool = False) -> None:
    """Remove what nobody reads any more: rows prepared by other versions, drafts of killed processes."""
    for folder in workspace.projection.glob("prepared-*"):
        if all_of_them or folder.name != _FOLDER:
            shutil.rmtree(folder, ignore_errors=True)
    for draft in (workspace.projection / _FOLDER).glob("*/.*"):
        if time.time() - draft.stat().st_mtime > _ABANDONED_S:
            draft.unlink(missing_ok=True)


def _feed(workspace: Workspace, records: RecordStore, feed: str, as_of: datetime | None) -> pl.DataFrame:
    batches = [batch for batch in records.batches(feed) if as_of is None or batch.first_known_at <= as_of]
    return _current(feed, _rows(workspace, feed, batches), as_of)


def _rows(workspace: Workspace, feed: str, batches: Sequence[Batch]) -> pl.DataFrame:
    """In one piece a column: rows whose columns come in pieces of different lengths are copied at every step."""
    rows = [pl.read_parquet(path) for path in _prepared(workspace, batches)]
    return pl.concat([_columns(feed), *rows], rechunk=True)


@cache
def _columns(feed: str) -> pl.DataFrame:
    """The prepared columns of a feed without a row; kept, since normalising nothing takes as long as a few rows."""
    return prepare(feed, no_records(feed), b"")


def _current(feed: str, rows: pl.DataFrame, as_of: datetime | None) -> pl.DataFrame:
    known = rows if as_of is None else rows.filter(pl.col("known_at") <= as_of)
    if feed == "seizures" and as_of is not None:
        known = as_they_stood(known, as_of)
    if feed not in _EVENTS or known["record_id"].n_unique() == len(known):
        return known  # mostly nothing is told twice, and to see that is cheap
    return newest_seizures(known) if feed == "seizures" else newest(known, "record_id")


def _prepared(workspace: Workspace, batches: Sequence[Batch]) -> list[Path]:
    """The files of batches of one feed; those that are not there are made, several batches at a time."""
    paths = {batch: _path(workspace, batch) for batch in batches}
    _make({batch: path for batch, path in paths.items() if not path.exists()}, workspace.hash_key)
    return list(paths.values())


def _path(workspace: Workspace, batch: Batch) -> Path:
    return workspace.projection / _FOLDER / batch.feed / f"{batch.name}.parquet"


def _make(missing: Mapping[Batch, Path], hash_key: bytes) -> None:
    """Prepare batches, several at a time, in several processes where there is much to do."""
    total = sum(batch.rows for batch in missing)
    processes = processes_for(total)
    groups = _grouped(list(missing), min(_ROWS_AT_ONCE, -(-total // processes)))
    jobs = [Job(group[0].feed, tuple(b.path for b in group), tuple(missing[b] for b in group)) for group in groups]
    with preparing(processes, hash_key) as do, ThreadPoolExecutor(processes) as threads:
        for done in [threads.submit(do, job) for job in jobs]:
            done.result()


def _grouped(batches: Sequence[Batch], rows: int) -> Iterator[list[Batch]]:
    """Batches in their order, so many together as have about so many rows: parties come back from month to month, and
    each of their names and addresses is worked on once a group."""
    group: list[Batch] = []
    for batch in batches:
        if group and sum(one.rows for one in group) + batch.rows > rows:
            yield group
            group = []
        group.append(batch)
    if group:
        yield group
