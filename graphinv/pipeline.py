"""The one file that knows the order of the steps: feeds -> records -> prepared rows -> graph -> index.

Every step after the records is a projection: it can be made again from them, and it is resumable on its own. So a load
that was killed anywhere goes on with the next ``bring_up_to_date``.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter

import polars as pl

from graphinv.ingest import Accounting, Batch, RecordStore, ingest
from graphinv.ingest import Progress as ReadProgress
from graphinv.links.evidence import build
from graphinv.links.index import IndexMeta, LinkIndex, current_epoch, in_memory, open_index, write_index
from graphinv.load.apply import Applied, Watch, apply_pending, forget_graph
from graphinv.load.evidence import evidence_tables
from graphinv.load.generations import drop_generations, write_generation
from graphinv.load.progress import Pending, Progress, read_progress, write_progress
from graphinv.load.tables import GraphTables, clock_of, graph_tables
from graphinv.load.verify import Verification, verify
from graphinv.records import FEEDS
from graphinv.resolve.identities import PreparedRecords, identify
from graphinv.resolve.prepare import PREPARED_VERSION, prepare
from graphinv.resolve.same_as import entities, same_as
from graphinv.settings import Settings
from graphinv.store import Store
from graphinv.workspace import Workspace

#: Feeds that tell what happened once: only their newest version counts. The others register a party, and what a
#: registration once said stays evidence after it was changed.
_EVENTS = frozenset({"shipments", "seizures", "inspections", "watchlist", "trusted"})


@dataclass(frozen=True)
class Loaded:
    """What a load did. ``index`` is None while the workspace holds no records."""

    accounting: Accounting
    applied: Applied
    index: IndexMeta | None
    seconds: float


def load(
    workspace: Workspace,
    settings: Settings,
    store: Store,
    paths: Sequence[Path | str],
    *,
    feed: str | None = None,
    mapping: Path | str | None = None,
    reading: ReadProgress | None = None,
    writing: Watch | None = None,
) -> Loaded:
    """Read feeds into the records, then bring the graph and the index up to date with them."""
    began = perf_counter()
    with workspace.lock("load"):
        accounting = ingest(workspace, paths, feed=feed, mapping=mapping, progress=reading)
        applied, meta = bring_up_to_date(workspace, settings, store, writing)
    return Loaded(accounting, applied, meta, perf_counter() - began)


def bring_up_to_date(
    workspace: Workspace, settings: Settings, store: Store, watch: Watch | None = None
) -> tuple[Applied, IndexMeta | None]:
    """Load what the store and the index lack; nothing to do costs nothing."""
    name = graph_name(settings)
    resumed = apply_pending(workspace, store, name, watch)
    records = RecordStore(workspace)
    newest = records.newest_seq()
    progress = read_progress(workspace, name)
    if progress.applied is not None and progress.batch_seq >= newest and current_epoch(workspace.index) is not None:
        return resumed, None
    if newest == 0:
        return resumed, None
    prepared = identify(prepared_records(workspace, records))
    clock = clock_of(prepared)
    if clock is None:
        return resumed, None
    graph = graph_tables(prepared, clock)
    generation = _next_generation(workspace.projection)
    write_generation(workspace.projection, generation, graph)
    write_progress(workspace, name, Progress(progress.applied, progress.batch_seq, Pending(generation, newest)))
    applied = apply_pending(workspace, store, name, watch)
    meta = write_index(workspace.index, build(evidence_tables(prepared, graph, clock)), generation)
    return _sum(resumed, applied), meta


def rebuild(
    workspace: Workspace, settings: Settings, store: Store, watch: Watch | None = None
) -> tuple[Applied, IndexMeta | None]:
    """Make graph and index from the records alone, as if nothing but them were there."""
    with workspace.lock("load"):
        forget_graph(workspace, store, graph_name(settings))
        drop_generations(workspace.projection, keep=set())
        return bring_up_to_date(workspace, settings, store, watch)


def verify_workspace(workspace: Workspace, store: Store) -> Verification:
    """Compare the store with what the records claim now."""
    records = RecordStore(workspace)
    identified = identify(prepared_records(workspace, records))
    clock = clock_of(identified)
    accepted = [(feed, records.scan(feed).collect()) for feed in FEEDS]
    wanted = GraphTables(nodes={}, edges={}) if clock is None else graph_tables(identified, clock)
    return verify(accepted, wanted, store)


def index_as_of(workspace: Workspace, as_of: datetime) -> LinkIndex | None:
    """The index that a workspace loaded only up to that moment would have; None when nothing was known by then.

    It is built in memory from all records known by then, which costs as much as a load's last step.
    """
    identified = identify(prepared_records(workspace, RecordStore(workspace), as_of))
    clock = clock_of(identified)
    if clock is None:
        return None
    graph = graph_tables(identified, clock)
    return in_memory(build(evidence_tables(identified, graph, clock)), current_epoch(workspace.index) or 0)


def entity_of_records(workspace: Workspace) -> pl.DataFrame:
    """(record_id, entity_id), sorted: which party every importer, seller, consignee and shipper record belongs to."""
    identified = identify(prepared_records(workspace, RecordStore(workspace)))
    shipments = identified.shipments
    roles = (
        identified.importers.select("record_id", "uid"),
        identified.sellers.select("record_id", "uid"),
        shipments.select(pl.col("record_id") + "#consignee", pl.col("importer_uid").alias("uid")),
        shipments.select(pl.col("record_id") + "#shipper", pl.col("shipper_uid").alias("uid")),
    )
    named = pl.concat(roles).drop_nulls("uid")
    entity = entities(named["uid"], same_as(identified))
    return (
        named.join(entity, on="uid").select("record_id", pl.col("entity").alias("entity_id")).unique().sort("record_id")
    )


def open_current_index(workspace: Workspace) -> LinkIndex:
    """The newest index, memory-mapped."""
    return open_index(workspace.index)


def graph_name(settings: Settings) -> str:
    """Which graph's progress is meant: the embedded store's, or that of one Neo4j database."""
    return f"graph {settings.neo4j.uri} {settings.neo4j.database}"[:64] if settings.neo4j else "graph embedded"


def prepared_records(workspace: Workspace, records: RecordStore, as_of: datetime | None = None) -> PreparedRecords:
    """Prepared rows of all feeds as of a moment: all versions of registrations, the newest of events."""
    frames = {feed: _prepared_feed(workspace, records, feed, as_of) for feed in FEEDS}
    return PreparedRecords(**frames)


def _prepared_feed(workspace: Workspace, records: RecordStore, feed: str, as_of: datetime | None) -> pl.DataFrame:
    folder = workspace.projection / f"prepared-{PREPARED_VERSION}" / feed
    folder.mkdir(parents=True, exist_ok=True)
    parts = [_prepared_batch(folder, records, batch, workspace.hash_key) for batch in records.batches(feed)]
    empty = prepare(feed, records.scan(feed).limit(0).collect(), workspace.hash_key)
    rows = pl.concat([empty, *(pl.read_parquet(part) for part in parts)])
    known = rows if as_of is None else rows.filter(pl.col("known_at") <= as_of)
    if feed not in _EVENTS:
        return known
    return known.sort("known_at", "content").unique("record_id", keep="last", maintain_order=True)


def _prepared_batch(folder: Path, records: RecordStore, batch: Batch, hash_key: bytes) -> Path:
    path = folder / f"{batch.name}.parquet"
    if not path.exists():
        temporary = folder / f".{batch.name}.{os.getpid()}"
        rows = prepare(batch.feed, records.read(batch), hash_key)
        rows.write_parquet(temporary, compression="zstd", compression_level=1)
        temporary.replace(path)
    return path


def _next_generation(folder: Path) -> int:
    return max((int(path.name) for path in folder.iterdir() if path.name.isdigit()), default=0) + 1


def _sum(one: Applied, other: Applied) -> Applied:
    return Applied(one.nodes + other.nodes, one.relationships + other.relationships, one.removed + other.removed)
