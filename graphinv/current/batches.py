"""What a batch of records brings that is not on record yet, and what of it says anew what is."""

from collections.abc import Callable
from copy import copy
from dataclasses import replace

import numpy as np
import polars as pl

from graphinv.links.ledger import Ledger
from graphinv.normalise.hashing import opaque_id
from graphinv.resolve.coding import codes_of
from graphinv.resolve.identities import PreparedRecords, Registry, identify
from graphinv.resolve.versions import newest

#: Feeds whose records join parties and values; the others say something about those.
JOINING = ("importers", "sellers", "shipments")

#: A number as it is kept, and the nine digits of it.
_SPELT = ("number_key", "ein_hash")


class OnRecord:
    """Which records an epoch and what came since it hold, and the registry that they make."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._registered = _Registered(ledger.registered)
        self._ids: set[str] = set()
        self._contents: set[str] = set()

    def new(self, feed: str, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """(rows of new records, rows that say anew what is on record): word for word on record is neither."""
        fresh = rows.filter(~_among(rows["content"], self._contents) & ~pl.Series(self._ledger.says(rows["content"])))
        if feed == "shipments":
            held = pl.Series(self._ledger.rows_of(fresh["shipment_id"]) >= 0, dtype=pl.Boolean)
            fresh = fresh.with_columns(held=held)
            if len(fresh) > 1:
                fresh = newest(fresh, "record_id").sort("known_at", "record_id")
        else:
            held = pl.Series(self._ledger.has_registrations(fresh["record_id"]), dtype=pl.Boolean)
            fresh = fresh.with_columns(held=held)
        other = fresh["held"] | _among(fresh["record_id"], self._ids)
        return fresh.filter(~other).drop("held"), fresh.filter(other).drop("held")

    def remember(self, records: PreparedRecords) -> None:
        """These are on record from now on."""
        for feed in JOINING:
            rows = getattr(records, feed)
            self._ids.update(rows["record_id"])
            self._contents.update(rows["content"])
        self._registered = self._registered.joined_by(records.importers)

    def identify(self, records: PreparedRecords) -> PreparedRecords:
        """The records with the identities that all registrations give them, their own included."""
        registered = _named_in(self._registered.joined_by(records.importers), records)
        return identify(records, Registry(registered, self._ledger.shared_buildings))

    def spellings(self, numbers: pl.Series) -> pl.Series:
        """The numbers, and how else registrations write them: with and without what stands beside nine digits."""
        for _ in range(2):  # nine digits lead to the number, and the number to others with the same nine
            theirs = self._registered.naming(numbers)
            numbers = pl.concat([numbers, theirs["number_key"], theirs["ein_hash"]]).drop_nulls().unique()
        return numbers


def only(feed: str, rows: pl.DataFrame, empty: PreparedRecords) -> PreparedRecords:
    """The rows of one feed, nothing of the others."""
    return replace(empty, **{feed: rows})


def named_before(importers: pl.DataFrame, known: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Of identified registrations, those whose number somebody named before: the number itself, or bare nine digits."""
    bare = [None if key is None else opaque_id("importer:s", key) for key in importers["ein_hash"]]
    return known(importers["uid"]) | known(pl.Series(bare, dtype=pl.String).fill_null(""))


class _Registered:
    """Registrations of importers by what their numbers are written as, those of an epoch without looking at each."""

    def __init__(self, epoch: pl.DataFrame) -> None:
        self._epoch, self._since = epoch, epoch.clear()
        codes = [codes_of(epoch[column]) for column in _SPELT]
        self._order = [np.argsort(code, kind="stable") for code in codes]
        self._codes = [code[order] for code, order in zip(codes, self._order, strict=True)]

    def joined_by(self, importers: pl.DataFrame) -> "_Registered":
        """These and others."""
        if importers.is_empty():
            return self
        joined = copy(self)
        joined._since = pl.concat([self._since, importers.select(self._since.columns)])
        return joined

    def naming(self, numbers: pl.Series) -> pl.DataFrame:
        """Registrations of some numbers, in either spelling."""
        if numbers.is_empty():
            return self._since.clear()
        wanted = codes_of(numbers)
        rows = [
            order[first:last]
            for order, codes in zip(self._order, self._codes, strict=True)
            for first, last in zip(codes.searchsorted(wanted), codes.searchsorted(wanted, "right"), strict=True)
        ]
        named = pl.any_horizontal(pl.col(column).is_in(numbers.implode()) for column in _SPELT)
        return pl.concat([self._epoch[np.unique(np.concatenate(rows))], self._since.filter(named)])


def _named_in(registered: _Registered, records: PreparedRecords) -> pl.DataFrame:
    """Registrations of the numbers that records name, in every spelling: all that identifying them looks at."""
    feeds = (records.importers, records.shipments, records.seizures, records.trusted)
    named = pl.concat([rows["number_key"] for rows in feeds]).drop_nulls().unique()
    theirs = registered.naming(named)
    spelt = theirs.filter(pl.col("number_key").is_in(named.implode()))["ein_hash"].drop_nulls()
    return registered.naming(pl.concat([named, spelt]).unique()) if len(spelt) else theirs


def _among(texts: pl.Series, known: set[str]) -> pl.Series:
    return pl.Series([text in known for text in texts], dtype=pl.Boolean)
