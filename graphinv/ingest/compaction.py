"""Many small batches become one, with the rows and their ids unchanged: a day of arrivals over the API is no thousand
files.

The new file is there before the manifest names it, in one transaction with the leaving of the old ones; those are
removed by the next load, as what no manifest names. Killed at any moment, every row is in exactly one batch.
"""

import hashlib
from collections.abc import Sequence

import polars as pl
from sqlalchemy import delete, update

from graphinv.errors import WorkspaceBusy
from graphinv.ingest.record_store import Batch, RecordStore, write_parquet
from graphinv.records import FEEDS, KNOWN_AT
from graphinv.state import BATCHES, CHUNKS
from graphinv.workspace import Workspace

#: A batch of fewer rows is small; so many small ones of a feed are put together, up to so many rows.
SMALL_ROWS = 20_000
MANY = 32
_TOGETHER_ROWS = 500_000


def compact(workspace: Workspace, up_to: int) -> int:
    """Put small batches of each feed together where there are many; how many there are fewer.

    Only batches up to a ``seq`` are touched: those that graph and index hold. Nothing is done while a load reads files.
    """
    records, fewer = RecordStore(workspace), 0
    try:
        with workspace.lock("ingest"):
            for feed in FEEDS:
                small = [one for one in records.batches(feed) if one.rows < SMALL_ROWS and one.seq <= up_to]
                if len(small) >= MANY:
                    fewer += _put_together(workspace, feed, _first(small))
    except WorkspaceBusy:
        return fewer
    return fewer


def _first(batches: Sequence[Batch]) -> list[Batch]:
    """As many of them as fit in one batch."""
    chosen: list[Batch] = []
    for batch in batches:
        if sum(one.rows for one in chosen) + batch.rows <= _TOGETHER_ROWS:
            chosen.append(batch)
    return chosen


def _put_together(workspace: Workspace, feed: str, batches: Sequence[Batch]) -> int:
    rows = pl.concat(pl.read_parquet(batch.path) for batch in batches)
    digest = hashlib.sha256("".join(rows["content"].to_list()).encode())
    name, last = digest.hexdigest()[:32], batches[-1]
    size = write_parquet(rows, workspace.records / feed / f"{name}.parquet")
    known = rows[KNOWN_AT]
    old = [batch.name for batch in batches]
    values = {
        "batch": name,
        "rows": rows.height,
        "bytes": size,
        "first_known_at": known.min(),
        "last_known_at": known.max(),
    }
    with workspace.engine.begin() as connection:
        connection.execute(delete(BATCHES).where(BATCHES.c.batch.in_(old[:-1])))
        connection.execute(update(BATCHES).where(BATCHES.c.seq == last.seq).values(values))
        connection.execute(update(CHUNKS).where(CHUNKS.c.batch.in_(old)).values(batch=name))
    return len(batches) - 1
