"""The nodes of the graph: one frame per label, a row per uid, columns as ``schema.py`` declares them."""

from datetime import datetime

import polars as pl

from graphinv.load.claims import address_uids
from graphinv.normalise.columns import opaque_ids
from graphinv.normalise.places import port_names
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.versions import newest


def importer_nodes(records: PreparedRecords) -> pl.DataFrame:
    """Registered importers, provisional ones, and numbers that only a filing, a seizure or a vetting names."""
    registered = newest(records.importers, "uid").select(
        "uid",
        pl.col("name_caption").alias("caption"),
        "name_key",
        "country",
        pl.col("number_shown").alias("number"),
        pl.col("dba_caption").alias("dba"),
        "company_type",
        _day("registered_on"),
        pl.col("number_key").is_null().alias("provisional"),
    )
    filed = _filed_importers(records.shipments).join(registered.select("uid"), on="uid", how="anti")
    named = pl.concat([registered, filed], how="diagonal")
    bare = _bare_numbers(records).join(named.select("uid"), on="uid", how="anti")
    nodes = pl.concat([named, bare], how="diagonal")
    return _with_history(nodes, records).with_columns(
        pl.coalesce("caption", "number", pl.lit("unnamed consignee")).alias("caption")
    )


def seller_nodes(records: PreparedRecords) -> pl.DataFrame:
    """Marketplace accounts, declared by a marketplace or only named on a shipment or a seizure."""
    declared = newest(records.sellers, "uid").select(
        "uid",
        pl.coalesce("name_caption", "display_name", pl.col("uid").str.slice(len("seller:"))).alias("caption"),
        "name_key",
        "country",
        "platform",
        "seller_id",
        "display_name",
        pl.col("name_caption").alias("legal_name"),
        _day("opened_on"),
        _day("verified_on"),
        "known_at",
    )
    named = pl.concat(
        rows.select(pl.col("seller_uid").alias("uid"), "platform", "seller_id", "known_at")
        for rows in (records.shipments, records.seizures)
    )
    only_named = _earliest(named, "platform", "seller_id").join(declared.select("uid"), on="uid", how="anti")
    seen = _first_seen(
        records.shipments.select(pl.col("seller_uid").alias("uid"), "seen"), records.sellers.select("uid", "seen")
    )
    return (
        pl.concat([declared, only_named], how="diagonal")
        .with_columns(pl.coalesce("caption", pl.col("uid").str.slice(len("seller:"))).alias("caption"))
        .join(seen, on="uid", how="left")
    )


def shipper_nodes(shipments: pl.DataFrame) -> pl.DataFrame:
    """Foreign parties that ship, told apart by name and country."""
    named = pl.coalesce("shipper_name_caption", "shipper_address_caption")
    rows = _oldest_first(shipments.filter(pl.col("shipper_uid").is_not_null())).with_columns(named.alias("caption"))
    return rows.group_by(pl.col("shipper_uid").alias("uid"), maintain_order=True).agg(
        _last("caption"),
        _last("shipper_name_key").alias("name_key"),
        _last("shipper_country").alias("country"),
        pl.col("seen").min().alias("first_seen"),
        pl.col("known_at").min(),
    )


def shipment_nodes(records: PreparedRecords) -> pl.DataFrame:
    """Shipments with their latest examination."""
    examined = newest(records.inspections.filter(pl.col("shipment_id").is_not_null()), "shipment_id").select(
        "shipment_id",
        _day("inspected_on"),
        pl.col("result").alias("inspection_result"),
        pl.col("selection").alias("inspection_selection"),
    )
    return records.shipments.select(
        _uid("shipment:", "shipment_id"),
        pl.concat_str([pl.lit("Shipment "), "shipment_id"]).alias("caption"),
        "shipment_id",
        "filed_at",
        pl.col("filed_at").dt.date().alias("filed_on"),
        _day("arrived_on"),
        "entry_type", "entry_number", "master_bill", "mode", "port_code", "carrier", "description", "hts",
        "origin_country", "quantity", "weight_kg", "value_usd", "listing_url",
        pl.when("disputed").then(True).alias("importer_number_disputed"),
        "known_at",
    ).join(examined, on="shipment_id", how="left")  # fmt: skip


