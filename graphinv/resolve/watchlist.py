"""Which parties on record look like watch list entries: always a likeness and never an identity."""

import polars as pl

from graphinv.resolve.coding import codes_of
from graphinv.resolve.comparisons import Attribute
from graphinv.resolve.declared import declared_by
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.listed import listed_names, near_listed
from graphinv.resolve.listing import Listing
from graphinv.resolve.parties import WHOLE, parties_of
from graphinv.schema import SOURCES_KEPT


def listed(records: PreparedRecords) -> pl.DataFrame:
    """Every name of every entry, as ``listed_names`` has them."""
    return listed_names(records.watchlist, declared_by(records))


def matches(records: PreparedRecords) -> pl.DataFrame:
    """(src party, dst entry, score, reasons, provenance) of all likenesses; a party may be like several entries.

    ``sources`` are the records of the entry; the days are those of the party's records with the name that is alike.
    """
    declared = declared_by(records)
    names = listed_names(records.watchlist, declared)
    parties = parties_of(declared.of(near_listed(names, declared)))
    found = Listing.of(names).likenesses(parties)
    alike = pl.DataFrame(
        {
            "src": parties.uids.gather(found.party),
            "name": parties.attributes[Attribute.NAME].codes[found.name, WHOLE],
            "dst": names["uid"].gather(found.row),
            "record_id": names["record_id"].gather(found.row),
            "listed_at": names["known_at"].gather(found.row),
            "score": found.score,
            "reasons": pl.Series([list(told) for told in found.reasons], dtype=pl.List(pl.String)),
        }
    )
    return _with_provenance(alike, _named(records, alike["src"].unique()))


def _with_provenance(alike: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    seen = named.group_by("src", "name").agg(
        pl.col("seen").min().alias("first_seen"),
        pl.col("seen").max().alias("last_seen"),
        pl.col("known_at").min(),
    )
    return alike.join(seen, on=["src", "name"]).select(
        "src",
        "dst",
        "score",
        "reasons",
        pl.concat_list("record_id").list.head(SOURCES_KEPT).alias("sources"),
        pl.lit(1, pl.Int64).alias("count"),
        "first_seen",
        "last_seen",
        pl.max_horizontal("known_at", "listed_at").alias("known_at"),
        pl.col("score").alias("confidence"),
    )


def _named(records: PreparedRecords, uids: pl.Series) -> pl.DataFrame:
    """(src, name, seen, known_at) of the records of some parties: each name that they give, by its code."""
    importers, sellers, shipments = records.importers, records.sellers, records.shipments
    single = (
        (importers, "uid", "name_key"), (importers, "uid", "dba_key"), (sellers, "uid", "name_key"),
        (shipments, "importer_uid", "consignee_name_key"), (shipments, "shipper_uid", "shipper_name_key"),
    )  # fmt: skip
    several = (
        (importers, "uid", "name_also"), (sellers, "uid", "name_also"),
        (shipments, "importer_uid", "consignee_name_also"), (shipments, "shipper_uid", "shipper_name_also"),
    )  # fmt: skip
    told = [_rows(*source, uids) for source in single] + [_rows(*source, uids).explode("key") for source in several]
    rows = pl.concat(told).drop_nulls("key")
    return rows.select("src", pl.Series("name", codes_of(rows["key"])), "seen", "known_at")


def _rows(rows: pl.DataFrame, uid: str, key: str, uids: pl.Series) -> pl.DataFrame:
    return rows.filter(pl.col(uid).is_in(uids.implode())).select(
        pl.col(uid).alias("src"), pl.col(key).alias("key"), "seen", "known_at"
    )
