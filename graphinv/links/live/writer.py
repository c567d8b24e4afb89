"""The one who works changes into the arrays: nodes, relationships, users, weights, seizures, best evidence."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
import polars as pl

from graphinv.links.evidence import EvidenceGraph, text_hashes
from graphinv.links.kernels import Int32
from graphinv.links.live.arrays import LOG_GONE, LOG_GROUPS, LOG_ROWS, Book, Side, hubs_of, with_nodes, with_room
from graphinv.links.live.changes import Changes
from graphinv.links.live.layout import lay_out, parties, party_keys
from graphinv.links.live.placed import Placed
from graphinv.links.live.relations import drop, put, rejoin
from graphinv.links.live.replay import Written, start_logs, written
from graphinv.links.live.seizures import seed_costs
from graphinv.links.live.snapshot import Row, Snapshot, told_at
from graphinv.links.live.weighing import weigh
from graphinv.links.repair import Pass, repair
from graphinv.links.rooms import Rooms
from graphinv.links.uncounted import Number
from graphinv.links.weights import USER_STEPS, rarity_costs
from graphinv.schema import PARTY_LABELS


@dataclass(frozen=True)
class Applied:
    """What a change did: the nodes whose best evidence became another, with cost and origin before and after.

    A cost of UNREACHABLE and an origin of -1 mean that no seizure is reached.
    """

    nodes: Int32
    cost_before: Int32
    cost_after: Int32
    origin_before: Int32
    origin_after: Int32


@dataclass(frozen=True)
class Worked:
    """A changed copy, what the change did, and what it wrote."""

    snapshot: Snapshot
    applied: Applied
    written: Written


class Writer:
    """Keeps the book of a live graph. One thread at a time."""

    def __init__(self, graph: EvidenceGraph) -> None:
        self._parties, members = parties(graph.nodes)
        self._party_count = int(members.max(initial=-1)) + 1
        self._clock = graph.clock
        self.side, self.book = lay_out(graph, members)

    def work_in(self, changes: Changes, placed: Placed, seeds: dict[int, tuple[Row, ...]], spare: Snapshot) -> Worked:
        """Change a copy that nobody reads."""
        start_logs(self.book)
        gone, come = placed.gone, placed.come
        members = self._members(changes.nodes)
        side = self._enter_nodes(changes, placed, members, spare)
        side = self._run(side, len(gone.a), lambda at, s, book: drop(s, book, gone.a, gone.b, gone.claim, at))
        side = self._rejoin(side, placed, members, spare.size)
        gone_rows = self.book.fill[LOG_GONE] = self.book.fill[LOG_ROWS]
        side = self._run(side, len(come.a), lambda at, s, book: put(s, book, come.a, come.b, come.claim, come.base, at))
        if len(come.a):
            put_rows = self.book.rows[gone_rows : self.book.fill[LOG_ROWS]]  # one each, in the same order
            _tell(side.edge_told, put_rows, spare.told.edges, changes.edges)
        weighed, touched, applied = self._repair(side, seeds)
        spare.seeds.update(seeds)
        nodes = np.concatenate([placed.nodes, np.fromiter(seeds, np.int32, len(seeds))])
        rooms = spare.rooms if len(side.start) == len(spare.graph.start) else Rooms(len(side.start))
        changed = replace(spare, graph=side, size=placed.size, rooms=rooms)
        return Worked(changed, applied, written(side, self.book, nodes, touched, weighed, seeds))

    def _run(self, side: Side, count: int, step: Callable[[Number, Side, Book], Number]) -> Side:
        """Take all steps of a kernel that stops where arrays must grow first."""
        at = step(0, side, self.book) if count else 0
        while at < count:
            side, self.book = with_room(side, self.book)
            at = step(at, side, self.book)
        return side

    def _enter_nodes(self, changes: Changes, placed: Placed, members: Int32, spare: Snapshot) -> Side:
        """New nodes get their cells; of known ones the properties are told anew."""
        side, self.book = with_nodes(spare.graph, self.book, placed.size)
        if not len(placed.nodes):
            return side
        fresh = placed.nodes >= spare.size
        new = placed.nodes[fresh]
        labels = list(compress(changes.nodes["label"].to_list(), fresh))
        uids = list(compress(changes.nodes["uid"].to_list(), fresh))
        side.party[new] = [label in PARTY_LABELS for label in labels]
        side.building[new] = np.where([label == "Address" for label in labels], new, -1)
        self.book.member[new] = members[fresh]
        self.book.rank[new] = text_hashes(uids)
        _tell(side.node_told, placed.nodes, spare.told.nodes, changes.nodes)
        spare.uids.add(uids, new)
        return side

    def _rejoin(self, side: Side, placed: Placed, members: Int32, size: int) -> Side:
        """Known nodes that turn out to be identities of another party."""
        if not (placed.nodes < size).any():
            return side
        moved = (placed.nodes < size) & (self.book.member[placed.nodes] != members)
        nodes, others = placed.nodes[moved], members[moved]
        return self._run(side, len(nodes), lambda at, s, book: rejoin(s, book, nodes, others, at))

    def _members(self, nodes: pl.DataFrame) -> Int32:
        """The party of each node that is told; one that was not known is given a number."""
        if nodes.is_empty():
            return np.empty(0, np.int32)
        members, self._party_count = self._parties.find_or_add(party_keys(nodes), self._party_count)
        return members

    def _repair(self, side: Side, seeds: dict[int, tuple[Row, ...]]) -> tuple[Int32, Int32, Applied]:
        """(rows weighed anew, nodes touched, what that did to the best evidence)."""
        book = self.book
        rows = book.rows[: book.fill[LOG_ROWS]]
        groups, first = np.unique(book.groups[: book.fill[LOG_GROUPS]], return_index=True)
        dearer, cheaper, weighed = weigh(side, book, rows, groups, book.counts[first], USER_STEPS, rarity_costs())
        seized, costs = seed_costs(seeds, self._clock)
        side.seed_cost[seized] = costs
        of = Pass(
            side.start, side.stop, side.adj, side.weight, side.seed_cost, book.rank, side.cost, side.before,
            side.origin, book.state, hubs_of(side, book),
        )  # fmt: skip
        touched, cost, origin = repair(of, dearer, cheaper, seized)
        other = (cost != side.cost[touched]) | (origin != side.origin[touched])
        nodes = touched[other]
        return (
            weighed,
            touched,
            Applied(nodes, cost[other], side.cost[nodes], origin[other], side.origin[nodes]),
        )


def _tell(
    told: np.ndarray[tuple[int], np.dtype[np.int64]], at: Int32, frames: list[pl.DataFrame], new: pl.DataFrame
) -> None:
    """Properties of nodes or relationships are told by a new frame from now on."""
    told[at] = told_at(len(frames), len(new))
    frames.append(new)
