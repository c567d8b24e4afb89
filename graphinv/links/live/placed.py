"""A change in positions of the graph instead of uids, checked against what the graph holds."""

from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.links.evidence import age_days, claim_codes
from graphinv.links.kernels import Int32
from graphinv.links.live.arrays import Book, Int8, Side
from graphinv.links.live.changes import Changes, refuse
from graphinv.links.live.finder import Finder
from graphinv.links.live.relations import UNIT, rows_of
from graphinv.links.weights import Reliabilities, base_costs

#: Tables of a change and their columns that name nodes.
_ENDS = (
    ("edges", "src"), ("edges", "dst"), ("edges_gone", "src"), ("edges_gone", "dst"), ("seeds", "party"),
    ("seeds_gone", "party"),
)  # fmt: skip


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
    (nodes, *ends), size = _found(changes, uids, size)
    for (name, column), at in zip(_ENDS, ends, strict=True):
        refuse(name, at < 0, f"`{column}` is neither in the evidence graph nor in `nodes`")
    src, dst, gone_src, gone_dst, seeds, seeds_gone = ends
    return Placed(
        size=size,
        nodes=nodes,
        come=_relations(changes.edges, src, dst, _Weighed(clock, reliability)),
        gone=_relations(changes.edges_gone, gone_src, gone_dst, None),
        seeds=seeds,
        seeds_gone=seeds_gone,
    )


def _found(changes: Changes, uids: Finder, size: int) -> tuple[list[Int32], int]:
    """Positions of all uids, new nodes and those of ``_ENDS``, -1 where there is none; how many nodes that makes.

    All are looked for at once: each question costs as much as hundreds of answers.
    """
    tables = [(changes.nodes, "uid"), *((getattr(changes, name), column) for name, column in _ENDS)]
    asked = [table[column] for table, column in tables if len(table)]
    count = len(changes.nodes)
    texts = pl.concat(asked) if len(asked) > 1 else next(iter(asked), pl.Series(dtype=pl.String))
    found = uids.find(texts)
    missing = np.flatnonzero(found < 0)
    if len(missing) and missing[0] < count:
        left = texts.gather(missing).to_list()
        born = left[: int(np.searchsorted(missing, count))]
        new = dict(zip(born, range(size, size + len(born)), strict=True))
        found[missing] = [new.get(uid, -1) for uid in left]
        size += len(born)
    last = [*accumulate(len(table) for table, _ in tables)]
    return [found[begin:end] for begin, end in pairwise([0, *last])], size


def check(placed: Placed, side: Side, book: Book) -> None:
    """Raises InvalidInput when what goes is not there, or an address would stand in two buildings."""
    gone, come = placed.gone, placed.come
    if len(gone.a):
        unknown = rows_of(book, gone.a, gone.b, gone.claim) < 0
        refuse("edges_gone", unknown, "there is no such relationship")
    units = np.flatnonzero(come.claim == UNIT)
    if not len(units):
        return
    leaving = gone.a[gone.claim == UNIT]
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
