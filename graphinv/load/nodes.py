"""The nodes of the graph: one frame per label, a row per uid, columns as ``schema.py`` declares them."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from graphinv.load.claims import ClaimingRows
from graphinv.load.feed_rows import FeedRows
from graphinv.load.grouping import Groups, groups_of, least_rows, newest_rows, taken
from graphinv.normalise.columns import opaque_ids
from graphinv.normalise.places import port_names
from graphinv.resolve.arrays import Int32
from graphinv.resolve.coding import NOTHING, codes_of
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.versions import newest


def importer_nodes(records: PreparedRecords, shipments: FeedRows) -> pl.DataFrame:
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
    filed = _filed_importers(shipments, registered["uid"])
    named = pl.concat([registered, filed], how="diagonal")
    bare = _bare_numbers(records).join(named.select("uid"), on="uid", how="anti")
    nodes = pl.concat([named, bare], how="diagonal")
    return _with_history(nodes, records, shipments).with_columns(
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


def shipper_nodes(shipments: FeedRows) -> pl.DataFrame:
    """Foreign parties that ship, told apart by name and country."""
    told = _Told(shipments, groups_of(shipments.code("shipper_uid")))
    rows = shipments.frame
    named = rows.select(pl.coalesce("shipper_name_caption", "shipper_address_caption")).to_series()
    first = pl.DataFrame({"group": told.groups.of, "seen": rows["seen"], "known_at": rows["known_at"]})
    earliest = first.filter(pl.col("group") >= 0).group_by("group").min().sort("group")
    return pl.DataFrame(
        {
            "uid": rows["shipper_uid"].gather(told.groups.first),
            "caption": told.last(named),
            "name_key": told.last(rows["shipper_name_key"]),
            "country": told.last(rows["shipper_country"]),
            "first_seen": earliest["seen"],
            "known_at": earliest["known_at"],
        }
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


def address_nodes(rows: ClaimingRows) -> pl.DataFrame:
    """Units and the buildings that hold them; every unit brings its building."""
    units = pl.concat(_places_of(party.rows, prefix) for party, prefix in rows.places())
    buildings = units.with_columns(
        pl.col("building").alias("place"),
        pl.lit(None, dtype=pl.String).alias("unit_key"),
        pl.when(pl.col("unit_key").is_null()).then("address_caption").alias("address_caption"),
        pl.lit(False).alias("mail_drop"),
    )
    merged = pl.concat([units, buildings]).group_by("place").agg(
        pl.col("address_caption").min().alias("caption"),
        pl.col("building_key").first(),
        pl.col("unit_key").first().alias("unit"),
        *(pl.col(name).min() for name in _PLACE),
        pl.col("mail_drop").any(),
    )  # fmt: skip
    return merged.select(
        rows.addresses.uids(merged["place"].to_numpy()).alias("uid"),
        pl.coalesce("caption", _building_caption()),
        pl.exclude("place", "caption"),
    )


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


@dataclass(frozen=True)
class _Told:
    """What the newest shipments tell of parties that they name: ``groups`` says which rows name the same one."""

    rows: FeedRows
    groups: Groups

    def last(self, values: pl.Series) -> pl.Series:
        """The newest value that is one, by party; of those known at one moment that of the last record."""
        there = values.is_not_null().to_numpy()
        found = newest_rows(*self._sized, self.rows.moments(), self.rows.rank(""), there)
        return taken(values, found)

    def any(self, told: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether it is told of any shipment, by party."""
        group, size = self._sized
        return np.bincount(group[(group >= 0) & told.to_numpy()], minlength=size) > 0

    @property
    def _sized(self) -> tuple[Int32, int]:
        return self.groups.of, len(self.groups.first)


