"""Which records name some parties, numbers or places: read from the prepared rows without reading the rest."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from graphinv.load.claims import address_uids
from graphinv.prepared import scan_rows
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.versions import newest
from graphinv.workspace import Workspace

_ACCOUNT = pl.concat_str("platform", pl.lit("/"), "seller_id")
#: The places of a record: the feed, and what stands before the columns of an address.
PLACES = (("importers", ""), ("importers", "mailing_"), ("sellers", ""), ("shipments", "consignee_"),
          ("shipments", "shipper_"))  # fmt: skip


@dataclass(frozen=True)
class Keys:
    """What records are found by, as prepared rows write it: record ids, importer numbers in every spelling, keys of
    the names of importers and consignees, of shippers, of the buildings of shippers without a name, accounts of
    sellers, and units of buildings."""

    records: pl.Series
    numbers: pl.Series
    names: pl.Series
    shippers: pl.Series
    warehouses: pl.Series
    accounts: pl.Series
    units: pl.Series

    @classmethod
    def of(cls, records: PreparedRecords) -> "Keys":
        """All that some records name."""
        importers, sellers, shipments = records.importers, records.sellers, records.shipments
        nameless = shipments.filter(pl.col("shipper_name_key").is_null())
        return cls(
            records=_all(importers["record_id"], sellers["record_id"], shipments["record_id"]),
            numbers=_all(importers["number_key"], importers["ein_hash"], shipments["number_key"]),
            names=_all(importers["name_key"], shipments["consignee_name_key"]),
            shippers=_all(shipments["shipper_name_key"]),
            warehouses=_all(nameless["shipper_building_key"]),
            accounts=_all(*(rows.select(_ACCOUNT).to_series() for rows in (sellers, shipments))),
            units=_all(*(getattr(records, feed).select(_unit(prefix)).to_series() for feed, prefix in PLACES)),
        )


class OnFile:
    """The prepared rows of importers, sellers and shipments, up to a batch."""

    def __init__(self, workspace: Workspace, newest_seq: int, empty: PreparedRecords) -> None:
        self._rows = {feed: scan_rows(workspace, feed, newest_seq) for feed in ("importers", "sellers", "shipments")}
        self._empty = empty

    def versions(self, record_ids: pl.Series, numbers: pl.Series) -> PreparedRecords:
        """Every version of some records, and of those that name one of some numbers."""
        named = pl.col("record_id").is_in(record_ids.implode())
        if numbers.is_empty():
            feeds = [feed for feed in self._rows if record_ids.str.starts_with(f"{feed}:").any()]
            return replace(self._empty, **{feed: self._read(feed, named) for feed in feeds})
        numbered = pl.col("number_key").is_in(numbers.implode())
        return replace(
            self._empty,
            importers=self._read("importers", named | numbered | pl.col("ein_hash").is_in(numbers.implode())),
            sellers=self._read("sellers", named),
            shipments=self._every_version(named | numbered),
        )

    def naming(self, keys: Keys) -> PreparedRecords:
        """All registrations, and the newest version of shipments, that name any of the keys; some others may be among
        them."""
        shipments = self._every_version(_naming_in_shipments(keys))
        return replace(
            self._empty,
            importers=self._read("importers", _naming_in_importers(keys)),
            sellers=self._read("sellers", _ACCOUNT.is_in(keys.accounts.implode()) | _housed(keys, "")),
            shipments=newest(shipments, "record_id"),
        )

    def _every_version(self, wanted: pl.Expr) -> pl.DataFrame:
        """All versions of the shipments of which one is wanted."""
        found = self._rows["shipments"].filter(wanted).select("record_id").collect().to_series().unique()
        return self._read("shipments", pl.col("record_id").is_in(found.implode()))

    def _read(self, feed: str, wanted: pl.Expr) -> pl.DataFrame:
        return self._rows[feed].filter(wanted).collect()


def places_of(records: PreparedRecords) -> pl.Series:
    """The uids of all places that records name."""
    told = [
        address_uids(rows[f"{prefix}building_key"], rows[f"{prefix}unit_key"])
        for feed, prefix in PLACES
        for rows in (getattr(records, feed),)
    ]
    return _all(*told)


def _naming_in_importers(keys: Keys) -> pl.Expr:
    numbered = pl.col("number_key").is_in(keys.numbers.implode()) | pl.col("ein_hash").is_in(keys.numbers.implode())
    return _any(numbered, pl.col("name_key").is_in(keys.names.implode()), *(_housed(keys, p) for p in ("", "mailing_")))


def _naming_in_shipments(keys: Keys) -> pl.Expr:
    nameless = pl.col("shipper_name_key").is_null() & pl.col("shipper_building_key").is_in(keys.warehouses.implode())
    return _any(
        pl.col("record_id").is_in(keys.records.implode()),
        pl.col("number_key").is_in(keys.numbers.implode()),
        pl.col("consignee_name_key").is_in(keys.names.implode()),
        pl.col("shipper_name_key").is_in(keys.shippers.implode()),
        nameless,
        _ACCOUNT.is_in(keys.accounts.implode()),
        _housed(keys, "consignee_"),
        _housed(keys, "shipper_"),
    )


def _housed(keys: Keys, prefix: str) -> pl.Expr:
    return _unit(prefix).is_in(keys.units.implode())


def _unit(prefix: str) -> pl.Expr:
    """Of a place its building and unit as one key; null without a unit, as a building is in no other."""
    return pl.concat_str(f"{prefix}building_key", pl.lit("\x1f"), f"{prefix}unit_key")


def _any(*wanted: pl.Expr) -> pl.Expr:
    return pl.any_horizontal(one.fill_null(value=False) for one in wanted)


def _all(*found: Iterable[str | None]) -> pl.Series:
    return pl.concat([pl.Series(one, dtype=pl.String) for one in found]).drop_nulls().unique()
