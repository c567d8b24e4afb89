"""The one file that knows the order of the steps: feeds -> records -> prepared rows -> graph -> index -> alerts.

Every step after the records is a projection: it can be made again from them, and it is resumable on its own. So a load
that was killed anywhere goes on with the next ``bring_up_to_date``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import perf_counter

import polars as pl

from graphinv.alerting.alert import Examined
from graphinv.alerting.examine import examine, is_examined
from graphinv.clusters.kept import FOLDER as CLUSTERS
from graphinv.clusters.making import renew_clusters
from graphinv.errors import WorkspaceError
from graphinv.ingest import Accounting, RecordStore, ingest, journal
from graphinv.ingest import Progress as ReadProgress
from graphinv.ingest.compaction import compact
from graphinv.known import held
from graphinv.learning import forget_learning, learned_model, model_as_of
from graphinv.links.evidence import EvidenceGraph, build
from graphinv.links.index import IndexMeta, LinkIndex, current_epoch, in_memory, model_id, open_index, write_index
from graphinv.links.ledger import Ledger, ledger
from graphinv.links.score_model import ScoreModel
from graphinv.links.scoring import Scoring, scoring
from graphinv.load.apply import Applied, Watch, apply_pending
from graphinv.load.claims import ClaimingRows
from graphinv.load.evidence import FixedEvidence, evidence_tables, fixed_evidence
from graphinv.load.generations import drop_generations, read_generation, write_generation
from graphinv.load.ownership import claim_store, start_filling
from graphinv.load.progress import Pending, graph_name, read_progress, write_progress
from graphinv.load.tables import (
    GRAPH_VERSION,
    ClaimedTables,
    GraphTables,
    claimed_tables,
    clock_of,
    concluded_tables,
    graph_tables,
    stand_as_parties,
)
from graphinv.load.verify import Verification, verify
from graphinv.past import PastIndexes, forget_past
from graphinv.prepared import drop_prepared, prepared_records
from graphinv.records import FEEDS
from graphinv.resolve.identities import PreparedRecords, Registry, identify, registry_of
from graphinv.resolve.judgements import JudgementStore
from graphinv.resolve.prepare import PREPARED_VERSION
from graphinv.resolve.resolution import Resolution
from graphinv.resolve.same_as import concluded
from graphinv.resolving import Onward, forget_resolution, kept_conclusions, resolve_as_of, resolve_workspace
from graphinv.settings import Settings
from graphinv.store import Store
from graphinv.threads import side_by_side
from graphinv.workspace import Workspace


@dataclass(frozen=True)
class Loaded:
    """What a load did. ``index`` is None where nothing was new, ``alerts`` where they knew all.
    ``waited`` counts records that came before it, over the API, and are in graph and index since."""

    accounting: Accounting
    applied: Applied
    index: IndexMeta | None
    seconds: float
    alerts: Examined | None = None
    waited: int = 0


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
        journal.roll(workspace)
        waited = _came_since_the_index(workspace, settings) - sum(one.accepted for one in accounting.feeds.values())
        applied, meta, examined = _bring(workspace, settings, store, writing)
    return Loaded(accounting, applied, meta, perf_counter() - began, examined, max(waited, 0))


def _came_since_the_index(workspace: Workspace, settings: Settings) -> int:
    """How many records came since the newest index was made; where there is none, since the graph was."""
    meta, records = _index_meta(workspace), RecordStore(workspace)
    held = read_progress(workspace, graph_name(settings)).batch_seq if meta is None else meta.records
    return sum(batch.rows for feed in FEEDS for batch in records.batches(feed, held))


def bring_up_to_date(
    workspace: Workspace, settings: Settings, store: Store, watch: Watch | None = None
) -> tuple[Applied, IndexMeta | None]:
    """Bring graph, index and alerts up to date with the records; nothing is written where they are.

    Killed at any moment, the next call goes on: graph, index and alerts each say how far they are.
    """
    applied, meta, _ = _bring(workspace, settings, store, watch)
    return applied, meta


def _bring(
    workspace: Workspace, settings: Settings, store: Store, watch: Watch | None
) -> tuple[Applied, IndexMeta | None, Examined | None]:
    """What arrived over the API becomes records; then graph, index and alerts; then small batches are put together."""
    journal.roll(workspace)
    applied, meta = _project(workspace, settings, store, watch)
    examined = examine_index(workspace, settings)
    compact(workspace, read_progress(workspace, graph_name(settings)).batch_seq)
    return applied, meta, examined


def examine_index(workspace: Workspace, settings: Settings) -> Examined | None:
    """Raise alerts of what is new in the index; None where there is none, or where it was examined already."""
    meta = _index_meta(workspace)
    if meta is None:
        return None
    if is_examined(workspace, meta):
        return None
    applied = read_progress(workspace, graph_name(settings)).applied
    matches = read_generation(workspace.projection, applied).edges["MATCHES"]
    return examine(workspace, open_index(workspace.index), matches)


def _project(
    workspace: Workspace, settings: Settings, store: Store, watch: Watch | None
) -> tuple[Applied, IndexMeta | None]:
    newest = RecordStore(workspace).newest_seq()
    if newest == 0:
        return Applied(), None
    name = graph_name(settings)
    claim_store(workspace, store, name)
    applied = apply_pending(workspace, store, name, watch)
    progress = read_progress(workspace, name)
    judged = JudgementStore(workspace).revision()
    maker = f"{PREPARED_VERSION}.{GRAPH_VERSION}.{judged}"
    graph_is_current = progress.applied is not None and progress.batch_seq >= newest and progress.maker == maker
    meta = _index_meta(workspace)
    if graph_is_current and meta is not None and meta.records >= newest and meta.judged == judged:
        return applied, None
    drop_prepared(workspace)
    prepared = prepared_records(workspace)
    registry = registry_of(prepared)
    identified = identify(prepared, registry)
    del prepared
    clock = clock_of(identified)
    if clock is None:
        return applied, None
    claimed, resolution = claimed_and_resolved(identified, clock, lambda: resolve_workspace(workspace, identified))
    graph = graph_tables(identified, concluded(identified, resolution, claimed.tables.behind), clock, claimed.tables)
    if not graph_is_current:
        pending = Pending(write_generation(workspace.projection, stand_as_parties(graph)), newest)
        write_progress(workspace, name, replace(progress, pending=pending, maker=maker))
        applied += apply_pending(workspace, store, name, watch)
    evidence = build(evidence_tables(identified, graph, clock, claimed.fixed))
    del claimed, graph  # what is learned takes memory of its own
    renew_clusters(workspace.root / CLUSTERS, evidence, identified)
    model = learned_model(workspace, identified, _indexes_onward(workspace))
    kept, scored = kept_and_scored(identified, registry, evidence, clock)
    there = held(workspace, newest, clock, judged)
    scored = scored.with_model(model)
    meta = write_index(workspace.index, evidence, resolution, newest, judged, scored, kept, there)
    PastIndexes(workspace, write_index_as_of).make_room()
    return applied, meta


def rebuild(
    workspace: Workspace, settings: Settings, store: Store, watch: Watch | None = None
) -> tuple[Applied, IndexMeta | None]:
    """Make graph and index from the records alone, as if nothing but them were there."""
    with workspace.lock("load"):
        name = graph_name(settings)
        claim_store(workspace, store, name)  # refuses a graph that is none of ours
        progress = start_filling(workspace, store, name)
        write_progress(workspace, name, replace(progress, pending=None))
        drop_generations(workspace.projection, keep=set())
        drop_prepared(workspace, all_of_them=True)
        forget_resolution(workspace)
        forget_learning(workspace)
        forget_past(workspace)
        return bring_up_to_date(workspace, settings, store, watch)


def verify_workspace(workspace: Workspace, store: Store) -> Verification:
    """Compare the store with what the records claim now."""
    records = RecordStore(workspace)
    identified = identify(prepared_records(workspace))
    clock = clock_of(identified)
    accepted = ((feed, records.scan(feed).collect()) for feed in sorted(FEEDS))
    wanted = GraphTables(nodes={}, edges={})
    if clock is not None:
        wanted = stand_as_parties(graph_tables(identified, kept_conclusions(workspace, identified), clock))
    return verify(accepted, wanted, store)


def write_index_as_of(workspace: Workspace, as_of: datetime, folder: Path) -> bool:
    """Write the index that a workspace loaded only up to that moment would have into a folder of its own; False when
    nothing was known by then.

    It is built from all records known by then, which costs as much as a load's last step. Its scores are by what was
    learned from the outcomes of then.
    """
    identified = identify(prepared_records(workspace, as_of))
    clock = clock_of(identified)
    if clock is None:
        return False
    resolution = resolve_as_of(workspace, identified, as_of)
    model = model_as_of(workspace, identified, as_of, _indexes_onward(workspace))
    made = parts_of(identified, resolution, clock, model)
    write_index(folder, made.evidence, resolution, 0, scoring=made.scoring)
    return True


def _indexes_onward(workspace: Workspace) -> Callable[[datetime], LinkIndex | None]:
    """Gives the indexes of past moments in rising order, without a model: what models learn from."""
    onward = Onward(workspace)

    def index_at(as_of: datetime) -> LinkIndex | None:
        identified = identify(prepared_records(workspace, as_of))
        clock = clock_of(identified)
        if clock is None:
            return None
        return index_of(identified, onward.resolve(identified, as_of), clock, current_epoch(workspace.index) or 0, None)

    return index_at


def index_of(
    identified: PreparedRecords, resolution: Resolution, clock: datetime, epoch: int, model: ScoreModel | None
) -> LinkIndex:
    """An index in memory of identified records as they were resolved."""
    made = parts_of(identified, resolution, clock, model)
    return in_memory(made.evidence, resolution, epoch, made.scoring)


@dataclass(frozen=True)
class IndexParts:
    """What an index is made of besides the resolution, in memory or on disk."""

    evidence: EvidenceGraph
    scoring: Scoring


def parts_of(
    identified: PreparedRecords, resolution: Resolution, clock: datetime, model: ScoreModel | None
) -> IndexParts:
    """Evidence and scores of identified records as they were resolved, without the graph's shipments."""
    evidence = evidence_of(identified, resolution, clock, _claimed(identified, clock))
    return IndexParts(evidence, scoring(identified, evidence, clock).with_model(model))


