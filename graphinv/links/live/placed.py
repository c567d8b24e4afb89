"""A change in positions of the graph instead of uids, checked against what the graph holds."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.links.evidence import age_days, claim_codes
from graphinv.links.kernels import Int32
from graphinv.links.live.arrays import Book, Int8, Side
from graphinv.links.live.changes import Changes, refuse
from graphinv.links.live.finder import Finder
from graphinv.links.live.relations import rows_of
from graphinv.links.weights import CLAIMS, Reliabilities, base_costs

_UNIT = CLAIMS.index("SAME_BUILDING")


@dataclass(frozen=True)
class Relations:
    """Relationships: nodes, claims and base costs."""

    a: Int32
    b: Int32
    claim: Int8
    base: NDArray[np.float64]


@dataclass(frozen=True)
class Placed:
    """Positions of the nodes of a change, row by row of its tables. Nodes from ``size`` on are new."""

    size: int
    nodes: Int32
    come: Relations
    gone: Relations
    seeds: Int32
    seeds_gone: Int32


def place(changes: Changes, uids: Finder, size: int, clock: datetime, reliability: Reliabilities) -> Placed:
    """Find the nodes of a change; ``size`` is how many nodes the graph has, ``reliability`` by what it is weighed.

    Raises InvalidInput for a uid that is neither in the graph nor among the new nodes.
    """
    nodes = np.empty(0, np.int32)
    new: dict[str, int] = {}
    if len(changes.nodes):
        nodes = uids.find(changes.nodes["uid"])
        unknown = np.flatnonzero(nodes < 0)
        nodes[unknown] = size + np.arange(len(unknown), dtype=np.int32)
        new = dict(zip(changes.nodes["uid"].gather(unknown).to_list(), nodes[unknown].tolist(), strict=True))

    def found(name: str, table: pl.DataFrame, column: str) -> Int32:
        if table.is_empty():
            return np.empty(0, np.int32)
        at = uids.find(table[column])
        missing = np.flatnonzero(at < 0)
        if len(missing) and new:
            at[missing] = [new.get(uid, -1) for uid in table[column].gather(missing).to_list()]
        refuse(name, at < 0, f"`{column}` is neither in the evidence graph nor in `nodes`")
        return at

    edges, gone, by = changes.edges, changes.edges_gone, _Weighed(clock, reliability)
    return Placed(
        size=size + len(new),
        nodes=nodes,
        come=_relations(edges, found("edges", edges, "src"), found("edges", edges, "dst"), by),
        gone=_relations(gone, found("edges_gone", gone, "src"), found("edges_gone", gone, "dst"), None),
        seeds=found("seeds", changes.seeds, "party"),
        seeds_gone=found("seeds_gone", changes.seeds_gone, "party"),
    )


def check(placed: Placed, side: Side, book: Book) -> None:
    """Raises InvalidInput when what goes is not there, or an address would stand in two buildings."""
    gone, come = placed.gone, placed.come
    if len(gone.a):
        unknown = rows_of(book, gone.a, gone.b, gone.claim) < 0
        refuse("edges_gone", unknown, "there is no such relationship")
    units = np.flatnonzero(come.claim == _UNIT)
    if not len(units):
        return
    leaving = gone.a[gone.claim == _UNIT]
    known = come.a[units] < len(side.building)
    held = np.where(known, side.building[np.where(known, come.a[units], 0)], -1)
    moved = (held >= 0) & (held != come.a[units]) & (held != come.b[units]) & ~np.isin(come.a[units], leaving)
    twice = pl.Series(come.a[units]).is_duplicated().to_numpy()
    wrong = np.zeros(len(come.a), np.bool_)
    wrong[units] = moved | twice
    refuse("edges", wrong, "an address stands in one building; end the other SAME_BUILDING first")


@dataclass(frozen=True)
class _Weighed:
    """By what relationships that come are weighed."""

    clock: datetime
    reliability: Reliabilities


def _relations(table: pl.DataFrame, a: Int32, b: Int32, by: _Weighed | None) -> Relations:
    """Of relationships that go, nothing is weighed."""
    if table.is_empty():
        return Relations(a, b, np.empty(0, np.int8), np.empty(0))
    claim = claim_codes(table)
    base = np.empty(0)
    if by is not None:
        age = age_days(table["last_seen"], by.clock)
        base = base_costs(by.reliability, claim, table["confidence"].to_numpy(), age)
    return Relations(a, b, claim.astype(np.int8), base)
