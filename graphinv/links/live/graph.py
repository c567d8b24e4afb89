"""The evidence graph kept current: changes are worked into the arrays, and the outcome equals building them anew.

Weights keep the clock of the epoch; a rebuild opens the next one with a clock of its own.
"""

from contextlib import AbstractContextManager
from dataclasses import replace
from threading import Lock

import numpy as np
import polars as pl

from graphinv.errors import GraphinvError
from graphinv.links.cells import Cells
from graphinv.links.evidence import EvidenceGraph, claim_codes
from graphinv.links.live.arrays import Side
from graphinv.links.live.changes import Changes
from graphinv.links.live.copies import Copies
from graphinv.links.live.finder import Finder
from graphinv.links.live.placed import check, place
from graphinv.links.live.relations import rows_of
from graphinv.links.live.replay import Written, replay
from graphinv.links.live.seizures import changed_seeds
from graphinv.links.live.snapshot import Snapshot, Told
from graphinv.links.live.writer import Applied, Writer
from graphinv.links.rooms import Rooms

#: How long a change waits for readers of the state before the last change, in seconds.
PATIENCE = 30.0


class LiveGraph:
    """An evidence graph that many threads read while one changes it.

    Every change is whole to readers, or not there yet: they hold one of two copies of the arrays while the other is
    changed. A reader is never waited for by readers; the next change but one waits for it.
    """

    def __init__(self, graph: EvidenceGraph) -> None:
        self._writer = Writer(graph)
        side = self._writer.side
        told = Told(graph.nodes["uid"].to_arrow(), Cells.of(graph.seeds.to_arrow()), [graph.nodes], [graph.edges])
        uids = Finder(graph.nodes["uid"], np.arange(len(graph.nodes), dtype=np.int32))
        shown = Snapshot(side, len(graph.nodes), Rooms(len(side.start)), graph, uids, told, {})
        copied = side._replace(**{name: getattr(side, name).copy() for name in Side._fields})
        self._copies = Copies(shown, replace(shown, graph=copied, seeds={}))
        self._last = Written.nothing()
        self._writing = Lock()
        self._broken = False

    @classmethod
    def of(cls, graph: EvidenceGraph) -> "LiveGraph":
        """A live graph that begins as an epoch, which is left as it is."""
        return cls(graph)

    def reading(self) -> AbstractContextManager[Snapshot]:
        """One whole state of the graph, which stays as it is while the block runs. Keep blocks short: a look-up."""
        return self._copies.reading()

    def known(self, uids: pl.Series) -> pl.Series:
        """Whether each uid is a node by now."""
        return pl.Series(self._copies.shown.uids.find(uids) >= 0)

    def relations(self, wanted: pl.DataFrame) -> pl.DataFrame:
        """Of the relationships (src, dst, claim), those that are there, as they were told last."""
        shown = self._copies.shown
        a, b = (shown.uids.find(wanted[end]) for end in ("src", "dst"))
        both = np.flatnonzero((a >= 0) & (b >= 0))
        claim = claim_codes(wanted).astype(np.int8)[both]
        rows = rows_of(self._writer.book, a[both], b[both], claim)
        return shown.edges_told(rows[rows >= 0])

    def apply(self, changes: Changes, patience: float = PATIENCE) -> Applied:
        """Work a change in; readers that come afterwards see all of it.

        Raises InvalidInput when the change does not fit the graph and GraphinvError when a reader keeps the last state
        but one for more than ``patience`` seconds; nothing is changed then.
        """
        with self._writing:
            if self._broken:
                raise GraphinvError(
                    "a change broke off half-way: readers see the state before it; build the graph anew"
                )
            shown = self._copies.shown
            placed = place(changes, shown.uids, shown.size, shown.epoch.clock, shown.epoch.reliability)
            check(placed, shown.graph, self._writer.book)
            seeds = changed_seeds(changes, placed, shown)
            spare = self._copies.spare(patience)
            self._broken = True
            spare.seeds.update(self._last.seeds)
            side = replay(shown.graph, spare.graph, self._last)
            worked = self._writer.work_in(
                changes, placed, seeds, replace(spare, graph=side, size=shown.size, rooms=shown.rooms)
            )
            self._copies.show(worked.snapshot)
            self._last, self._broken = worked.written, False
            return worked.applied

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays, both copies and the writer's."""
        shown = self._copies.shown.graph
        return sum(array.nbytes for array in (*shown, *shown, *self._writer.book))
