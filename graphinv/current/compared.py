"""The parties of records that came, as the index that questions are compared with, kept from one batch to the next.

What came last is few and read row by row. Once it is more, everything that came is put together in tables anew: most
records cost no more for those before them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import polars as pl

from graphinv.current.batches import JOINING
from graphinv.current.users import Elsewhere, besides, filled, together, without
from graphinv.links.live.match import Counted, LiveMatch, arrived
from graphinv.records import FEEDS
from graphinv.resolve.arrays import Int32, Int64
from graphinv.resolve.declared import Declared, declared_by
from graphinv.resolve.few import FewParties
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.match_index import MatchIndex
from graphinv.resolve.parties import Parties, parties_of

#: So many records are taken row by row.
_FEW = 150


@dataclass(frozen=True)
class Known:
    """What is known of parties that came: ``place`` tells their nodes, ``in_epoch`` where the epoch has them, -1 for
    nowhere; ``gone`` are positions in the epoch of whom nothing counts any more that it says."""

    place: Callable[[pl.Series], Int32]
    in_epoch: Callable[[pl.Series], Int32]
    gone: Int32


@dataclass(frozen=True)
class _Settled:
    """What came longer ago: everything said, the parties with the users that the epoch does not count, their places by
    uid, and the index of them; ``gone`` as they were left out then."""

    declared: Declared
    parties: Parties
    places: dict[str, int]
    index: MatchIndex
    gone: Int32


class ComparedParties:
    """The parties of what came since an epoch. Records are read once as long as others only join them."""

    def __init__(self, epoch: MatchIndex) -> None:
        self._epoch, self._counted = epoch, Counted.of(epoch)
        self._begin()

    def _begin(self) -> None:
        self._read: list[PreparedRecords] = []
        self._late: list[PreparedRecords] = []
        self._few = FewParties()
        self._settled: _Settled | None = None

    def of(self, came: Sequence[PreparedRecords], known: Known) -> MatchIndex:
        """The index of all parties in the records; values are as rare as epoch and records say together."""
        if self._is_outdated(came, known):
            self._begin()
        new = came[len(self._read) :]
        self._read.extend(new)
        self._late.extend(new)
        if _few(self._late):
            for records in new:
                self._few.add(records)
        else:
            self._settled, self._few = self._settle(known), FewParties()
            self._late.clear()
        settled = self._settled
        return settled.index if settled is not None and not self._late else self._with_late(settled, known)

    def _is_outdated(self, came: Sequence[PreparedRecords], known: Known) -> bool:
        """Whether something that was read is no longer there, or a correction took back what the epoch counted."""
        if len(came) < len(self._read) or any(one is not other for one, other in zip(self._read, came, strict=False)):
            return True
        return self._settled is not None and not np.array_equal(self._settled.gone, known.gone)

    def _settle(self, known: Known) -> _Settled:
        """Everything that came, in tables."""
        told = declared_by(PreparedRecords(**{f: pl.concat([getattr(one, f) for one in self._late]) for f in FEEDS}))
        if self._settled is not None:
            told = _joined(self._settled.declared, told)
        parties = parties_of(told)
        in_epoch = self._in_epoch(parties, known)
        parties = besides(parties, [in_epoch])
        places = {uid: at for at, uid in enumerate(parties.uids)}
        index = self._index(parties, known, self._still_filled(known) + filled(parties, [in_epoch]))
        return _Settled(told, parties, places, index, known.gone)

    def _with_late(self, settled: _Settled | None, known: Known) -> MatchIndex:
        """What came last, and what is settled."""
        few = self._few.parties()
        in_epoch = self._in_epoch(few, known)
        if settled is None:
            own = besides(few, [in_epoch])
            return self._index(own, known, self._still_filled(known) + filled(few, [in_epoch]))
        at = np.array([settled.places.get(uid, -1) for uid in few.uids], np.int32)
        elsewhere = [in_epoch, (settled.parties.attributes, at)]
        own = besides(few, elsewhere)
        index = self._index(together(own, settled.parties), known, settled.index.filled + filled(few, elsewhere))
        both = together(Parties(settled.parties.uids, settled.index.attributes), own)
        return LiveMatch.of(replace(settled.index, attributes=both.attributes), index)

    def _in_epoch(self, parties: Parties, known: Known) -> Elsewhere:
        """Who of them the epoch counts, for what it says of them."""
        at = known.in_epoch(parties.uids)
        return self._epoch.attributes, np.where(np.isin(at, known.gone), -1, at).astype(np.int32)

    def _still_filled(self, known: Known) -> Int64:
        """How many parties of the epoch have a value of each attribute, by what it says that counts."""
        having = [
            np.count_nonzero(values.start[known.gone + 1] > values.start[known.gone])
            for values in self._epoch.attributes
        ]
        return self._epoch.filled - np.array(having, np.int64)

    def _index(self, parties: Parties, known: Known, having: Int64) -> MatchIndex:
        told = without(parties, self._epoch.attributes, known.gone)
        return arrived(self._epoch, self._counted, told, having, known.place)


def _few(came: Sequence[PreparedRecords]) -> bool:
    return sum(len(getattr(records, feed)) for records in came for feed in JOINING) <= _FEW


def _joined(*parts: Declared) -> Declared:
    return Declared(**{item.name: pl.concat([getattr(one, item.name) for one in parts]) for item in fields(Declared)})