def address_nodes(records: PreparedRecords) -> pl.DataFrame:
    """Units and the buildings that hold them; every unit brings its building."""
    given = pl.concat([*_addresses_of(records)])
    units = given.with_columns(address_uids(given["building_key"], given["unit_key"]).alias("uid"))
    buildings = given.with_columns(
        address_uids(given["building_key"], pl.repeat(None, len(given), dtype=pl.String, eager=True)).alias("uid"),
        pl.lit(None, dtype=pl.String).alias("unit_key"),
        pl.when(pl.col("unit_key").is_null()).then("address_caption").alias("address_caption"),
        pl.lit(False).alias("mail_drop"),
    )
    merged = pl.concat([units, buildings.select(units.columns)]).group_by("uid").agg(
        pl.col("address_caption").min().alias("caption"),
        pl.col("building_key").first(),
        pl.col("unit_key").first().alias("unit"),
        *(pl.col(name).min() for name in ("city", "state", "postal_code", "country")),
        pl.col("mail_drop").any(),
    )  # fmt: skip
    return merged.with_columns(pl.coalesce("caption", _building_caption()).alias("caption"))


def _building_caption() -> pl.Expr:
    """A building that nobody gave as such, in words: its street from the key, then its place."""
    street = pl.col("building_key").str.split("|").list.first().str.to_titlecase()
    return pl.concat_str([street, "city", "state", "country"], separator=", ", ignore_nulls=True)


def value_nodes(uids: pl.Series, prefix: str) -> pl.DataFrame:
    """Nodes whose uid says what they are: the caption is the uid without its prefix."""
    return pl.DataFrame({"uid": uids.unique().sort()}).with_columns(
        pl.col("uid").str.slice(len(prefix)).alias("caption")
    )


def officer_nodes(importers: pl.DataFrame) -> pl.DataFrame:
    """People who sign for importers, told apart by name only: an officer alone never makes two firms one."""
    rows = importers.select(
        opaque_ids("officer:", importers["officer_key"]).alias("uid"), "officer_caption", "officer_key"
    )
    return _keyed(rows, "officer_caption", "officer_key")


def bank_account_nodes(sellers: pl.DataFrame) -> pl.DataFrame:
    """Accounts that marketplaces pay; only the last four digits are kept."""
    rows = sellers.select(
        opaque_ids("bank:", sellers["bank_account"]).alias("uid"),
        pl.concat_str([pl.lit("account …"), pl.col("bank_account").str.tail(4)]).alias("caption"),
    )
    return rows.drop_nulls("uid").group_by("uid").agg(pl.col("caption").min())


def port_nodes(uids: pl.Series) -> pl.DataFrame:
    """Ports with their Schedule D names."""
    codes = value_nodes(uids, "port:").rename({"caption": "port_code"})
    names = pl.DataFrame(
        list(port_names().items()), schema={"port_code": pl.String, "port_name": pl.String}, orient="row"
    )
    return codes.join(names, on="port_code", how="left").select(
        "uid",
        pl.concat_str([pl.coalesce("port_name", pl.lit("port")), pl.lit(" ("), "port_code", pl.lit(")")]).alias(
            "caption"
        ),
        "port_code",
    )


def commodity_nodes(uids: pl.Series) -> pl.DataFrame:
    """Kinds of goods by six HTS digits."""
    return value_nodes(uids, "commodity:").select("uid", pl.concat_str([pl.lit("HTS "), "caption"]).alias("caption"),
                                                  pl.col("caption").alias("hts6"))  # fmt: skip


def manufacturer_nodes(uids: pl.Series) -> pl.DataFrame:
    """Manufacturer codes; the first two letters are the country."""
    return value_nodes(uids, "mid:").with_columns(pl.col("caption").str.slice(0, 2).alias("country"))


def seizure_nodes(seizures: pl.DataFrame) -> pl.DataFrame:
    """Seizures as they stand."""
    return seizures.select(
        _uid("seizure:", "seizure_id"),
        pl.concat_str(
            [pl.lit("Seizure "), "seizure_id", pl.concat_str([pl.lit(": "), "commodity"]).fill_null("")]
        ).alias("caption"),
        "seizure_id", "seized_on", "category", "commodity", "hts", "quantity", "unit", "msrp_usd",
        "port_code", "mode", "status", _day("status_on"), "known_at",
    )  # fmt: skip


def watchlist_nodes(watchlist: pl.DataFrame) -> pl.DataFrame:
    """Entries of watch lists."""
    return watchlist.select(
        _uid("watchlist:", "list", "entry_id"),
        pl.coalesce("name_caption", "entry_id").alias("caption"),
        "list", "entry_id", "kind", "country", "aliases", "hts_prefixes", _day("effective_on"), _day("ended_on"),
        "reference_url", "known_at",
    )  # fmt: skip


def trusted_now(trusted: pl.DataFrame, clock: datetime) -> pl.DataFrame:
    """(uid, trusted_programs, trusted_until) of vettings in force on the clock's day."""
    day = clock.date()
    current = trusted.filter(
        (pl.col("vetted_on") <= day) & (pl.col("expires_on").is_null() | (pl.col("expires_on") >= day))
    )
    named = current.select(
        "uid",
        "expires_on",
        pl.concat_str(["program", pl.concat_str([pl.lit(" "), "tier"]).fill_null("")]).alias("program"),
    )
    return named.group_by("uid").agg(
        pl.col("program").unique().sort().alias("trusted_programs"), pl.col("expires_on").max().alias("trusted_until")
    )


