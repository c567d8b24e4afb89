"""SAME_AS: what resolution concluded, as relationships with their records.

An identity is what a record declares (an importer number, a consignee without one, a marketplace account). SAME_AS
joins identities; it moves no facts, so a conclusion can be withdrawn without touching them. It stands only between
members of one entity, so the entities are its connected parts.
"""

from dataclasses import dataclass

import polars as pl

from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.numbering import both, number_of
from graphinv.resolve.resolution import Resolution
from graphinv.schema import SOURCES_KEPT


@dataclass(frozen=True)
class Conclusions:
    """``same_as``: src, dst, sources, count, first_seen, last_seen, known_at, probability, confidence; src < dst.
    ``entities``: uid and entity of every party.
    """

    same_as: pl.DataFrame
    entities: pl.DataFrame


def conclude(
    records: PreparedRecords, pairs: pl.DataFrame, entities: pl.DataFrame, sides: pl.DataFrame | None = None
) -> Conclusions:
    """Resolution's pairs with the records of both sides behind them; a pair is known once both sides were.

    ``sides`` are the records behind all parties (``load.claims.behind_parties``), if they were put together before.
    """
    sides = _sides(records, pl.concat([pairs["src"], pairs["dst"]]).unique()) if sides is None else sides
    joined = pairs.join(sides, left_on="src", right_on="uid").join(sides, left_on="dst", right_on="uid", suffix="_dst")
    sources = pl.concat_list("sources", "sources_dst").list.unique().list.sort().list.head(SOURCES_KEPT)
    same_as = joined.select(
        "src",
        "dst",
        sources.alias("sources"),
        (pl.col("count") + pl.col("count_dst")).alias("count"),
        pl.min_horizontal("first_seen", "first_seen_dst").alias("first_seen"),
        pl.max_horizontal("last_seen", "last_seen_dst").alias("last_seen"),
        pl.max_horizontal("known_at", "known_at_dst").alias("known_at"),
        pl.col("probability").round(_DIGITS),
        pl.col("probability").round(_DIGITS).alias("confidence"),
    )
    return Conclusions(same_as, entities)


def undivided(records: PreparedRecords) -> Conclusions:
    """Every identity a party of its own: what is claimed before anything is concluded."""
    uids = declared_uids(records)
    nothing = pl.DataFrame(schema={"src": pl.String, "dst": pl.String, "probability": pl.Float64, "weight": pl.Float64})
    return conclude(records, nothing, pl.DataFrame({"uid": uids, "entity": uids}))


def concluded(records: PreparedRecords, resolution: Resolution, sides: pl.DataFrame | None = None) -> Conclusions:
    """What one pass of resolution concluded; ``sides`` as in ``conclude``."""
    return conclude(records, resolution.pairs, resolution.entities, sides)


def declared_uids(records: PreparedRecords) -> pl.Series:
    """Every identity of the records, sorted."""
    roles = (getattr(records, feed).select(pl.col(uid).alias("uid")) for feed, uid, _ in _ROLES)
    declared: pl.DataFrame = pl.concat(roles).drop_nulls()
    return declared.filter(number_of("uid").is_first_distinct())["uid"].sort()


def apart(records: PreparedRecords) -> pl.DataFrame:
    """(src, dst) that the contacts have told apart: who ships under a number, and whose number it is."""
    both = records.shipments.select(pl.col("claimed_uid").alias("a"), pl.col("importer_uid").alias("b")).drop_nulls()
    return both.select(pl.min_horizontal("a", "b").alias("src"), pl.max_horizontal("a", "b").alias("dst")).unique()


#: Digits of a probability that are kept: more would tell one order of adding from another.
_DIGITS = 6

_ROLES = (
    ("importers", "uid", ""), ("sellers", "uid", ""), ("shipments", "importer_uid", "#consignee"),
    ("shipments", "shipper_uid", "#shipper"),
)  # fmt: skip


def _declared(records: PreparedRecords) -> pl.LazyFrame:
    declared: pl.LazyFrame = pl.concat(
        getattr(records, feed)
        .lazy()
        .select(pl.col(uid).alias("uid"), (pl.col("record_id") + suffix).alias("record_id"), "seen", "known_at")
        .drop_nulls("uid")
        for feed, uid, suffix in _ROLES
    )
    return declared


def _sides(records: PreparedRecords, uids: pl.Series) -> pl.DataFrame:
    """(uid, sources, count, first_seen, last_seen, known_at) of some identities, grouped by numbers."""
    told = pl.LazyFrame({"uid": uids}).join(_declared(records), on="uid").collect()
    told = told.with_columns(number_of("uid").alias("who"))
    once = told.filter(both(pl.col("who"), pl.col("record_id").hash()).is_first_distinct())
    sources = once.group_by("who").agg(
        pl.col("uid").first(),
        pl.col("record_id").sort().head(SOURCES_KEPT).alias("sources"),
        pl.len().cast(pl.Int64).alias("count"),
    )
    days = told.group_by("who").agg(
        pl.col("seen").min().alias("first_seen"), pl.col("seen").max().alias("last_seen"), pl.col("known_at").min()
    )
    return sources.join(days, on="who").drop("who")