@dataclass(frozen=True)
class Claimed:
    """What identified records claim by themselves, before any two of their parties are found to be one."""

    tables: ClaimedTables
    fixed: FixedEvidence


def claimed_and_resolved(
    identified: PreparedRecords, clock: datetime, resolve: Callable[[], Resolution]
) -> tuple[Claimed, Resolution]:
    """What records claim, and what ``resolve`` finds of who is who: neither needs the other."""
    return side_by_side(lambda: _claimed(identified, clock), resolve)


def evidence_of(
    identified: PreparedRecords, resolution: Resolution, clock: datetime, claimed: Claimed
) -> EvidenceGraph:
    """The evidence of what was claimed and concluded, without the graph's shipments."""
    graph = concluded_tables(claimed.tables, concluded(identified, resolution, claimed.tables.behind))
    return build(evidence_tables(identified, graph, clock, claimed.fixed))


def kept_and_scored(
    identified: PreparedRecords, registry: Registry, evidence: EvidenceGraph, clock: datetime
) -> tuple[Ledger, Scoring]:
    """What later batches are worked in by, and what scores rest on, without a model; ``registry`` is that of the
    records."""
    return side_by_side(
        lambda: ledger(identified, registry.shared_buildings, evidence.nodes),
        lambda: scoring(identified, evidence, clock),
    )


