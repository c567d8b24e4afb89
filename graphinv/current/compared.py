"""The parties of records that came, as the arrays that questions are compared with, kept from one batch to the next."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
import polars as pl

from graphinv.records import FEEDS
from graphinv.resolve.arrays import Int32, Int64
from graphinv.resolve.coding import NOTHING, mixed_codes, starts_of
from graphinv.resolve.declared import Declared, declared_by
from graphinv.resolve.few import FewParties
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.match_index import MatchIndex
from graphinv.resolve.parties import PART, WHOLE, Parties, Values, parties_of

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


def counted_once(parties: Parties, epoch: MatchIndex, at: Int32, gone: Int32) -> Parties:
    """The parties, each value with so many users fewer as an epoch counts once more.

    ``at`` says where the epoch has the parties, -1 for those it does not know: what they told before and tell again
    would count twice. ``gone`` are positions of parties of whom nothing counts any more that the epoch has of them.
    """
    known = np.flatnonzero(at >= 0)
    if not len(known) and not len(gone):
        return parties
    every = np.union1d(at[known], gone).astype(np.int32)

    def lowered(values: Values, held: Values) -> Values:
        users = values.users.copy()
        for column in (WHOLE, PART):
            theirs, _ = _told(values, known, at[known], column)
            of_epoch, codes = _told(held, every, every, column)
            again = np.isin(of_epoch, theirs) | np.isin(of_epoch, _told(held, gone, gone, column)[0])
            users[:, column] -= _times(codes[again], values.codes[:, column])
        return values._replace(users=users)

    pairs = zip(parties.attributes, epoch.attributes, strict=True)
    return Parties(
        parties.uids, tuple(lowered(values, held) if len(values.codes) else values for values, held in pairs)
    )


def _told(values: Values, parties: Int64 | Int32, names: Int32, column: int) -> tuple[Int64, Int64]:
    """(a code a party and value that it told, the code of the value), each once; ``names`` tell the parties apart."""
    first, size = values.start[parties], values.start[parties + 1] - values.start[parties]
    rows = np.repeat(first - starts_of(size)[:-1], size) + np.arange(size.sum())
    codes = values.codes[values.value[rows], column]
    who = np.repeat(names, size).astype(np.int64)[codes != NOTHING]
    codes = codes[codes != NOTHING]
    told, once = np.unique(mixed_codes(who, codes), return_index=True)
    return told, codes[once]


def _times(codes: Int64, wanted: Int64) -> Int32:
    """How often each wanted code is among others."""
    told, times = np.unique(codes, return_counts=True)
    if not len(told):
        return np.zeros(len(wanted), np.int32)
    at = np.minimum(np.searchsorted(told, wanted), len(told) - 1)
    return np.where(told[at] == wanted, times[at], 0).astype(np.int32)


def _few(came: Sequence[PreparedRecords]) -> bool:
    others = (len(records.importers) + len(records.sellers) for records in came)
    return sum(len(records.shipments) for records in came) <= _FEW and not any(others)


def _together(came: Sequence[PreparedRecords]) -> PreparedRecords:
    return PreparedRecords(**{feed: pl.concat([getattr(one, feed) for one in came]) for feed in FEEDS})


def _joined(parts: Sequence[Declared]) -> Declared:
    return Declared(**{item.name: pl.concat([getattr(one, item.name) for one in parts]) for item in fields(Declared)})
