"""Which parties goods were seized from: the seeds that every link leads to."""

import polars as pl

from graphinv.load.relations import single
from graphinv.resolve.identities import PreparedRecords

#: How far a seizure weighs on each role of its shipment. Shippers and sellers serve many, so less.
SEED_CONFIDENCE = {"importer": 1.0, "seller": 0.8, "shipper": 0.5}


def seeds(records: PreparedRecords) -> pl.DataFrame:
    """Which parties goods were seized from, and how far each seizure weighs on them; released ones weigh nothing.

    A seizure belongs to its shipment. It weighs on the number written on it only where the shipment's contacts agree
    with the registered ones: ``identify`` has already given a contradicted shipment to its provisional consignee.
    ``under`` is the party whose number that consignee wrote on it, null elsewhere.
    """
    held = records.seizures.filter(pl.col("status") != "released")
    filed = records.shipments.select("shipment_id", "importer_uid", "seller_uid", "shipper_uid", "claimed_uid")
    joined = held.join(filed, on="shipment_id", how="left", suffix="_filed")
    own_number = pl.when(pl.col("importer_uid").ne_missing(pl.col("claimed_uid"))).then("importer_uid")
    roles = (
        ("importer", pl.coalesce("importer_uid_filed", own_number)),
        ("importer", own_number),
        ("seller", pl.col("seller_uid")),
        ("seller", pl.col("seller_uid_filed")),
        ("shipper", pl.col("shipper_uid")),
    )
    found = pl.concat(
        joined.select(
            party.alias("party"),
            pl.concat_str([pl.lit("seizure:"), "seizure_id"]).alias("seizure"),
            pl.lit(role).alias("role"),
            pl.lit(SEED_CONFIDENCE[role]).alias("confidence"),
            "record_id",
            "known_at",
            "seized_on",
            "status",
            "category",
            "commodity",
            "shipment_id",
            "seizure_id",
            pl.when(party == pl.col("importer_uid_filed")).then("claimed_uid").alias("under"),
        )
        for role, party in roles
    )
    return found.drop_nulls("party").unique(["party", "seizure"], keep="first", maintain_order=True)


def seized_from(records: PreparedRecords) -> pl.DataFrame:
    """SEIZED_FROM relationships: to the shipment, and to the importer and seller on whom the seizure weighs."""
    weighing = seeds(records).filter(pl.col("role") != "shipper")
    parties = weighing.select(pl.col("seizure").alias("src"), pl.col("party").alias("dst"), *_seized_columns())
    known = records.seizures.filter(pl.col("shipment_id").is_in(records.shipments["shipment_id"].implode()))
    shipments = known.select(
        pl.concat_str([pl.lit("seizure:"), "seizure_id"]).alias("src"),
        pl.concat_str([pl.lit("shipment:"), "shipment_id"]).alias("dst"),
        "record_id",
        "known_at",
        "seized_on",
        pl.lit(1.0).alias("confidence"),
    )
    return single(pl.concat([parties, shipments]).rename({"seized_on": "seen"}))


def _seized_columns() -> tuple[str, ...]:
    return ("record_id", "known_at", "seized_on", "confidence")