def _filed_importers(shipments: pl.DataFrame) -> pl.DataFrame:
    """Importers known from shipments alone: provisional ones, and numbers without a registration."""
    shown = pl.col("number_shown")
    rows = _oldest_first(shipments).with_columns(
        pl.when(pl.col("claimed_uid").is_null()).then(shown).alias("number"),
        pl.when(pl.col("claimed_uid").is_not_null()).then(shown).alias("claimed_number"),
    )
    return rows.group_by(pl.col("importer_uid").alias("uid"), maintain_order=True).agg(
        _last("consignee_name_caption").alias("caption"),
        _last("consignee_name_key").alias("name_key"),
        _last("consignee_country").alias("country"),
        _last("number"),
        _last("claimed_number"),
        pl.col("number_uid").is_null().any().alias("provisional") | pl.col("claimed_uid").is_not_null().any(),
    )


def _oldest_first(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort("known_at", "record_id")


def _last(column: str) -> pl.Expr:
    """The newest value that is one, of rows sorted by ``_oldest_first``."""
    return pl.col(column).drop_nulls().last()


def _bare_numbers(records: PreparedRecords) -> pl.DataFrame:
    claimed = records.shipments.select(pl.col("claimed_uid").alias("uid"), "number_shown", "known_at")
    seized = records.seizures.select(pl.col("importer_uid").alias("uid"), "number_shown", "known_at")
    vetted = records.trusted.select("uid", "number_shown", "known_at")
    rows = _earliest(pl.concat([claimed, seized, vetted]), "number_shown")
    return rows.select("uid", pl.col("number_shown").alias("number"), pl.lit(False).alias("provisional"))


def _with_history(nodes: pl.DataFrame, records: PreparedRecords) -> pl.DataFrame:
    """Adds first_seen, known_at, shipments and possible_victim."""
    filed = records.shipments.group_by(pl.col("importer_uid").alias("uid")).agg(
        pl.len().cast(pl.Int64).alias("shipments")
    )
    named = pl.concat(
        [
            records.importers.select("uid", "seen", "known_at"),
            records.shipments.select(pl.col("importer_uid").alias("uid"), "seen", "known_at"),
            records.seizures.select(pl.col("importer_uid").alias("uid"), "seen", "known_at"),
            records.trusted.select("uid", "seen", "known_at"),
        ]
    )
    first = (
        named.drop_nulls("uid").group_by("uid").agg(pl.col("seen").min().alias("first_seen"), pl.col("known_at").min())
    )
    victims = records.shipments.select(pl.col("claimed_uid").alias("uid")).drop_nulls().unique()
    return (
        nodes.join(filed, on="uid", how="left")
        .join(first, on="uid", how="left")
        .join(victims.with_columns(pl.lit(True).alias("possible_victim")), on="uid", how="left")
    )


def _first_seen(*frames: pl.DataFrame) -> pl.DataFrame:
    return pl.concat(frames).drop_nulls("uid").group_by("uid").agg(pl.col("seen").min().alias("first_seen"))


def _earliest(rows: pl.DataFrame, *kept: str) -> pl.DataFrame:
    return rows.drop_nulls("uid").group_by("uid").agg(*(pl.col(name).min() for name in kept), pl.col("known_at").min())


def _keyed(rows: pl.DataFrame, caption: str, key: str) -> pl.DataFrame:
    return (
        rows.drop_nulls("uid")
        .group_by("uid")
        .agg(pl.col(caption).min().alias("caption"), pl.col(key).min().alias("name_key"))
    )


def _addresses_of(records: PreparedRecords) -> list[pl.DataFrame]:
    columns = ("building_key", "unit_key", "address_caption", "city", "state", "postal_code", "country", "mail_drop")
    roles = [
        (records.importers, ""),
        (records.sellers, ""),
        (records.shipments, "consignee_"),
        (records.shipments, "shipper_"),
    ]
    frames = [
        rows.select(pl.col(prefix + name).alias(name) for name in columns).filter(pl.col("building_key").is_not_null())
        for rows, prefix in roles
    ]
    mailing = records.importers.select(pl.col(f"mailing_{name}").alias(name) for name in columns)
    return [*frames, mailing.filter(pl.col("building_key").is_not_null())]


def _uid(prefix: str, first: str, *others: str) -> pl.Expr:
    rest = [part for name in others for part in (pl.lit("/"), pl.col(name))]
    return pl.concat_str([pl.lit(prefix), pl.col(first), *rest]).alias("uid")


def _day(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Date).alias(column)
