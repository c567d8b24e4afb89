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
#: Same tax number, and a contact or the name agrees.
SAME_TAX_NUMBER = 0.97

_PARTY = ("uid", "record_id", "seen", "known_at", "name_key", "building_key", "unit_key", "phone")


def same_as(records: PreparedRecords) -> pl.DataFrame:
    """(src, dst, probability, sources, count, first_seen, last_seen, known_at, confidence), src < dst."""
    parties = _declared_parties(records)
    pairs = pl.concat([_name_and_place_pairs(parties), _tax_number_pairs(records)])
    best = pairs.group_by("src", "dst").agg(pl.col("probability").max()).filter(pl.col("src") != pl.col("dst"))
    return _with_provenance(best, parties)


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


def _name_and_place_pairs(parties: pl.DataFrame) -> pl.DataFrame:
    """A star from the smallest uid of every group with one name and one place: linear in the group's size."""
    place = ["name_key", "building_key", "unit_key"]
    declared = parties.select("uid", *place).drop_nulls(["name_key", "building_key"]).unique()
    grouped = declared.with_columns(pl.col("uid").min().over(place).alias("src"))
    return grouped.filter(pl.col("uid") != pl.col("src")).select(
        "src", pl.col("uid").alias("dst"), pl.lit(SAME_NAME_AND_PLACE).alias("probability")
    )


def _tax_number_pairs(records: PreparedRecords) -> pl.DataFrame:
    """A seller whose tax number is an importer's, where the name, the phone or the building agrees too."""
    contacts = ("name_key", "phone", "building_key")
    importers = records.importers.select("uid", pl.col("ein_hash").alias("tax_hash"), *contacts)
    sellers = records.sellers.select(
        pl.col("uid").alias("seller"), "tax_hash", *(pl.col(c).alias(f"s_{c}") for c in contacts)
    )
    joined = sellers.drop_nulls("tax_hash").join(importers.drop_nulls("tax_hash"), on="tax_hash")
    agreed = joined.filter(pl.any_horizontal((pl.col(c) == pl.col(f"s_{c}")).fill_null(False) for c in contacts))
    return agreed.select(
        pl.min_horizontal("uid", "seller").alias("src"),
        pl.max_horizontal("uid", "seller").alias("dst"),
        pl.lit(SAME_TAX_NUMBER).alias("probability"),
    )


def _with_provenance(pairs: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    ends = pl.concat([pairs.select("src", "dst", pl.col(end).alias("uid")) for end in ("src", "dst")])
    evidence = ends.join(parties.select("uid", "record_id", "seen", "known_at"), on="uid").sort("record_id")
    provenance = evidence.group_by("src", "dst", maintain_order=True).agg(
        pl.col("record_id").head(SOURCES_KEPT).alias("sources"),
        pl.len().cast(pl.Int64).alias("count"),
        pl.col("seen").min().alias("first_seen"),
        pl.col("seen").max().alias("last_seen"),
        pl.col("known_at").max(),
    )
    return provenance.join(pairs, on=["src", "dst"]).with_columns(pl.col("probability").alias("confidence"))
