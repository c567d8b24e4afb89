"""What records claim: one row per record and relationship, then one row per relationship with its provenance.

A claim is (src, dst, record_id, seen, known_at, confidence). Aggregating claims is commutative, so the order in which
files and batches arrive cannot matter.
"""

from dataclasses import dataclass

import polars as pl

from graphinv.normalise.columns import opaque_ids
from graphinv.normalise.hashing import opaque_id
from graphinv.resolve.identities import PreparedRecords
from graphinv.schema import SOURCES_KEPT

#: How far each kind of source is trusted for what it says of a party. A 5106 is signed under penalty; a marketplace
#: verifies some accounts (INFORM Consumers Act); a parcel's consignee fields are whatever the shop's form let through.
CONFIDENCE_REGISTRATION = 0.95
CONFIDENCE_VERIFIED_SELLER = 0.9
CONFIDENCE_SELLER = 0.75
CONFIDENCE_FILING = 0.85
CONFIDENCE_ADVANCE_DATA = 0.75

_LOW_VALUE_ENTRY = "86"

#: Between the parts of a key: no text has it.
_PART = "\x1f"
#: The columns of a claim.
CLAIM = ("src", "dst", "record_id", "seen", "known_at", "confidence")


@dataclass(frozen=True)
class Claims:
    """Claims of one relationship type."""

    type: str
    rows: pl.DataFrame


@dataclass(frozen=True)
class _Source:
    """Rows of one feed in the role of one party: its uid in ``party``, its columns with ``prefix``."""

    rows: pl.DataFrame
    party: str
    prefix: str
    record: pl.Expr


def party_claims(records: PreparedRecords) -> list[Claims]:
    """What parties say of themselves: places, contacts, officers, accounts."""
    importers = _Source(_trusted_as(records.importers, pl.lit(CONFIDENCE_REGISTRATION)), "uid", "", pl.col("record_id"))
    verified = (
        pl.when(pl.col("verified_on").is_not_null()).then(CONFIDENCE_VERIFIED_SELLER).otherwise(CONFIDENCE_SELLER)
    )
    sellers = _Source(_trusted_as(records.sellers, verified), "uid", "", pl.col("record_id"))
    filed = _trusted_as(records.shipments, _filing_confidence())
    consignees = _Source(filed, "importer_uid", "consignee_", pl.col("record_id") + "#consignee")
    shippers = _Source(filed, "shipper_uid", "shipper_", pl.col("record_id") + "#shipper")
    places = [_places(source) for source in (importers, sellers, consignees, shippers)]
    return [
        Claims("LOCATED_AT", pl.concat([*places, _mailing(importers)])),
        Claims(
            "HAS_PHONE", pl.concat([_values(source, "phone", "phone:") for source in (importers, sellers, consignees)])
        ),
        Claims(
            "HAS_EMAIL", pl.concat([_values(source, "email", "email:") for source in (importers, sellers, consignees)])
        ),
        Claims("HAS_WEBSITE", pl.concat([*_websites(importers, sellers), _listings(filed)])),
        Claims("HAS_OFFICER", _hashed(importers, "officer_key", "officer:")),
        Claims("PAID_TO", _hashed(sellers, "bank_account", "bank:")),
    ]


def shipment_claims(shipments: pl.DataFrame) -> list[Claims]:
    """What hangs on each shipment: at most one claim a shipment and type, so nothing to aggregate."""
    filed = _trusted_as(shipments, _filing_confidence())
    uid = pl.concat_str([pl.lit("shipment:"), "shipment_id"])
    return [
        Claims("IMPORTED", _claims(filed, pl.col("importer_uid"), uid)),
        Claims("SOLD_BY", _claims(filed, uid, pl.col("seller_uid"))),
        Claims("SHIPPED_BY", _claims(filed, uid, pl.col("shipper_uid"))),
        Claims("DELIVERED_TO", _claims(_with_address(filed, "consignee_"), uid, pl.col("address_uid"))),
        Claims("FILED_BY", _claims(filed, uid, _prefixed("broker:", "filer_code"))),
        Claims("MADE_BY", _claims(filed, uid, _prefixed("mid:", "mid"))),
    ]


def habit_claims(shipments: pl.DataFrame) -> list[Claims]:
    """Where an importer's shipments enter and what they declare, counted."""
    filed = _trusted_as(shipments, _filing_confidence())
    importer = pl.col("importer_uid")
    return [
        Claims("ENTERS_AT", _claims(filed, importer, _prefixed("port:", "port_code"))),
        Claims("DECLARES", _claims(filed, importer, _prefixed("commodity:", "hts6"))),
    ]


def dealing_claims(shipments: pl.DataFrame) -> list[Claims]:
    """Shipments collapsed to whom a party deals with: for the evidence graph, not for the store."""
    filed = _trusted_as(shipments, _filing_confidence())
    importer, seller = pl.col("importer_uid"), pl.col("seller_uid")
    shipper, maker = pl.col("shipper_uid"), _prefixed("mid:", "mid")
    return [
        Claims("BUYS_FROM", _claims(filed, importer, seller)),
        Claims("SUPPLIED_BY", pl.concat([_claims(filed, importer, shipper), _claims(filed, seller, shipper)])),
        Claims("SOURCES_FROM", pl.concat([_claims(filed, importer, maker), _claims(filed, seller, maker)])),
        Claims("USES_BROKER", _claims(filed, importer, _prefixed("broker:", "filer_code"))),
    ]


