"""A live graph's arrays from those of an epoch."""

import numpy as np
import polars as pl

from graphinv.errors import WorkspaceError
from graphinv.links.evidence import EvidenceGraph, age_days, claim_codes
from graphinv.links.hubs import BLOCK_BITS, FAR_UNKNOWN, HUB_ROOM, NEAR_UNKNOWN, SIGNS, survey
from graphinv.links.kernels import Int32, Int64
from graphinv.links.live.arrays import FILLS, ROWS, SLOTS, Book, Side, blocks_of, hubs_of, longer, with_room
from graphinv.links.live.finder import Finder
from graphinv.links.live.keyed import EMPTY, cells_for
from graphinv.links.live.relations import MOST_NODES, enter
from graphinv.links.live.snapshot import told_at
from graphinv.links.live.weighing import weigh
from graphinv.links.weights import USER_STEPS, base_costs, rarity_costs

#: Room for an eighth more of everything before arrays must grow, and of the neighbours of a node before they move.
_SPARE = 8


def lay_out(graph: EvidenceGraph, members: Int32) -> tuple[Side, Book]:
    """The arrays of an epoch, with room for more; ``members`` is the party of each node.

    Raises WorkspaceError when the epoch was weighed by other rules than these.
    """
    size, rows = len(graph.users), len(graph.edges)
    if size >= MOST_NODES:
        raise WorkspaceError(f"a live graph takes {MOST_NODES:,} nodes at most, this one has {size:,}")
    count = (graph.stop - graph.start).astype(np.int32)
    room = count + count // _SPARE + 1
    start = np.cumsum(room, dtype=np.int64) - room
    slot = np.arange(len(graph.adj)) + np.repeat(start - graph.start, count)
    side = _side(graph, start, slot)
    book = _book(graph, members, room, slot, len(side.adj))
    book.fill[SLOTS], book.fill[ROWS] = book.room[:size].sum(), rows
    at = enter(side, book, 0, rows)
    while at < rows:
        side, book = with_room(side, book)
        at = enter(side, book, at, rows)
    none = np.empty(0, np.int32)
    *_, weighed = weigh(
        side, book, np.arange(rows, dtype=np.int32), none.astype(np.int64), none, USER_STEPS, rarity_costs()
    )
    if len(weighed):
        raise WorkspaceError("the link index was weighed by other rules; `graphinv rebuild` makes it anew")
    survey(hubs_of(side, book), side.adj, side.weight, side.cost, side.start, side.stop)
    return side, book


def party_keys(nodes: pl.DataFrame) -> pl.Series:
    """Which party each node is an identity of; a node without an entity is one of its own."""
    own = pl.concat_str([pl.lit("\x1f"), pl.col("uid")])
    entity = pl.coalesce("entity", own) if "entity" in nodes.columns else own
    return nodes.select_seq(entity.alias("party"))["party"]


def parties(nodes: pl.DataFrame) -> tuple[Finder, Int32]:
    """The numbers of all parties, and the party of each node."""
    keys = party_keys(nodes)
    different = keys.unique()
    finder = Finder(different, np.arange(len(different), dtype=np.int32))
    return finder, finder.find(keys)


def _side(graph: EvidenceGraph, start: Int64, slot: Int64) -> Side:
    """``start`` is where the slots of each node begin, ``slot`` where each of the epoch's slots comes to lie."""
    nodes, rows, slots = _roomy(len(graph.users)), _roomy(len(graph.edges)), _roomy(int(slot.max(initial=0)))
    return Side(
        start=longer(start, nodes),
        stop=longer(start + graph.stop - graph.start, nodes),
        cost=longer(graph.cost, nodes, np.iinfo(np.int32).max),
        before=longer(graph.before, nodes, -1),
        origin=longer(graph.origin, nodes, -1),
        seed_cost=longer(graph.seed_cost, nodes, np.iinfo(np.int32).max),
        users=longer(graph.users, nodes),
        building=longer(graph.building, nodes, -1),
        party=longer(graph.party, nodes),
        node_told=longer(told_at(0, len(graph.users)), nodes),
        adj=_spread(graph.adj, slot, slots),
        weight=_spread(graph.weight, slot, slots),
        edge=_spread(graph.edge, slot, slots),
        claim=longer(graph.claim, rows),
        edge_told=longer(told_at(0, len(graph.edges)), rows),
    )


def _spread(array: Int32, slot: Int64, size: int) -> Int32:
    spread = np.zeros(size, np.int32)
    spread[slot] = array
    return spread


def _book(graph: EvidenceGraph, members: Int32, room: Int32, slot: Int64, slots: int) -> Book:
    """``slots`` is how many there are."""
    nodes, rows = _roomy(len(graph.users)), _roomy(len(graph.edges))
    a, b = (graph.edges[name].to_numpy().astype(np.int32) for name in ("a", "b"))
    base = base_costs(
        graph.reliability,
        claim_codes(graph.edges),
        graph.edges["confidence"].to_numpy(),
        age_days(graph.edges["last_seen"], graph.clock),
    )
    at_a, at_b = _slots_of(graph, a, b)
    cells = cells_for(len(graph.edges) + 8)
    sizes = np.array([HUB_ROOM, BLOCK_BITS], np.int64)
    sign = np.zeros(SIGNS, np.bool_)
    sign[np.flatnonzero(room >= HUB_ROOM) & (SIGNS - 1)] = True
    return Book(
        a=longer(a, rows),
        b=longer(b, rows),
        base=longer(base, rows),
        at_a=longer(slot[at_a], rows),
        at_b=longer(slot[at_b], rows),
        room=longer(room, nodes),
        member=longer(members, nodes),
        rank=longer(graph.rank, nodes),
        state=np.zeros(nodes, np.uint8),
        hub=longer(room >= HUB_ROOM, nodes),
        sign=sign,
        near=np.full(blocks_of(slots, sizes), NEAR_UNKNOWN, np.int32),
        far=np.full(blocks_of(slots, sizes), FAR_UNKNOWN, np.int32),
        sizes=sizes,
        edge_keys=np.full(cells, EMPTY, np.int64),
        edge_rows=np.zeros(cells, np.int32),
        tally_keys=np.full(cells, EMPTY, np.int64),
        tally=np.zeros(cells, np.int32),
        rows=np.zeros(1024, np.int32),
        moved=np.zeros(1024, np.int32),
        groups=np.zeros(1024, np.int64),
        counts=np.zeros(1024, np.int32),
        fill=np.zeros(FILLS, np.int64),
    )


def _slots_of(graph: EvidenceGraph, a: Int32, b: Int32) -> tuple[Int64, Int64]:
    """The two slots of each edge row; a node joined to itself has both."""
    tail = np.repeat(np.arange(len(graph.users), dtype=np.int32), np.diff(graph.ptr))
    slot = np.arange(len(tail), dtype=np.int64)
    at_a, at_b = np.empty(len(a), np.int64), np.empty(len(a), np.int64)
    mine = tail == a[graph.edge]
    at_a[graph.edge[mine]] = slot[mine]
    other = (tail == b[graph.edge]) & (at_a[graph.edge] != slot)
    at_b[graph.edge[other]] = slot[other]
    return at_a, at_b


def _roomy(count: int) -> int:
    return count + count // _SPARE + 64
