"""Making clusters: ties of the evidence graph, communities at three resolutions, their ids, their profiles.

Clusters are of now: they go on from those of the load before, which no past day could be asked for.
"""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.clusters.kept import EVENT_SCHEMA, Before, ClusterMeta, KeptClusters, read_before, write_clusters
from graphinv.clusters.leiden import communities, igraph_is_there
from graphinv.clusters.lineage import first_ids, follow, with_recounted
from graphinv.clusters.members import entities_of
from graphinv.clusters.profiles import profiles_of
from graphinv.clusters.resolutions import RESOLUTIONS, USUAL
from graphinv.clusters.ties import Ties, ties_of
from graphinv.clusters.trade import trade_of
from graphinv.links.evidence import EvidenceGraph
from graphinv.resolve.identities import PreparedRecords

_ENDED = ("merged", "died")


def renew_clusters(folder: Path, graph: EvidenceGraph, records: PreparedRecords) -> ClusterMeta | None:
    """Make the clusters of an evidence graph and keep them; they go on from those kept before.

    None, and nothing changes, where igraph is not installed.
    """
    if not igraph_is_there():
        return None
    kept = make_clusters(graph, records, read_before(folder, RESOLUTIONS))
    write_clusters(folder, kept)
    return kept.meta


def make_clusters(graph: EvidenceGraph, records: PreparedRecords, before: Before) -> KeptClusters:
    """The clusters of an evidence graph, named as those ``before`` where they are the same groups."""
    ties = ties_of(graph)
    entities = entities_of(graph, ties)
    trade = trade_of(records, graph, ties)
    identities = graph.nodes.filter(ties.vertex >= 0).select("uid", pl.coalesce("entity", "uid").alias("entity"))
    clustered, profiles, events = entities, [], [before.events]
    for name, resolution in RESOLUTIONS.items():
        known = _known(before.members.select("uid", cluster=name), identities)
        label = communities(ties, resolution, _start(ties, known))
        now = pl.DataFrame({"entity": ties.entities, "label": label})
        history = before.events.filter(resolution=name)
        ended = history.filter(pl.col("event").is_in(_ENDED))
        sizes = history.group_by("cluster", maintain_order=True).agg(pl.col("members").last())
        lineage = with_recounted(follow(known, now, ended["cluster"], name), sizes)
        clustered = clustered.join(
            lineage.clusters.rename({"cluster": name}), on="entity", how="left", maintain_order="left"
        )
        told = profiles_of(graph, ties, entities, trade, lineage.clusters)
        profiles.append(told.with_columns(pl.lit(name).alias("resolution")))
        at = pl.lit(graph.clock.astimezone(UTC)).cast(pl.Datetime("us", "UTC"))
        events.append(lineage.events.with_columns(pl.lit(name).alias("resolution"), at.alias("at")))
    meta = ClusterMeta(
        before.number + 1,
        graph.clock.isoformat(),
        datetime.now(UTC).isoformat(timespec="seconds"),
        dict(RESOLUTIONS),
        **vars(ties.left_out),
    )
    told_of_all = pl.concat(frame.select(EVENT_SCHEMA.names()) for frame in events)
    return KeptClusters(meta, clustered, identities, pl.concat(profiles), told_of_all)


def cluster_of_records(kept: KeptClusters, entity_of_records: pl.DataFrame) -> pl.DataFrame:
    """(record_id, cluster_id) at the usual resolution for (record_id, entity_id): every record, those of parties alone
    and of parties that came after the clusters, too."""
    clusters = kept.entities.select("entity", USUAL)
    joined = entity_of_records.join(clusters, left_on="entity_id", right_on="entity", how="left", maintain_order="left")
    newer = joined.filter(pl.col(USUAL).is_null())["entity_id"].unique()
    alone = pl.DataFrame({"entity_id": newer, "alone": first_ids(newer, USUAL)})
    told = joined.join(alone, on="entity_id", how="left", maintain_order="left")
    return told.select("record_id", pl.coalesce(USUAL, "alone").alias("cluster_id"))


def _known(members: pl.DataFrame, identities: pl.DataFrame) -> pl.DataFrame:
    """(entity, cluster): where the entities of now were before; one that was several goes with most identities."""
    counted = members.join(identities, on="uid").group_by("entity", "cluster").agg(pl.len().alias("identities"))
    ordered = counted.sort("identities", "cluster", descending=[True, False])
    return ordered.unique("entity", keep="first", maintain_order=True).select("entity", "cluster")


def _start(ties: Ties, known: pl.DataFrame) -> NDArray[np.int64] | None:
    """The community of every vertex before, -1 for new ones; None where nothing was known."""
    if known.is_empty():
        return None
    coded = known.with_columns(pl.col("cluster").rank("dense").cast(pl.Int64).alias("code"))
    entity = ties.entities.alias("entity").to_frame()
    joined = entity.join(coded, on="entity", how="left", maintain_order="left")
    return joined["code"].fill_null(-1).to_numpy()
