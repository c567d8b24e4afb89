"""A link index over a live graph: what look-ups ask of an epoch, answered by the epoch and all that came since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.links.cells import Cells
from graphinv.links.evidence import EvidenceGraph
from graphinv.links.index import LinkIndex
from graphinv.links.live.arrays import longer
from graphinv.links.live.match import LiveMatch
from graphinv.links.live.snapshot import Snapshot, split_told
from graphinv.resolve.match_index import MatchIndex

_CURRENT = (
    "adj", "weight", "edge", "claim", "party", "building", "users", "seed_cost", "cost", "before", "origin",
)  # fmt: skip


@dataclass(frozen=True)
class LiveCells(Cells):
    """Rows of a live graph by their positions: ``columns`` are those of the epoch, ``since`` what was told after it.

    ``told`` says of each position where it is told (``Snapshot``).
    """

    told: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    since: Sequence[pl.DataFrame] = ()

    def cell(self, column: str, row: int) -> Any:
        """A cell; None where what was told has no such column."""
        batch, at = split_told(self.told[row])
        if batch == 0:
            return super().cell(column, int(at))
        frame = self.since[int(batch)]
        return frame[column][int(at)] if column in frame.columns else None

    def row(self, row: int, *columns: str) -> dict[str, Any]:
        """A whole row, by column; some ``columns`` of it are enough."""
        batch, at = split_told(self.told[row])
        return super().row(int(at), *columns) if batch == 0 else self.since[int(batch)].row(int(at), named=True)


@dataclass(frozen=True)
class LiveEvidence(EvidenceGraph):
    """The arrays of a snapshot under the names of an epoch's; ``ptr`` and the tables are the epoch's own."""

    starts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    stops: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    @property
    def start(self) -> NDArray[np.int64]:
        """Where the neighbours of each node begin in ``adj``."""
        return self.starts

    @property
    def stop(self) -> NDArray[np.int64]:
        """Where the neighbours of each node end."""
        return self.stops

    @property
    def rank(self) -> NDArray[np.uint64]:
        """As of the epoch; which of two that came since is told of equally good predecessors says nothing."""
        return longer(super().rank, len(self.starts))

    @classmethod
    def of(cls, snapshot: Snapshot) -> "LiveEvidence":
        """The evidence of a snapshot."""
        side = snapshot.graph
        current = (
            "adj",
            "weight",
            "edge",
            "claim",
            "party",
            "building",
            "users",
            "seed_cost",
            "cost",
            "before",
            "origin",
        )
        arrays = {**vars(snapshot.epoch), **{name: getattr(side, name) for name in current}}
        return cls(**arrays, starts=side.start, stops=side.stop)


@dataclass(frozen=True)
class LiveIndex(LinkIndex):
    """An epoch with what came since. Hold it no longer than the snapshot that it rests on."""

    snapshot: Snapshot | None = None

    def node(self, uid: str) -> int | None:
        """The position of a node, None when nobody named it yet."""
        return super().node(uid) if self.snapshot is None else self.snapshot.node(uid)

    def seizures_of(self, node: int, *columns: str) -> Sequence[Mapping[str, Any]]:
        """The seizures that weigh on a party."""
        if self.snapshot is None:
            return super().seizures_of(node, *columns)
        return self.snapshot.seizures_of(node, *columns)


def live_index(
    epoch: LinkIndex,
    snapshot: Snapshot,
    since: MatchIndex | None,
    clock: datetime,
    outdated: NDArray[np.int32] | None = None,
) -> LiveIndex:
    """The index of a snapshot; ``since`` compares with the parties that came after the epoch, and with those at the
    nodes ``outdated``, of which the epoch knows no longer what they say."""
    party_at = np.full(len(snapshot.graph.start), -1, np.int32)
    party_at[: len(epoch.party_at)] = epoch.party_at
    left_out = None
    if outdated is not None and len(outdated):
        left_out = np.unique(party_at[outdated])
        party_at[outdated] = -1
    match = LiveMatch.of(epoch.match, since, left_out)
    fresh = np.arange(len(epoch.match.nodes), len(match.nodes), dtype=np.int32)
    placed = match.nodes[fresh]
    new = (placed >= 0) & (party_at[np.maximum(placed, 0)] < 0)
    party_at[placed[new]] = fresh[new]
    of_epoch: dict[str, Any] = {item.name: getattr(epoch, item.name) for item in fields(LinkIndex)}
    current = {
        "meta": replace(epoch.meta, clock=clock),
        "graph": LiveEvidence.of(snapshot),
        "nodes": LiveCells(epoch.nodes.columns, snapshot.graph.node_told, snapshot.told.nodes),
        "edges": LiveCells(epoch.edges.columns, snapshot.graph.edge_told, snapshot.told.edges),
        "match": match,
        "party_at": party_at,
        "rooms": snapshot.rooms,
    }
    return LiveIndex(**{**of_epoch, **current}, snapshot=snapshot)