def aggregate(rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    """One row per (src, dst) with provenance: sources (the smallest few), count, days, known_at, confidence.

    ``by`` are columns that tell relationships apart besides, such as their type.
    """
    key = ("src", "dst", *by)
    per_record = rows.group_by(*key, "record_id").agg(
        pl.col("seen").min().alias("first"),
        pl.col("seen").max().alias("last"),
        pl.col("known_at").min(),
        pl.col("confidence").max(),
    )
    return (
        per_record.sort("record_id")
        .group_by(*key, maintain_order=True)
        .agg(
            pl.col("record_id").head(SOURCES_KEPT).alias("sources"),
            pl.len().cast(pl.Int64).alias("count"),
            pl.col("first").min().alias("first_seen"),
            pl.col("last").max().alias("last_seen"),
            pl.col("known_at").min(),
            pl.col("confidence").max(),
        )
    )


def single(rows: pl.DataFrame) -> pl.DataFrame:
    """The same columns for claims of which there is one a relationship."""
    return rows.select(
        "src",
        "dst",
        pl.concat_list("record_id").alias("sources"),
        pl.lit(1, dtype=pl.Int64).alias("count"),
        pl.col("seen").alias("first_seen"),
        pl.col("seen").alias("last_seen"),
        "known_at",
        "confidence",
    )


def named(rows: pl.DataFrame, prefix: str, column: str) -> pl.Series:
    """The uids of values that rows name, which are their own ids: ``prefix`` and the value."""
    return rows.select(_prefixed(prefix, column)).to_series().drop_nulls()


def address_uid(building: str, unit: str | None) -> str:
    """The uid of one place, as ``address_uids`` gives it."""
    return opaque_id("address:", f"{building}{_PART}{unit or ''}")


def address_uids(building: pl.Series, unit: pl.Series) -> pl.Series:
    """Uids of places; null where there is no building key. ``unit`` null means the building itself."""
    text = pl.select(pl.concat_str([building, unit.fill_null("")], separator=_PART)).to_series()
    return opaque_ids("address:", text)


def _claims(rows: pl.DataFrame, src: pl.Expr, dst: pl.Expr, record: pl.Expr | None = None) -> pl.DataFrame:
    record = pl.col("record_id") if record is None else record
    return (
        rows.select(src.alias("src"), dst.alias("dst"), record.alias("record_id"), "seen", "known_at", "confidence")
        .drop_nulls(["src", "dst"])
        .select(CLAIM)
    )


def _values(source: _Source, column: str, prefix: str) -> pl.DataFrame:
    return _claims(source.rows, pl.col(source.party), _prefixed(prefix, source.prefix + column), source.record)


def _hashed(source: _Source, column: str, prefix: str) -> pl.DataFrame:
    uids = opaque_ids(prefix, source.rows[source.prefix + column])
    return _claims(
        source.rows.with_columns(uids.alias("value_uid")), pl.col(source.party), pl.col("value_uid"), source.record
    )


def _places(source: _Source) -> pl.DataFrame:
    return _claims(
        _with_address(source.rows, source.prefix), pl.col(source.party), pl.col("address_uid"), source.record
    )


def _mailing(importers: _Source) -> pl.DataFrame:
    return _claims(_with_address(importers.rows, "mailing_"), pl.col("uid"), pl.col("address_uid"))


def _websites(*sources: _Source) -> list[pl.DataFrame]:
    return [_values(source, "website", "website:") for source in sources]


def _listings(filed: pl.DataFrame) -> pl.DataFrame:
    """Affiliate ids in listings belong to whoever sells; without a seller id, to the importer."""
    tagged = filed.select(
        "record_id",
        "seen",
        "known_at",
        "confidence",
        pl.coalesce("seller_uid", "importer_uid").alias("party"),
        pl.col("affiliate_ids"),
    ).explode("affiliate_ids")
    return _claims(tagged, pl.col("party"), _prefixed("website:", "affiliate_ids"))


def _with_address(rows: pl.DataFrame, prefix: str) -> pl.DataFrame:
    return rows.with_columns(
        address_uids(rows[prefix + "building_key"], rows[prefix + "unit_key"]).alias("address_uid")
    )


def _prefixed(prefix: str, column: str) -> pl.Expr:
    return pl.concat_str([pl.lit(prefix), column])


def _trusted_as(rows: pl.DataFrame, confidence: pl.Expr) -> pl.DataFrame:
    return rows.with_columns(confidence.alias("confidence"))


def _filing_confidence() -> pl.Expr:
    low_value = pl.col("entry_type").is_null() | (pl.col("entry_type") == _LOW_VALUE_ENTRY)
    return pl.when(low_value).then(CONFIDENCE_ADVANCE_DATA).otherwise(CONFIDENCE_FILING)