def _filed_importers(shipments: FeedRows, registered: pl.Series) -> pl.DataFrame:
    """Importers known from shipments alone: provisional ones, and numbers without a registration."""
    code, rows = shipments.code("importer_uid"), shipments.frame
    elsewhere = pl.Series(code).is_in(pl.Series(codes_of(registered)).implode()).to_numpy()
    told = _Told(shipments, groups_of(np.where(elsewhere, NOTHING, code)))
    disputed = rows["claimed_uid"].is_not_null()
    shown = pl.col("number_shown")
    numbers = rows.select(
        pl.when(pl.col("claimed_uid").is_null()).then(shown).alias("number"),
        pl.when(pl.col("claimed_uid").is_not_null()).then(shown).alias("claimed_number"),
    )
    return pl.DataFrame(
        {
            "uid": rows["importer_uid"].gather(told.groups.first),
            "caption": told.last(rows["consignee_name_caption"]),
            "name_key": told.last(rows["consignee_name_key"]),
            "country": told.last(rows["consignee_country"]),
            "number": told.last(numbers["number"]),
            "claimed_number": told.last(numbers["claimed_number"]),
            "provisional": told.any(rows["number_uid"].is_null()) | told.any(disputed),
        }
    )


def _bare_numbers(records: PreparedRecords) -> pl.DataFrame:
    claimed = records.shipments.select(pl.col("claimed_uid").alias("uid"), "number_shown", "known_at")
    seized = records.seizures.select(pl.col("importer_uid").alias("uid"), "number_shown", "known_at")
    vetted = records.trusted.select("uid", "number_shown", "known_at")
    rows = _earliest(pl.concat([claimed, seized, vetted]), "number_shown")
    return rows.select("uid", pl.col("number_shown").alias("number"), pl.lit(False).alias("provisional"))


def _with_history(nodes: pl.DataFrame, records: PreparedRecords, shipments: FeedRows) -> pl.DataFrame:
    """Adds first_seen, known_at, shipments and possible_victim."""
    filing = shipments.code("importer_uid")
    named = [
        rows.select("seen", "known_at", pl.Series("code", codes), pl.lit(codes is filing).alias("filed"))
        for codes, rows in (
            (filing, records.shipments),
            (codes_of(records.importers["uid"]), records.importers),
            (codes_of(records.seizures["importer_uid"]), records.seizures),
            (codes_of(records.trusted["uid"]), records.trusted),
        )
    ]
    told = pl.concat(named).lazy().group_by("code").agg(
        pl.col("filed").sum().cast(pl.Int64).alias("shipments"),
        pl.col("seen").min().alias("first_seen"),
        pl.col("known_at").min(),
    )  # fmt: skip
    history = told.with_columns(pl.when(pl.col("shipments") > 0).then("shipments")).collect(engine="streaming")
    victims = pl.Series(shipments.code("claimed_uid")).unique().implode()
    coded = nodes.with_columns(pl.Series("code", codes_of(nodes["uid"])))
    found = coded.join(history, on="code", how="left").with_columns(
        pl.when(pl.col("code").is_in(victims)).then(True).alias("possible_victim")
    )
    return found.drop("code")


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


_PLACE = ("city", "state", "postal_code", "country")


def _places_of(rows: FeedRows, prefix: str) -> pl.DataFrame:
    """The places that rows of a feed name, each once: codes of it and of its building, and its smallest words."""
    group, first = groups_of(rows.place(prefix))
    frame = rows.frame

    def least(column: str) -> pl.Series:
        values = frame[prefix + column]
        return taken(values, least_rows(group, len(first), values)).alias(column)

    drops = frame[prefix + "mail_drop"].fill_null(False).to_numpy()
    return pl.DataFrame(
        [
            pl.Series("place", rows.place(prefix)[first]),
            pl.Series("building", rows.building(prefix)[first]),
            frame[prefix + "building_key"].gather(first).alias("building_key"),
            frame[prefix + "unit_key"].gather(first).alias("unit_key"),
            *(least(column) for column in ("address_caption", *_PLACE)),
            pl.Series("mail_drop", np.bincount(group[(group >= 0) & drops], minlength=len(first)) > 0),
        ]
    )


def _uid(prefix: str, first: str, *others: str) -> pl.Expr:
    rest = [part for name in others for part in (pl.lit("/"), pl.col(name))]
    return pl.concat_str([pl.lit(prefix), pl.col(first), *rest]).alias("uid")


def _day(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Date).alias(column)
