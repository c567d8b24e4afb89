"""One whole state of a live evidence graph, as readers hold it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from graphinv.links.cells import Cells
from graphinv.links.evidence import EvidenceGraph, node_of_uid, seed_rows
from graphinv.links.live.arrays import Side
from graphinv.links.live.finder import Finder
from graphinv.links.rooms import Rooms

#: Bits for the row within a batch, in ``node_told`` and ``edge_told``.
_ROW_BITS = 32

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """Where the properties of nodes and relationships are told: frames, that of the epoch first, then one a batch.

    Frames are added, never changed, so both copies share them. ``uids`` are those of the epoch's nodes, ``seeds`` its
    seizures.
    """

    uids: pa.Array
    seeds: Cells
    nodes: list[pl.DataFrame]
    edges: list[pl.DataFrame]


@dataclass(frozen=True)
class Snapshot:
    """The graph's arrays with the first ``size`` nodes in use, and what its nodes and edge rows stand for.

    ``walks.find_walks`` takes it in the place of a LinkIndex.
    """

    graph: Side
    size: int
    rooms: Rooms
    epoch: EvidenceGraph
    uids: Finder
    told: Told
    seeds: dict[int, tuple[Row, ...]]

    def node(self, uid: str) -> int | None:
        """The position of a node, None when the graph does not know it."""
        found = self.uids.added(uid)
        if found is None:
            return node_of_uid(self.epoch, lambda node: self.told.uids[node].as_py(), uid)
        return found if found < self.size else None

    def node_row(self, node: int) -> Row:
        """The properties of a node."""
        return _row(self.told.nodes, int(self.graph.node_told[node]))

    def edge_row(self, row: int) -> Row:
        """The properties of a relationship, by its edge row (``graph.edge``)."""
        return _row(self.told.edges, int(self.graph.edge_told[row]))

    def edges_told(self, rows: NDArray[np.int32]) -> pl.DataFrame:
        """The properties of relationships by their edge rows, in no fixed order."""
        batch, row = split_told(np.sort(self.graph.edge_told[rows]))
        told, first = np.unique(batch, return_index=True)
        names = [name for name in self.told.edges[0].columns if name not in ("a", "b")]
        frames = [
            self.told.edges[at].select(pl.col(names).gather(some))
            for at, some in zip(told.tolist(), np.split(row, first)[1:], strict=True)
        ]
        return pl.concat(frames) if frames else self.told.edges[0].select(names).clear()

    def seizures_of(self, node: int, *columns: str) -> tuple[Row, ...]:
        """The seizures that weigh on a party, with these ``columns`` at least, or all."""
        changed = self.seeds.get(node)
        if changed is not None:
            return changed
        return tuple(self.told.seeds.rows(seed_rows(self.epoch, node), *columns))


def told_at(batch: int, rows: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """What ``node_told`` or ``edge_told`` hold for all rows of a batch."""
    return (np.int64(batch) << _ROW_BITS) | np.arange(rows, dtype=np.int64)


def split_told(at: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(batch, row) of what ``node_told`` or ``edge_told`` hold."""
    return at >> _ROW_BITS, at & ((1 << _ROW_BITS) - 1)


def _row(frames: list[pl.DataFrame], at: int) -> Row:
    return frames[at >> _ROW_BITS].row(at & ((1 << _ROW_BITS) - 1), named=True)