def _claimed(identified: PreparedRecords, clock: datetime) -> Claimed:
    rows = ClaimingRows.of(identified)
    fixed = fixed_evidence(identified, rows.shipments)
    tables = claimed_tables(identified, clock, rows)
    anew = ClaimingRows.of(identified)  # without the codes of so many columns, which take memory
    return Claimed(replace(tables, rows=anew), fixed)


def entity_of_records(workspace: Workspace) -> pl.DataFrame:
    """(record_id, entity_id), sorted: which party every importer, seller, consignee and shipper record belongs to."""
    identified = identify(prepared_records(workspace))
    shipments = identified.shipments
    roles = (
        identified.importers.select("record_id", "uid"),
        identified.sellers.select("record_id", "uid"),
        shipments.select(pl.col("record_id") + "#consignee", pl.col("importer_uid").alias("uid")),
        shipments.select(pl.col("record_id") + "#shipper", pl.col("shipper_uid").alias("uid")),
    )
    named = pl.concat(roles).drop_nulls("uid")
    entity = kept_conclusions(workspace, identified).entities
    return (
        named.join(entity, on="uid").select("record_id", pl.col("entity").alias("entity_id")).unique().sort("record_id")
    )


def open_current_index(workspace: Workspace) -> LinkIndex:
    """The newest index, memory-mapped."""
    return open_index(workspace.index)


def _index_meta(workspace: Workspace) -> IndexMeta | None:
    """Which index there is; None without one, or when it is damaged, of another layout or made by other weights."""
    try:
        meta = open_index(workspace.index).meta
    except (WorkspaceError, OSError, ValueError, KeyError, TypeError):
        return None
    return meta if meta.model == model_id() else None
