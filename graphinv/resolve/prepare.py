"""Recorded rows with the keys that comparison and loading need: one prepared row per record.

The prepared rows are a projection: ``prepare`` is a pure function of a recorded row and of the workspace's hash key,
so they are made once per batch, kept beside it, and thrown away when ``PREPARED_VERSION`` moves on.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from graphinv.normalise import columns as normal
from graphinv.normalise.hashing import HASHED_PREFIX, MASKED_NUMBER
from graphinv.records import CODE_SUFFIX, NUMBER_SUFFIX, TIME_SUFFIX, UNDATED

#: Raise it whenever a normaliser or this file changes what it gives; batches are then prepared anew.
PREPARED_VERSION = 5


@dataclass(frozen=True)
class AddressColumns:
    """Which columns of a feed make one address."""

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class PartyColumns:
    """Which columns of a feed describe one party; ``prefix`` goes before the prepared names."""

    prefix: str
    name: str
    address: AddressColumns
    phone: str | None = None
    email: str | None = None
    website: str | None = None


IMPORTER = PartyColumns(
    "", "name", AddressColumns("address_line1", "address_line2", "city", "state", "postal_code", "country"),
    "phone", "email", "website",
)  # fmt: skip
SELLER = PartyColumns(
    "", "legal_name", AddressColumns("address_line1", "address_line2", "city", "state", "postal_code", "country"),
    "phone", "email", "website",
)  # fmt: skip
CONSIGNEE = PartyColumns(
    "consignee_",
    "consignee_name",
    AddressColumns(
        "consignee_address_line1", "consignee_address_line2", "consignee_city",
        "consignee_state", "consignee_postal_code", "consignee_country",
    ),
    "consignee_phone",
    "consignee_email",
)  # fmt: skip
SHIPPER = PartyColumns(
    "shipper_", "shipper_name", AddressColumns("shipper_address", None, "shipper_city", None, None, "shipper_country")
)
LISTED = PartyColumns("", "name", AddressColumns("address", None, None, None, None, "country"))


def prepare(feed: str, rows: pl.DataFrame, hash_key: bytes) -> pl.DataFrame:
    """The prepared rows of one recorded batch, in its order.

    ``rows`` has the columns of the record store. Every value that normalises to nothing is null.
    """
    return pl.concat([_kept(rows), _PREPARERS[feed](rows, hash_key)], how="horizontal")


def _kept(rows: pl.DataFrame) -> pl.DataFrame:
    dated = pl.when(pl.col("known_at") != UNDATED).then("known_at")
    seen = pl.coalesce("event_at", dated).dt.date().alias("seen")
    return rows.select("record_id", "content", "known_at", seen)


def _importers(rows: pl.DataFrame, hash_key: bytes) -> pl.DataFrame:
    mailing = normal.text_address_columns(rows["mailing_address"])
    return _side_by_side(
        _number_columns(rows, hash_key),
        _party(rows, IMPORTER),
        normal.name_columns(rows["dba"]).select(
            pl.col("name_caption").alias("dba_caption"), pl.col("name_key").alias("dba_key")
        ),
        mailing.select(pl.all().name.prefix("mailing_")),
        _officer(rows),
        rows.select("company_type", _day("registered_on")),
    )


def _sellers(rows: pl.DataFrame, hash_key: bytes) -> pl.DataFrame:
    tax = normal.importer_number_columns(rows["tax_id"], hash_key)
    return _side_by_side(
        _account(rows),
        _party(rows, SELLER),
        tax.select(pl.col("number_key").alias("tax_key"), pl.col("ein_hash").alias("tax_hash")),
        normal.bank_account_columns(rows["bank_account"]),
        rows.select(pl.col("display_name").str.strip_chars(), _day("opened_on"), _day("verified_on")),
    )


def _shipments(rows: pl.DataFrame, hash_key: bytes) -> pl.DataFrame:
    return _side_by_side(
        _number_columns(rows, hash_key),
        _party(rows, CONSIGNEE),
        _party(rows, SHIPPER),
        _account(rows),
        _affiliates(rows),
        normal.mid_columns(rows.select("manufacturer_id")).select("mid"),
        normal.hts_columns(rows["hts"]),
        normal.port_columns(rows["port_code"]).select("port_code"),
        normal.country_columns(rows["origin_country"]).select(pl.col("country").alias("origin_country")),
        rows.select(
            _text("shipment_id"),
            pl.col("filed_at_ts").alias("filed_at"),
            _day("arrived_on"),
            _text("filer_code").str.to_uppercase(),
            _code("mode"),
            *(
                _text(name)
                for name in ("master_bill", "entry_number", "entry_type", "carrier", "description", "listing_url")
            ),
            *(_number(name) for name in ("quantity", "weight_kg", "value_usd")),
        ),
    )


def _seizures(rows: pl.DataFrame, hash_key: bytes) -> pl.DataFrame:
    return _side_by_side(
        _number_columns(rows, hash_key),
        _account(rows),
        normal.hts_columns(rows["hts"]),
        normal.port_columns(rows["port_code"]).select("port_code"),
        rows.select(
            _text("seizure_id"),
            _day("seized_on"),
            _text("shipment_id"),
            *(_text(name) for name in ("commodity", "unit")),
            *(_code(name) for name in ("category", "mode", "status")),
            _day("status_on"),
            *(_number(name) for name in ("quantity", "msrp_usd")),
        ),
    )


def _inspections(rows: pl.DataFrame, _hash_key: bytes) -> pl.DataFrame:
    return rows.select(
        _day("inspected_on"),
        _text("shipment_id"),
        _code("selection"),
        _code("result"),
    )


def _watchlist(rows: pl.DataFrame, _hash_key: bytes) -> pl.DataFrame:
    return _side_by_side(
        _party(rows, LISTED),
        rows.select(
            _text("list"),
            _text("entry_id"),
            _text("kind"),
            _text("reference_url"),
            *(_split(name) for name in ("aliases", "hts_prefixes")),
            *(_day(name) for name in ("effective_on", "ended_on")),
        ),
    )


def _trusted(rows: pl.DataFrame, hash_key: bytes) -> pl.DataFrame:
    return _side_by_side(
        _number_columns(rows, hash_key),
        rows.select(
            _text("program"),
            _text("tier"),
            *(_split(name) for name in ("scope_hts", "scope_origins")),
            _day("vetted_on"),
            _day("expires_on"),
        ),
    )


_PREPARERS: dict[str, Callable[[pl.DataFrame, bytes], pl.DataFrame]] = {
    "importers": _importers,
    "sellers": _sellers,
    "shipments": _shipments,
    "seizures": _seizures,
    "inspections": _inspections,
    "watchlist": _watchlist,
    "trusted": _trusted,
}


def _party(rows: pl.DataFrame, party: PartyColumns) -> pl.DataFrame:
    """Name, address and contacts of one party, each column with the party's prefix."""
    parts = [normal.name_columns(rows[party.name]), _address(rows, party.address)]
    if party.phone is not None:
        parts.append(normal.phone_columns(rows[party.phone], parts[1]["country"]))
    if party.email is not None:
        parts.append(normal.email_columns(rows[party.email]))
    if party.website is not None:
        parts.append(normal.website_columns(rows[party.website]).select("website"))
    return _side_by_side(*parts).select(pl.all().name.prefix(party.prefix))


