"""Profiles of clusters: who is in them, what joins them, what they trade, and how much unknown risk they hold."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.clusters.kept import MEMBER_ORDER
from graphinv.clusters.members import STANDINGS
from graphinv.clusters.ties import Ties
from graphinv.clusters.trade import Trade, trade_profiles
from graphinv.links.evidence import EvidenceGraph

#: Shared values that a profile names; the others are counted.
JOINS_NAMED = 12
#: Standard deviations of an interval that holds with 95%.
_Z = 1.959963984540054
_DIGITS = 6
_ALONE = 1


def profiles_of(
    graph: EvidenceGraph, ties: Ties, entities: pl.DataFrame, trade: Trade, clusters: pl.DataFrame
) -> pl.DataFrame:
    """A row for each cluster of two members or more, the one that holds most unknown risk first.

    ``entities`` are those of ``members.entities_of``; ``clusters`` has (entity, cluster). The unknown risk is the sum,
    over members that are unknown, of the strength of their best link to a seizure.
    """
    by_entity = entities.join(clusters, on="entity", maintain_order="left").with_columns(
        pl.len().over("cluster").alias("size")
    )
    told = by_entity.filter(pl.col("size") > _ALONE)["cluster"].unique().sort()
    names = told.to_frame().with_row_index("code")
    coded = by_entity.join(names, on="cluster", how="left", maintain_order="left").with_columns(
        pl.col("code").cast(pl.Int64).fill_null(-1)
    )
    code = coded["code"].to_numpy()
    inside = coded.filter(pl.col("code") >= 0)
    found = _standings(inside)
    for more in (_ends(graph, inside), _joins(graph, ties, code), trade_profiles(trade, code)):
        found = found.join(more, on="code", how="left")
    counts = ("joins_total", "lanes_total", "commodities_total", "ports_total", "shipments", "seizures")
    lists = ("joins", "lanes", "commodities", "ports", "timeline")
    return (
        found.join(names.with_columns(pl.col("code").cast(pl.Int64)), on="code")
        .drop("code")
        .with_columns(pl.col(counts).fill_null(0), *(pl.col(name).fill_null([]) for name in lists))
        .sort("unknown_risk", "members", "cluster", descending=[True, True, False])
    )


def wilson(hits: pl.Expr, of: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The interval that holds a share with 95%, from ``hits`` of ``of`` seen.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
    Statistical Association 22 (1927). Unlike the plain interval it stays within 0 and 1 and is wide where few were
    seen.
    """
    share = hits / of
    middle = (share + _Z**2 / (2 * of)) / (1 + _Z**2 / of)
    half = (_Z / (1 + _Z**2 / of)) * (share * (1 - share) / of + _Z**2 / (4 * of**2)).sqrt()
    return (middle - half).clip(0, 1), (middle + half).clip(0, 1)


def _standings(inside: pl.DataFrame) -> pl.DataFrame:
    counted = inside.group_by("code").agg(
        pl.len().cast(pl.Int64).alias("members"),
        pl.col("identities").sum(),
        *((pl.col("standing") == name).sum().cast(pl.Int64).alias(name) for name in STANDINGS),
        pl.col("strength").filter(pl.col("standing") == "unknown").sort().sum().round(_DIGITS).alias("unknown_risk"),
    )
    low, high = wilson(pl.col("seized"), pl.col("members"))
    return counted.with_columns(
        (pl.col("seized") / pl.col("members")).round(_DIGITS).alias("seized_share"),
        low.round(_DIGITS).alias("seized_low"),
        high.round(_DIGITS).alias("seized_high"),
    )


def _ends(graph: EvidenceGraph, inside: pl.DataFrame) -> pl.DataFrame:
    """By code: the caption, the member that is nearest to a seizure without having had one, and the newest member."""
    first = inside.sort(*MEMBER_ORDER).group_by("code", maintain_order=True).agg(pl.col("caption").first())
    seized = graph.nodes.select(
        pl.col("node").cast(pl.Int32).alias("origin"), pl.col("uid").alias("seized"), pl.col("caption").alias("of")
    )
    near = (
        inside.filter(pl.col("standing") != "seized", pl.col("strength") > 0)
        .sort("strength", "entity", descending=[True, False])
        .unique("code", keep="first", maintain_order=True)
        .join(seized, on="origin", how="left", maintain_order="left")
        .select(
            "code", pl.struct("entity", "label", "caption", "standing", "strength", "seized", "of").alias("nearest")
        )
    )
    new = (
        inside.drop_nulls("first_seen")
        .sort("first_seen", "entity", descending=[True, False])
        .unique("code", keep="first", maintain_order=True)
        .select("code", pl.struct("entity", "label", "caption", "standing", "first_seen").alias("newest"))
    )
    return first.join(near, on="code", how="left").join(new, on="code", how="left")


def _joins(graph: EvidenceGraph, ties: Ties, code: NDArray[np.int64]) -> pl.DataFrame:
    """By code: what members share with each other, the values that tie most of them first.

    ``weight`` adds up the ties that a value makes inside; ``members`` are those inside who use it, ``users`` all.
    """
    pairs = ties.pairs
    inside = (code[pairs.one] >= 0) & (code[pairs.one] == code[pairs.other])
    through = pairs.through[inside]
    summed = (
        pl.DataFrame({"code": code[pairs.one[inside]], "node": through, "weight": pairs.strength[inside]})
        .group_by("code", "node")
        .agg(pl.col("weight").sort().sum().round(_DIGITS), pl.len().alias("pairs"))
    )
    node = summed["node"].to_numpy()
    values = graph.nodes[node].select("uid", "label", pl.col("caption").fill_null(pl.col("uid")))
    told = pl.concat([summed, values], how="horizontal").with_columns(
        ((1 + (1 + 8 * pl.col("pairs")).sqrt()) / 2).round().cast(pl.Int64).alias("members"),
        pl.Series("users", graph.users[node].astype(np.int64)),
    )
    ordered = told.sort("code", "weight", "uid", descending=[False, True, False])
    return ordered.group_by("code", maintain_order=True).agg(
        pl.struct(pl.col("uid").alias("id"), "label", "caption", "weight", "members", "users")
        .head(JOINS_NAMED)
        .alias("joins"),
        pl.len().cast(pl.Int64).alias("joins_total"),
    )
