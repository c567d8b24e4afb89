"""The parties of records that came, as the arrays that questions are compared with, kept from one batch to the next."""

from collections.abc import Sequence
from dataclasses import fields

import polars as pl

from graphinv.records import FEEDS
from graphinv.resolve.declared import Declared, declared_by
from graphinv.resolve.few import FewParties
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.parties import Parties, parties_of

#: So many shipments, if nothing else came, are taken row by row: more are faster in tables.
_FEW = 400


class ComparedParties:
    """What the parties of some records declared. Records are read once as long as others only join them."""

    def __init__(self) -> None:
        self._read: list[PreparedRecords] = []
        self._few: FewParties | None = FewParties()
        self._declared: list[Declared] = []

    def of(self, came: Sequence[PreparedRecords]) -> Parties:
        """The arrays of all parties in the records, as ``parties_of`` gives them."""
        if len(came) < len(self._read) or any(one is not other for one, other in zip(self._read, came, strict=False)):
            self._read, self._few, self._declared = [], FewParties(), []
        new = came[len(self._read) :]
        self._read.extend(new)
        if self._few is not None and _few(self._read):
            for records in new:
                self._few.add(records.shipments)
            return self._few.parties()
        if self._few is not None:
            self._few, new = None, self._read
        if new:
            self._declared.append(declared_by(_together(new)))
            self._declared = [_joined(self._declared)]
        return parties_of(self._declared[0])


def _few(came: Sequence[PreparedRecords]) -> bool:
    others = (len(records.importers) + len(records.sellers) for records in came)
    return sum(len(records.shipments) for records in came) <= _FEW and not any(others)


def _together(came: Sequence[PreparedRecords]) -> PreparedRecords:
    return PreparedRecords(**{feed: pl.concat([getattr(one, feed) for one in came]) for feed in FEEDS})


def _joined(parts: Sequence[Declared]) -> Declared:
    return Declared(**{item.name: pl.concat([getattr(one, item.name) for one in parts]) for item in fields(Declared)})