def _address(rows: pl.DataFrame, names: AddressColumns) -> pl.DataFrame:
    given = {
        part: rows[column]
        if column is not None
        else pl.Series(part, [None], dtype=pl.String).new_from_index(0, len(rows))
        for part, column in vars(names).items()
    }
    return normal.address_columns(pl.DataFrame([series.alias(part) for part, series in given.items()]))


def _number_columns(rows: pl.DataFrame, hash_key: bytes) -> pl.DataFrame:
    """The importer number: its key, its kind, the hash of its nine digits, and what may be shown of it."""
    hashed = pl.col("number_key").str.starts_with(HASHED_PREFIX)
    return normal.importer_number_columns(rows["importer_number"], hash_key).with_columns(
        pl.when(hashed).then(pl.lit(MASKED_NUMBER)).otherwise("number_key").alias("number_shown")
    )


def _affiliates(rows: pl.DataFrame) -> pl.DataFrame:
    """Affiliate and tracking ids of a listing, each with the host that gave it: ``host?parameter=value``."""
    if rows["listing_url"].null_count() == len(rows):
        return pl.select(pl.repeat(None, len(rows), dtype=pl.List(pl.String)).alias("affiliate_ids"))
    sites = normal.website_columns(rows["listing_url"])
    host = pl.col("website").str.split("/").list.first()
    numbered = sites.with_row_index("row").explode("affiliate_ids").drop_nulls("affiliate_ids")
    told = numbered.select("row", pl.concat_str([host, pl.lit("?"), "affiliate_ids"]).alias("affiliate_ids"))
    grouped = told.group_by("row").agg("affiliate_ids")
    order = pl.DataFrame({"row": pl.int_range(len(rows), dtype=pl.UInt32, eager=True)})
    return order.join(grouped, on="row", how="left", maintain_order="left").select("affiliate_ids")


def _officer(rows: pl.DataFrame) -> pl.DataFrame:
    return normal.name_columns(rows["officer_name"]).select(
        pl.col("name_caption").alias("officer_caption"), pl.col("name_key").alias("officer_key")
    )


def _account(rows: pl.DataFrame) -> pl.DataFrame:
    """A marketplace account: the platform folded, the seller id as it is (ids may differ by case)."""
    return rows.select(_text("platform").str.to_lowercase(), _text("seller_id"))


def _side_by_side(*frames: pl.DataFrame) -> pl.DataFrame:
    return pl.concat(frames, how="horizontal")


def _text(name: str) -> pl.Expr:
    stripped = pl.col(name).str.strip_chars()
    return pl.when(stripped != "").then(stripped).alias(name)


def _day(name: str) -> pl.Expr:
    """A date column: the day it names, null when it names none."""
    return pl.col(name + TIME_SUFFIX).dt.date().alias(name)


def _number(name: str) -> pl.Expr:
    return pl.col(name + NUMBER_SUFFIX).alias(name)


def _code(name: str) -> pl.Expr:
    return pl.col(name + CODE_SUFFIX).alias(name)


def _split(name: str) -> pl.Expr:
    parts = pl.col(name).str.split(";").list.eval(pl.element().str.strip_chars())
    return parts.list.eval(pl.element().filter(pl.element() != "")).alias(name)
