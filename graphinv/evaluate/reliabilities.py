"""Do the reliabilities of links hold? How often two parties who share a value share another too; no truth is needed.

Whoever runs two businesses keeps more than one thing in common more often than strangers whom a name, a supplier or a
shop brings together. So the share of pairs that something else corroborates tells, on any records, which kinds of
values say "the same hands" and which are coincidence. Who takes care to keep one thing alone is never corroborated: the
share is a lower bound, and kinds compare with each other better than with what is told.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from graphinv.links.index import LinkIndex
from graphinv.links.weights import CLAIMS, WEIGHTS

#: Kinds of values that may corroborate: somebody's own, and not the trade's.
_OWN = ("HAS_PHONE", "HAS_EMAIL", "PAID_TO", "HAS_WEBSITE", "HAS_OFFICER", "LOCATED_AT")
#: Values with more users corroborate nothing.
_FEW = 6
#: Fewer pairs say nothing of a kind.
ENOUGH = 10


@dataclass(frozen=True)
class Corroborated:
    """Pairs of parties that alone share a value of a kind: what is told of them (``reliability``), the share that
    another value of their own joins as well."""

    claim: str
    pairs: int
    told: float
    corroborated: float


def corroborated(index: LinkIndex, enough: int = ENOUGH) -> tuple[Corroborated, ...]:
    """By kind of shared value, the most corroborated first; kinds with fewer than ``enough`` pairs are left out."""
    users = _users(index)
    two = _pairs(users.filter(pl.len().over("value", "claim") == 2))
    known = _pairs(users.filter(pl.col("claim").is_in(_OWN), pl.len().over("value", "claim") <= _FEW))
    others = known.select("one", "other", pl.col("claim").alias("by"), pl.col("value").alias("through")).unique()
    joined = two.join(others, on=["one", "other"], how="left")
    another = (joined["by"] != joined["claim"]).fill_null(value=False)
    told = joined.with_columns(another.alias("another")).group_by("claim", "value").agg(pl.col("another").any())
    found = told.group_by("claim").agg(pl.len().alias("pairs"), pl.col("another").mean().alias("corroborated"))
    rows = found.filter(pl.col("pairs") >= enough).sort(-pl.col("corroborated"), "claim")
    reliability = {weight.claim: weight.reliability for weight in WEIGHTS}
    return tuple(
        Corroborated(claim, pairs, reliability[claim], share)
        for claim, pairs, share in rows.select("claim", "pairs", "corroborated").iter_rows()
    )


def _users(index: LinkIndex) -> pl.DataFrame:
    """(claim, value, entity): who uses each value, and who deals with each shop, supplier and manufacturer; a party of
    several records once."""
    graph = index.graph
    parties = graph.nodes.filter(pl.col("label").is_in(["Importer", "Seller"])).select(
        pl.col("node").alias("a"), pl.coalesce("entity", "uid").rank("dense").alias("entity")
    )
    ends = graph.edges.select(pl.Series("claim", np.array(CLAIMS)[graph.claim]), "a", pl.col("b").alias("value"))
    return ends.filter(pl.col("claim") != "SAME_AS").join(parties, on="a").select("claim", "value", "entity").unique()


def _pairs(users: pl.DataFrame) -> pl.DataFrame:
    """(claim, value, one, other) of every two users of a value."""
    joined = users.rename({"entity": "one"}).join(users.rename({"entity": "other"}), on=["claim", "value"])
    return joined.filter(pl.col("one") < pl.col("other"))
