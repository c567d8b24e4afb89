"""The pass over the evidence graph that must be fast, compiled by numba.

Costs are integers, thousandths of a nat: cost = -1000 log(probability), so adding costs multiplies probabilities.
``best_costs`` is Dial's bucket queue (R. Dial, Algorithm 360, Comm. ACM 12(11), 1969) with Dinic's wider buckets, from
all seeds at once.
"""

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.links.buckets import LOW, SHIFT, WAITING, Queue, empty, newest, shift_for, wait, waiting_at
from graphinv.links.uncounted import Number, uncounted
from graphinv.resolve.ahead import ask_ahead

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
UInt64 = NDArray[np.uint64]

#: Cost of what cannot be reached.
UNREACHABLE = np.int32(np.iinfo(np.int32).max)


def best_costs(
    start: Int64, stop: Int64, adj: Int32, weight: Int32, seed_cost: Int32, rank: UInt64
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """(cost, predecessor, origin) of the best evidence from any seed to every node.

    ``adj`` and ``weight`` hold an undirected graph with weights of at least 1, the neighbours of a node from its
    ``start`` to before its ``stop``; ``seed_cost`` is what a seed starts with, UNREACHABLE for other nodes. Predecessor
    and origin are -1 where there is none. Of equally good predecessors the seizure of the node itself comes first, then
    the node of the smallest ``rank``: the answer does not depend on how nodes and relationships are laid out.
    """
    # numpy has the system lay large arrays in large pages, compiled code does not: a third of the time
    n = start.size
    cost, before, origin = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    room = np.empty(n, np.int64), np.empty(n, np.int32), np.empty(n + adj.size, np.int64)
    _best_costs(start, stop, adj, weight, seed_cost, rank, cost, before, origin, *room)
    return cost, before, origin


@nb.njit(cache=True, nogil=True)
def _best_costs(
    start: Int64,
    stop: Int64,
    adj: Int32,
    weight: Int32,
    seed_cost: Int32,
    rank: UInt64,
    cost: Int32,
    before: Int32,
    origin: Int32,
    best: Int64,
    turn: Int32,
    cells: Int64,
) -> None:
    """Fill ``cost``, ``before`` and ``origin``; the last three are room to work in."""
    queue = _queue(start, stop, weight, seed_cost, cells)
    for node in range(start.size):
        origin[node] = -1
        if seed_cost[node] != UNREACHABLE:
            best[node] = np.int64(seed_cost[node]) << 32
            wait(queue, node, np.int64(seed_cost[node]))
        elif stop[node] - start[node] == 1:
            best[node] = _LEAF
        else:
            best[node] = _NOTHING
    current = np.int64(0)
    while queue.counts[WAITING] > 0:
        count = _take_turn(queue, current, best, turn)
        for i in range(count):
            if i + 2 * _FAR < count:
                ask_ahead(start, turn[i + 2 * _FAR])
                ask_ahead(best, turn[i + 2 * _FAR])
            if i + _FAR < count:
                _ask_for_edges(start, adj, weight, turn[i + _FAR])
            if i + _NEAR < count:
                for at in range(start[turn[i + _NEAR]], stop[turn[i + _NEAR]]):
                    ask_ahead(best, adj[at])
            node = turn[i]
            through = np.int32(best[node] & LOW) - 1
            origin[node] = node if through < 0 else origin[through]
            _reach_from(node, queue, start, stop, adj, weight, rank, best)
        current += 1
    _tell(start, adj, weight, best, cost, before, origin)


#: While the pass runs a node has its cost and its predecessor plus one in one number, 32 bits each.
_NOTHING = np.int64(UNREACHABLE) << 32
#: A node with one relationship and no seizure leads nowhere else: it is told of at the end.
_LEAF = np.int64(-1)

#: How many turns ahead memory is asked for: the edges of a node (and twice as many the node itself), then what is
#: known of its neighbours.
_FAR, _NEAR = 16, 8


@nb.njit(cache=True, nogil=True)
def _queue(start: Int64, stop: Int64, weight: Int32, seed_cost: Int32, cells: Int64) -> Queue:
    least, most = np.int64(UNREACHABLE), np.int64(1)
    for node in range(start.size):
        for at in range(start[node], stop[node]):
            least, most = min(least, np.int64(weight[at])), max(most, np.int64(weight[at]))
        if seed_cost[node] != UNREACHABLE:
            most = max(most, np.int64(seed_cost[node]))
    shift = shift_for(least)
    size = np.int64(1)
    while size < (most >> shift) + 2:
        size *= 2
    counts = np.array([0, 0, shift], np.int64)
    return Queue(np.full(size, -1, np.int32), cells, counts)


@uncounted
def _take_turn(queue: Queue, current: Number, best: Int64, turn: Int32) -> int:
    """Empty a bucket into ``turn``; those who have got cheaper since had their turn in another one."""
    cell, shift, found = newest(queue, current), queue.counts[SHIFT], 0
    empty(queue, current)
    while cell >= 0:
        turn[found], cell = waiting_at(queue, cell)
        found += 1
    queue.counts[WAITING] -= found
    count = 0
    for i in range(found):
        if i + _FAR < found:
            ask_ahead(best, turn[i + _FAR])
        turn[count] = turn[i]
        if best[turn[i]] >> 32 >> shift == current:
            count += 1
    return count


@nb.njit(cache=True, nogil=True, inline="always")
def _ask_for_edges(start: Int64, adj: Int32, weight: Int32, node: Number) -> None:
    ask_ahead(adj, start[node])
    ask_ahead(weight, start[node])


@uncounted
def _reach_from(
    node: Number, queue: Queue, start: Int64, stop: Int64, adj: Int32, weight: Int32, rank: UInt64, best: Int64
) -> None:
    """Reach the neighbours of a node at what they cost through it."""
    cost, me, shift = best[node] >> 32, np.int64(node + 1), queue.counts[SHIFT]
    for at in range(start[node], stop[node]):
        other = adj[at]
        through, held = cost + weight[at], best[other]
        if through < held >> 32:
            best[other] = through << 32 | me
            if through >> shift != held >> 32 >> shift:
                wait(queue, other, through)
        elif through == held >> 32:
            before = held & LOW
            if before > 0 and rank[node] < rank[before - 1]:
                best[other] = through << 32 | me


@uncounted
def _tell(start: Int64, adj: Int32, weight: Int32, best: Int64, cost: Int32, before: Int32, origin: Int32) -> None:
    for node in range(best.size):
        if best[node] != _LEAF:
            cost[node], before[node] = best[node] >> 32, np.int32(best[node] & LOW) - 1
            continue
        other = adj[start[node]]
        if best[other] == _LEAF or best[other] == _NOTHING:
            cost[node], before[node] = UNREACHABLE, -1
        else:
            cost[node], before[node] = (best[other] >> 32) + weight[start[node]], other
            origin[node] = origin[other]
