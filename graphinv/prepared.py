"""The prepared rows of the record store's batches, kept in ``projection/prepared-<version>/<feed>/<batch>.parquet``.

They are made once a batch: when the batch is loaded, or by whoever asks first. A batch never changes, so neither does
its file; a file is there whole or not at all.
"""

import os
import secrets
import shutil
import time
from datetime import datetime
from pathlib import Path

import polars as pl

from graphinv.ingest import Batch, RecordStore
from graphinv.records import FEEDS
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.prepare import PREPARED_VERSION, prepare
from graphinv.resolve.versions import newest
from graphinv.workspace import Workspace

#: Feeds that tell what happened once: only their newest version counts. The others register a party, and what a
#: registration once said stays evidence after it was changed.
_EVENTS = frozenset({"shipments", "seizures", "inspections", "watchlist", "trusted"})

_FOLDER = f"prepared-{PREPARED_VERSION}"
#: A draft this old was left by a process that was killed.
_ABANDONED_S = 3600.0


def prepared_records(workspace: Workspace, as_of: datetime | None = None) -> PreparedRecords:
    """Prepared rows of all feeds as of a moment: all versions of registrations, the newest of events."""
    records = RecordStore(workspace)
    return PreparedRecords(**{feed: _feed(workspace, records, feed, as_of) for feed in FEEDS})


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
    paths = [_batch(workspace, records, batch) for batch in batches]
    empty = prepare(feed, records.scan(feed).limit(0).collect(), workspace.hash_key)
    rows = pl.concat([empty, *(pl.read_parquet(path) for path in paths)])
    known = rows if as_of is None else rows.filter(pl.col("known_at") <= as_of)
    return newest(known, "record_id") if feed in _EVENTS else known


def _batch(workspace: Workspace, records: RecordStore, batch: Batch) -> Path:
    """The file of one batch, made if it is not there."""
    folder = workspace.projection / _FOLDER / batch.feed
    path = folder / f"{batch.name}.parquet"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{batch.name}.{os.getpid()}.{secrets.token_hex(4)}"
        rows = prepare(batch.feed, records.read(batch), workspace.hash_key)
        rows.write_parquet(draft, compression="zstd", compression_level=1)
        draft.replace(path)
    return path
