"""Which identities are one party: exact rules only, each with its probability and the records behind it.

An identity is what a record declares (an importer number, a consignee without one, a marketplace account). SAME_AS
joins identities; it moves no facts, so a conclusion can be withdrawn without touching them.
"""

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graphinv.resolve.identities import PreparedRecords
from graphinv.schema import SOURCES_KEPT

#: Same name at the same unit. A few are father and son, or a firm and its successor.
SAME_NAME_AND_PLACE = 0.95
#: Same name and same phone: a firm that moved, or gave no address. Two people of one name seldom share a phone.
SAME_NAME_AND_PHONE = 0.93
#: Same tax number, and a contact or the name agrees.
SAME_TAX_NUMBER = 0.97

_PARTY = ("uid", "record_id", "seen", "known_at", "name_key", "building_key", "unit_key", "phone")


def same_as(records: PreparedRecords) -> pl.DataFrame:
    """(src, dst, sources, count, first_seen, last_seen, known_at, probability, confidence), src < dst.

    The sources are the records of both sides that the rule compared; known is the pair once both sides were.
    """
    parties = _declared_parties(records)
    found = pl.concat(
        [
            _one_name_and(parties, ["building_key", "unit_key"], SAME_NAME_AND_PLACE),
            _one_name_and(parties, ["phone"], SAME_NAME_AND_PHONE),
            _one_tax_number(records),
        ]
    )
    evidence = found.join(_thieves_and_victims(records), on=["src", "dst"], how="anti")
    sided = evidence.group_by("src", "dst", "uid").agg(
        pl.col("record_id").unique(),
        pl.col("seen").min().alias("first_seen"),
        pl.col("seen").max().alias("last_seen"),
        pl.col("known_at").min(),
        pl.col("probability").max(),
    )
    return sided.group_by("src", "dst").agg(
        pl.col("record_id").explode().unique().sort().head(SOURCES_KEPT).alias("sources"),
        pl.col("record_id").explode().n_unique().cast(pl.Int64).alias("count"),
        pl.col("first_seen").min(),
        pl.col("last_seen").max(),
        pl.col("known_at").max(),
        pl.col("probability").max(),
        pl.col("probability").max().alias("confidence"),
    )


def entities(uids: pl.Series, pairs: pl.DataFrame) -> pl.DataFrame:
    """(uid, entity): the connected parties; an entity is called by its smallest uid."""
    ordered = uids.unique().sort()
    positions = pl.DataFrame({"uid": ordered, "position": np.arange(len(ordered), dtype=np.int64)})
    ends = pairs.join(positions, left_on="src", right_on="uid").join(
        positions, left_on="dst", right_on="uid", suffix="_b"
    )
    links = coo_array(
        (np.ones(len(ends), dtype=np.int8), (ends["position"].to_numpy(), ends["position_b"].to_numpy())),
        shape=(len(ordered), len(ordered)),
    )
    _, component = connected_components(links.tocsr(), directed=False)
    labelled = positions.with_columns(pl.Series("component", component))
    return labelled.select("uid", pl.col("uid").min().over("component").alias("entity"))


def _declared_parties(records: PreparedRecords) -> pl.DataFrame:
    consignees = records.shipments.select(
        pl.col("importer_uid").alias("uid"),
        pl.concat_str(["record_id", pl.lit("#consignee")]).alias("record_id"),
        "seen",
        "known_at",
        *(pl.col(f"consignee_{name}").alias(name) for name in _PARTY[4:]),
    )
    return pl.concat([records.importers.select(_PARTY), records.sellers.select(_PARTY), consignees])


_EVIDENCE = ("src", "dst", "uid", "record_id", "seen", "known_at", "probability")


def _thieves_and_victims(records: PreparedRecords) -> pl.DataFrame:
    """Pairs that the contacts have told apart: who ships under a number, and whose number it is."""
    apart = records.shipments.select(pl.col("claimed_uid").alias("a"), pl.col("importer_uid").alias("b")).drop_nulls()
    return apart.select(pl.min_horizontal("a", "b").alias("src"), pl.max_horizontal("a", "b").alias("dst")).unique()


def _one_name_and(parties: pl.DataFrame, shared: list[str], probability: float) -> pl.DataFrame:
    """A star from the smallest uid of every group with one name and one value: linear in the group's size.

    ``shared`` are the columns of the value; only the first must be there.
    """
    place = ["name_key", *shared]
    placed = parties.drop_nulls(["uid", "name_key", shared[0]])
    centres = placed.group_by(place).agg(pl.col("uid").min().alias("src"), pl.col("uid").n_unique().alias("uids"))
    several = placed.join(centres.filter(pl.col("uids") > 1), on=place, nulls_equal=True)
    pairs = several.filter(pl.col("uid") != pl.col("src")).select("src", pl.col("uid").alias("dst"), *place).unique()
    ends = pl.concat([pairs.with_columns(pl.col(end).alias("uid")) for end in ("src", "dst")])
    return ends.join(several.drop("src"), on=["uid", *place], nulls_equal=True).select(
        *_EVIDENCE[:-1], pl.lit(probability).alias("probability")
    )


def _one_tax_number(records: PreparedRecords) -> pl.DataFrame:
    """A seller whose tax number is an importer's, where the name, the phone or the building agrees too."""
    contacts = ("name_key", "phone", "building_key")
    told = ("uid", "record_id", "seen", "known_at", *contacts)
    importers = records.importers.select(pl.col("ein_hash").alias("tax_hash"), *told).drop_nulls("tax_hash")
    sellers = records.sellers.select("tax_hash", *told).drop_nulls("tax_hash")
    joined = importers.join(sellers, on="tax_hash", suffix="_s")
    agreed = joined.filter(pl.any_horizontal((pl.col(c) == pl.col(f"{c}_s")).fill_null(False) for c in contacts))
    ends = (pl.min_horizontal("uid", "uid_s").alias("src"), pl.max_horizontal("uid", "uid_s").alias("dst"))
    sides = [
        agreed.select(*ends, *(pl.col(f"{name}{side}").alias(name) for name in told[:4]),
                      pl.lit(SAME_TAX_NUMBER).alias("probability"))
        for side in ("", "_s")
    ]  # fmt: skip
    return pl.concat(sides).select(_EVIDENCE)
