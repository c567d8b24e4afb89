"""Is the strength of a link the probability that it joins the same hands? Checked against a world's truth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from graphinv.evaluate.truth import Truth
from graphinv.links.index import LinkIndex
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import identify
from graphinv.workspace import Workspace

_EDGES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class SameHands:
    """Links of a strength between two bounds: the mean of what was said, and the share that join the same hands."""

    low: float
    high: float
    links: int
    said: float
    was: float


def hands_by_node(workspace: Workspace, index: LinkIndex, truth: Truth) -> Mapping[int, str]:
    """Whose hands each seized party is in: those behind most of its records."""
    records = identify(prepared_records(workspace, index.meta.clock))
    filed = records.shipments
    roles = (
        filed.select(pl.col("importer_uid").alias("uid"), pl.col("record_id") + "#consignee"),
        filed.select(pl.col("shipper_uid").alias("uid"), pl.col("record_id") + "#shipper"),
        records.importers.select("uid", "record_id"),
        records.sellers.select("uid", "record_id"),
    )
    seized = index.graph.nodes.select("uid", "node").filter(pl.col("node").is_in(index.graph.seed_node.tolist()))
    named = pl.concat(roles).drop_nulls("uid").join(seized, on="uid")
    owned = named.with_columns(truth.hands_of(named["record_id"]).alias("hands")).drop_nulls("hands")
    most = owned.group_by("node").agg(pl.col("hands").mode().sort().first())
    return dict(most.iter_rows())


def same_hands(
    links: Sequence[tuple[int, float, int]], behind: Sequence[str | None], hands: Mapping[int, str]
) -> tuple[SameHands, ...]:
    """By strength. ``links`` are (arrival, strength, node of the seized party); ``behind`` whose the arrivals are."""
    known = [(strength, hands[node] == behind[at]) for at, strength, node in links if node in hands and behind[at]]
    strength = np.array([one for one, _ in known], np.float64)
    same = np.array([one for _, one in known], np.bool_)
    rows: list[SameHands] = []
    for low, high in pairwise(_EDGES):
        inside = (strength >= low) & (strength < high)
        if inside.any():
            rows.append(
                SameHands(low, high, int(inside.sum()), float(strength[inside].mean()), float(same[inside].mean()))
            )
    return tuple(rows)
