"""What is known of each party that a cluster may hold: who it is, its standing, and its best link to a seizure."""

import numpy as np
import polars as pl

from graphinv.clusters.ties import Ties, strengths
from graphinv.links.evidence import EvidenceGraph
from graphinv.links.kernels import UNREACHABLE

#: The strongest word that any identity of a party has earned is the party's.
STANDINGS = ("seized", "trusted", "known", "unknown")


def entities_of(graph: EvidenceGraph, ties: Ties) -> pl.DataFrame:
    """Every entity in the order of its vertex: entity, label, caption, country, standing, first_seen, identities,
    ``strength`` of its best link to a seizure (0 where there is none) and ``origin``, the node that was seized."""
    told = graph.nodes.select(
        "uid",
        "label",
        "caption",
        "country",
        "first_seen",
        pl.coalesce("entity", "uid").alias("entity"),
        pl.col("standing").fill_null("unknown").cast(pl.Enum(STANDINGS)),
        cost=graph.cost,
        origin=graph.origin,
        vertex=ties.vertex,
    ).filter(pl.col("vertex") >= 0)
    named = told.sort(pl.col("uid") != pl.col("entity"), "uid")
    reached = named.filter(pl.col("cost") != UNREACHABLE).sort("cost", "uid")
    linked = reached.group_by("entity").agg(pl.col("cost").first(), pl.col("origin").first())
    found = (
        named.sort("vertex", maintain_order=True)
        .group_by("vertex", maintain_order=True)
        .agg(
            pl.col("entity", "label", "caption").first(),
            pl.col("country").drop_nulls().first(),
            pl.col("standing").min(),
            pl.col("first_seen").min(),
            pl.len().cast(pl.Int64).alias("identities"),
        )
        .join(linked, on="entity", how="left", maintain_order="left")
    )
    cost = found["cost"].fill_null(int(UNREACHABLE)).to_numpy().astype(np.int64)
    strength = np.where(cost == UNREACHABLE, 0.0, strengths(cost))
    return found.drop("cost", "vertex").with_columns(
        pl.Series("strength", strength), pl.col("caption").fill_null(pl.col("entity"))
    )
