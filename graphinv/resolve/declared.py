"""What every party declared about itself: all records of one identity, value by value.

An identity (``uid``) is one number, one account, one consignee without a number. It may have several names, places and
contacts; the match model compares the best of each.
"""

from dataclasses import dataclass, fields

import polars as pl

from graphinv.normalise.address_text import locality_column
from graphinv.resolve.identities import PreparedRecords

#: Single-valued normalised records as ``declared_by_records`` takes them; ``address_words`` is a list of strings.
RECORD_COLUMNS = (
    "record_id", "name_key", "name_kind", "building_key", "unit_key", "locality", "postal_code", "address_words",
    "phone", "email", "website", "number", "officer", "bank_account", "mid", "country", "birth_date",
)  # fmt: skip


@dataclass(frozen=True)
class Declared:
    """One frame an attribute, each with ``uid`` and the values that it declared, repeated as often as they were.

    ``names``: key, kind. ``addresses``: building_key, unit_key, locality, postal_code, caption (the text of the
    address). The others: value. ``numbers`` holds importer and tax numbers in one code space.
    """

    names: pl.DataFrame
    addresses: pl.DataFrame
    phones: pl.DataFrame
    emails: pl.DataFrame
    websites: pl.DataFrame
    numbers: pl.DataFrame
    officers: pl.DataFrame
    bank_accounts: pl.DataFrame
    mids: pl.DataFrame
    countries: pl.DataFrame
    birth_dates: pl.DataFrame

    def of(self, uids: pl.Series) -> "Declared":
        """What some parties declared."""
        return Declared(**{
            field.name: getattr(self, field.name).filter(pl.col("uid").is_in(uids.implode())) for field in fields(self)
        })  # fmt: skip


def declared_by(records: PreparedRecords) -> Declared:
    """What the parties of identified records declared: importers, sellers, consignees and shippers."""
    importers, sellers, shipments = records.importers, records.sellers, records.shipments
    consignee, shipper = ("importer_uid", "consignee_"), ("shipper_uid", "shipper_")
    addresses = [
        _address(importers, "uid", ""),
        _address(importers, "uid", "mailing_"),
        _address(sellers, "uid", ""),
        _address(shipments, *consignee),
        _address(shipments, *shipper),
    ]
    return Declared(
        names=_names(records),
        addresses=pl.concat(addresses),
        phones=_values(
            (importers, "uid", "phone"), (sellers, "uid", "phone"), (shipments, consignee[0], "consignee_phone"),
        ),
        emails=_values(
            (importers, "uid", "email"), (sellers, "uid", "email"), (shipments, consignee[0], "consignee_email"),
        ),
        websites=_values((importers, "uid", "website"), (sellers, "uid", "website")),
        numbers=_numbers(importers, sellers),
        officers=_values((importers, "uid", "officer_key")),
        bank_accounts=_values((sellers, "uid", "bank_account")),
        mids=_values((shipments, shipper[0], "mid")),
        countries=_values(
            (importers, "uid", "country"), (sellers, "uid", "country"),
            (shipments, consignee[0], "consignee_country"), (shipments, shipper[0], "shipper_country"),
        ),
        birth_dates=_nobody("value"),
    )  # fmt: skip


def declared_by_records(records: pl.DataFrame) -> Declared:
    """The same from records that are parties of their own; ``records`` has RECORD_COLUMNS, and uid is record_id."""

    def values(column: str) -> pl.DataFrame:
        return _values((records, "record_id", column))

    uid = pl.col("record_id").alias("uid")
    words = pl.col("address_words").list.join(" ").alias("caption")
    placed = pl.any_horizontal(pl.col("building_key", "locality", "postal_code").is_not_null(), words != "")
    return Declared(
        names=records.select(uid, pl.col("name_key").alias("key"), pl.col("name_kind").alias("kind")).drop_nulls("key"),
        addresses=records.filter(placed).select(uid, "building_key", "unit_key", "locality", "postal_code", words),
        phones=values("phone"),
        emails=values("email"),
        websites=values("website"),
        numbers=values("number"),
        officers=values("officer"),
        bank_accounts=values("bank_account"),
        mids=values("mid"),
        countries=values("country"),
        birth_dates=values("birth_date"),
    )


def _names(records: PreparedRecords) -> pl.DataFrame:
    def named(rows: pl.DataFrame, uid: str, key: str, kind: pl.Expr) -> pl.DataFrame:
        return rows.select(pl.col(uid).alias("uid"), pl.col(key).alias("key"), kind.alias("kind"))

    return pl.concat(
        [
            named(records.importers, "uid", "name_key", pl.col("name_kind")),
            named(records.importers, "uid", "dba_key", pl.lit("organisation")),
            _also_named(records.importers, "uid", "name_also"),
            _also_named(records.sellers, "uid", "name_also"),
            _also_named(records.shipments, "importer_uid", "consignee_name_also"),
            _also_named(records.shipments, "shipper_uid", "shipper_name_also"),
            named(records.sellers, "uid", "name_key", pl.col("name_kind")),
            named(records.shipments, "importer_uid", "consignee_name_key", pl.col("consignee_name_kind")),
            named(records.shipments, "shipper_uid", "shipper_name_key", pl.col("shipper_name_kind")),
        ]
    ).drop_nulls(["uid", "key"])


def _also_named(rows: pl.DataFrame, uid: str, names: str) -> pl.DataFrame:
    """The other names in a name ("ACME LLC DBA BEST SHOP")."""
    told = rows.select(pl.col(uid).alias("uid"), pl.col(names).alias("key")).drop_nulls("key").explode("key")
    return told.select("uid", "key", pl.lit("organisation").alias("kind"))


def _address(rows: pl.DataFrame, uid: str, prefix: str) -> pl.DataFrame:
    told = rows.select(
        pl.col(uid).alias("uid"),
        *(pl.col(f"{prefix}{name}").alias(name) for name in _OF_ADDRESS if f"{prefix}{name}" in rows.columns),
        pl.col(f"{prefix}address_caption").alias("caption"),
    ).drop_nulls(["uid", "caption"])
    place = told.select(pl.col("building_key").str.split("|").list.get(1, null_on_oob=True)).to_series()
    streetless = place.is_null()
    if streetless.any():
        place = place.scatter(streetless.arg_true(), locality_column(told.filter(streetless)))
    return told.select("uid", "building_key", "unit_key", place.alias("locality"), "postal_code", "caption")


_OF_ADDRESS = ("building_key", "unit_key", "city", "state", "postal_code", "country")


def _numbers(importers: pl.DataFrame, sellers: pl.DataFrame) -> pl.DataFrame:
    """Nine digits are compared by their hash, since a seller's tax number may be an importer's number."""
    registered = importers.select("uid", pl.coalesce("ein_hash", "number_key").alias("value"))
    taxed = sellers.select("uid", pl.coalesce("tax_hash", "tax_key").alias("value"))
    return pl.concat([registered, taxed]).drop_nulls()


def _values(*sources: tuple[pl.DataFrame, str, str]) -> pl.DataFrame:
    told = [rows.select(pl.col(uid).alias("uid"), pl.col(column).alias("value")) for rows, uid, column in sources]
    return pl.concat(told).drop_nulls()


def _nobody(*columns: str) -> pl.DataFrame:
    return pl.DataFrame(schema={"uid": pl.String, **dict.fromkeys(columns, pl.String)})
