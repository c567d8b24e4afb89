"""Which parties look like watch list entries: equal names for now, always a likeness and never an identity."""

import polars as pl

from graphinv.normalise.columns import name_columns
from graphinv.resolve.identities import PreparedRecords
from graphinv.schema import SOURCES_KEPT

#: A name alone is weak: many firms share one. The country agreeing makes it worth a look.
NAME_ALONE = 0.4
NAME_AND_COUNTRY = 0.6


def listed_names(watchlist: pl.DataFrame) -> pl.DataFrame:
    """(name_key, uid, country, record_id, seen, known_at) for every name and alias of every entry."""
    entry = pl.concat_str([pl.lit("watchlist:"), "list", pl.lit("/"), "entry_id"]).alias("uid")
    common = (entry, "country", "record_id", "seen", "known_at")
    named = watchlist.select("name_key", *common)
    aliases = watchlist.select("aliases", *common).explode("aliases").drop_nulls("aliases")
    alias_keys = name_columns(aliases["aliases"])["name_key"].alias("name_key")
    return (
        pl.concat([named, aliases.drop("aliases").with_columns(alias_keys).select(named.columns)])
        .drop_nulls("name_key")
        .unique()
    )


def matches(records: PreparedRecords) -> pl.DataFrame:
    """(src party, dst entry, score, provenance) for equal names."""
    listed = listed_names(records.watchlist)
    joined = _named_parties(records).join(listed, on="name_key", suffix="_listed")
    same_country = (pl.col("country") == pl.col("country_listed")).fill_null(False)
    scored = joined.with_columns(pl.when(same_country).then(NAME_AND_COUNTRY).otherwise(NAME_ALONE).alias("score"))
    return scored.group_by(pl.col("party").alias("src"), pl.col("uid").alias("dst")).agg(
        pl.col("score").max(),
        pl.col("record_id").unique().sort().head(SOURCES_KEPT).alias("sources"),
        pl.col("record_id").n_unique().cast(pl.Int64).alias("count"),
        pl.col("seen").min().alias("first_seen"),
        pl.col("seen").max().alias("last_seen"),
        pl.max_horizontal(pl.col("known_at").min(), pl.col("known_at_listed").min()).alias("known_at"),
        pl.col("score").max().alias("confidence"),
    )


def _named_parties(records: PreparedRecords) -> pl.DataFrame:
    roles = (
        (records.importers, "uid", ""),
        (records.sellers, "uid", ""),
        (records.shipments, "importer_uid", "consignee_"),
        (records.shipments, "shipper_uid", "shipper_"),
    )
    return pl.concat(
        rows.select(
            pl.col(uid).alias("party"),
            pl.col(prefix + "name_key").alias("name_key"),
            pl.col(prefix + "country").alias("country"),
            "seen",
            "known_at",
        )
        for rows, uid, prefix in roles
    ).drop_nulls(["party", "name_key"])
