"""What a batch of records brings that is not on record yet, and what of it says anew what is."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from graphinv.links.ledger import Ledger
from graphinv.normalise.hashing import opaque_id
from graphinv.resolve.identities import PreparedRecords, Registry, identify
from graphinv.resolve.versions import newest

#: Feeds whose records join parties and values; the others say something about those.
JOINING = ("importers", "sellers", "shipments")


class OnRecord:
    """Which records an epoch and what came since it hold, and the registry that they make."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._registered = ledger.registered
        self._ids: set[str] = set()
        self._contents: set[str] = set()

    def new(self, feed: str, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """(rows of new records, rows that say anew what is on record): word for word on record is neither."""
        said = rows["content"].is_in(list(self._contents)) | pl.Series(self._ledger.says(rows["content"]))
        fresh = rows.filter(~said)
        if feed == "shipments":
            held = pl.Series(self._ledger.rows_of(fresh["shipment_id"]) >= 0, dtype=pl.Boolean)
            fresh = newest(fresh.with_columns(held=held), "record_id").sort("known_at", "record_id")
        else:
            held = pl.Series(self._ledger.has_registrations(fresh["record_id"]), dtype=pl.Boolean)
            fresh = fresh.with_columns(held=held)
        other = fresh["held"] | fresh["record_id"].is_in(list(self._ids))
        return fresh.filter(~other).drop("held"), fresh.filter(other).drop("held")

    def remember(self, records: PreparedRecords) -> None:
        """These are on record from now on."""
        for feed in JOINING:
            rows = getattr(records, feed)
            self._ids.update(rows["record_id"])
            self._contents.update(rows["content"])
        self._registered = self._with(records.importers)

    def identify(self, records: PreparedRecords) -> PreparedRecords:
        """The records with the identities that all registrations give them, their own included."""
        registered = _named_in(self._with(records.importers), records)
        return identify(records, Registry(registered, self._ledger.shared_buildings))

    def spellings(self, numbers: pl.Series) -> pl.Series:
        """The numbers, and how else registrations write them: with and without what stands beside nine digits."""
        for _ in range(2):  # nine digits lead to the number, and the number to others with the same nine
            known = numbers.implode()
            theirs = self._registered.filter(pl.col("number_key").is_in(known) | pl.col("ein_hash").is_in(known))
            numbers = pl.concat([numbers, theirs["number_key"], theirs["ein_hash"]]).drop_nulls().unique()
        return numbers

    def _with(self, importers: pl.DataFrame) -> pl.DataFrame:
        return pl.concat([self._registered, importers.select(self._registered.columns)])


def only(feed: str, rows: pl.DataFrame, empty: PreparedRecords) -> PreparedRecords:
    """The rows of one feed, nothing of the others."""
    return replace(empty, **{feed: rows})


def named_before(importers: pl.DataFrame, known: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Of identified registrations, those whose number somebody named before: the number itself, or bare nine digits."""
    bare = [None if key is None else opaque_id("importer:s", key) for key in importers["ein_hash"]]
    return known(importers["uid"]) | known(pl.Series(bare, dtype=pl.String).fill_null(""))


def _named_in(registered: pl.DataFrame, records: PreparedRecords) -> pl.DataFrame:
    """Registrations of the numbers that records name, in every spelling: all that identifying them looks at."""
    feeds = (records.importers, records.shipments, records.seizures, records.trusted)
    named = pl.concat([rows["number_key"] for rows in feeds]).drop_nulls().unique()
    spelt = registered.filter(pl.col("number_key").is_in(named.implode()))["ein_hash"].drop_nulls()
    every = pl.concat([named, spelt]).unique().implode()
    return registered.filter(pl.col("number_key").is_in(every) | pl.col("ein_hash").is_in(every))
