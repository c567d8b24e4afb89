"""The two passes over the evidence graph that must be fast, compiled by numba.

Costs are integers, thousandths of a nat: cost = -1000 log(probability), so adding costs multiplies probabilities.
``best_costs`` is Dial's bucket queue (R. Dial, Algorithm 360, Comm. ACM 12(11), 1969) from all seeds at once;
``best_path`` is A* (Hart, Nilsson, Raphael, 1968) with the exact remaining cost as its potential.
"""

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
UInt64 = NDArray[np.uint64]

#: A number in compiled code that may be of any width.
Number = int | np.integer[Any]

#: Cost of what cannot be reached.
UNREACHABLE = np.int32(np.iinfo(np.int32).max)

#: Marks of ``best_path``'s ``barred``.
CLOSED = np.uint8(1)
MUTED = np.uint8(2)

#: Rows of the room that ``best_path`` works in.
_SPENT, _ESTIMATE, _NODE, _EDGES, _PARENT, _VIA, _HEAP = range(7)
LABEL_FIELDS = 7

#: What every cell of ``fewest`` holds before and after a search.
NOT_REACHED = np.int16(np.iinfo(np.int16).max)


@nb.njit(cache=True, nogil=True)
def best_costs(
    start: Int64, stop: Int64, adj: Int32, weight: Int32, seed_cost: Int32, rank: UInt64
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """(cost, predecessor, origin) of the best evidence from any seed to every node.

    ``adj`` and ``weight`` hold an undirected graph with weights of at least 1, the neighbours of a node from its
    ``start`` to before its ``stop``; ``seed_cost`` is what a seed starts with, UNREACHABLE for other nodes. Predecessor
    and origin are -1 where there is none. Of equally good predecessors the seizure of the node itself comes first, then
    the node of the smallest ``rank``: the answer does not depend on how nodes and relationships are laid out.
    """
    n = start.size
    cost = np.full(n, UNREACHABLE, np.int32)
    before = np.full(n, -1, np.int32)
    origin = np.full(n, -1, np.int32)
    span = np.int64(1)
    for node in range(n):
        for at in range(start[node], stop[node]):
            span = max(span, np.int64(weight[at]) + 1)
        if seed_cost[node] != UNREACHABLE:
            span = max(span, np.int64(seed_cost[node]) + 1)
    size = np.int64(1)
    while size < span + 1:
        size *= 2
    mask = size - 1
    # A cell a waiting node: it stays where it is when the node gets cheaper, and tells nothing new when its turn comes.
    head = np.full(size, -1, np.int32)
    waits = np.empty(n + adj.size, np.int32)
    after = np.empty(n + adj.size, np.int32)
    waiting = cells = 0
    for node in range(n):
        if seed_cost[node] != UNREACHABLE:
            cost[node] = seed_cost[node]
            bucket = np.int64(cost[node]) & mask
            waits[cells], after[cells], head[bucket] = node, head[bucket], cells
            cells += 1
            waiting += 1
    current = np.int64(0)
    while waiting > 0:
        cell = head[current & mask]
        if cell < 0:
            current += 1
            continue
        head[current & mask] = after[cell]
        waiting -= 1
        node = waits[cell]
        if cost[node] != current:
            continue
        told = node if before[node] < 0 else origin[before[node]]
        origin[node] = told
        for at in range(start[node], stop[node]):
            other = adj[at]
            through = current + weight[at]
            if through < cost[other]:
                cost[other] = through
                before[other] = node
                if stop[other] - start[other] == 1:
                    origin[other] = told  # it leads nowhere else
                    continue
                bucket = through & mask
                waits[cells], after[cells], head[bucket] = other, head[bucket], cells
                cells += 1
                waiting += 1
            elif through == cost[other] and before[other] >= 0 and rank[node] < rank[before[other]]:
                before[other] = node
    return cost, before, origin


@nb.njit(cache=True, nogil=True)
def best_path(
    start: Int64,
    stop: Int64,
    adj: Int32,
    weight: Int32,
    seed_cost: Int32,
    remaining: Int32,
    starts: Int32,
    start_costs: Int32,
    start_edges: Int32,
    barred: NDArray[np.uint8],
    max_edges: int,
    labels: Int64,
    fewest: NDArray[np.int16],
) -> tuple[NDArray[np.int32], NDArray[np.int64], np.int64, bool]:
    """(nodes, CSR positions of edges, cost, gave_up) of the cheapest path from the starts to a seed.

    Start ``i`` is a node with the cost and the number of edges spent before it. ``barred`` is CLOSED for nodes that
    may not be entered and MUTED for seeds that do not count. ``remaining`` is ``best_costs`` for the same graph: exact
    where nothing is barred, a lower bound otherwise, so the answer is the cheapest either way. A path has at most
    ``max_edges`` edges. No path: empty arrays and cost UNREACHABLE; ``gave_up`` tells that the room came to its end.

    ``labels`` (LABEL_FIELDS rows) and ``fewest`` (a cell a node, NOT_REACHED) are room to work in: a search costs what
    it visits, not what the graph holds. ``fewest`` is left as it was found.
    """
    written, label, gave_up = _search(
        start,
        stop,
        adj,
        weight,
        seed_cost,
        remaining,
        starts,
        start_costs,
        start_edges,
        barred,
        max_edges,
        labels,
        fewest,
    )
    for at in range(written):
        if labels[_NODE, at] >= 0:
            fewest[labels[_NODE, at]] = NOT_REACHED
    if label < 0:
        return np.empty(0, np.int32), np.empty(0, np.int64), np.int64(UNREACHABLE), gave_up
    nodes, crossed = _trace(labels, labels[_PARENT, label])
    return nodes, crossed, labels[_SPENT, label], False


@nb.njit(cache=True, nogil=True)
def _search(
    start: Int64,
    stop: Int64,
    adj: Int32,
    weight: Int32,
    seed_cost: Int32,
    remaining: Int32,
    starts: Int32,
    start_costs: Int32,
    start_edges: Int32,
    barred: NDArray[np.uint8],
    max_edges: int,
    labels: Int64,
    fewest: NDArray[np.int16],
) -> tuple[int, int, bool]:
    """(labels written, the label that reached a seed or -1, whether the room came to its end)."""
    room = labels.shape[1]
    written = 0
    waiting = 0
    for i in range(starts.size):
        node = starts[i]
        if barred[node] == CLOSED or remaining[node] == UNREACHABLE or written == room:
            continue
        _write(
            labels, written, start_costs[i], start_costs[i] + np.int64(remaining[node]), node, start_edges[i], -1, -1
        )
        waiting = _push(labels, waiting, written)
        written += 1
    while waiting > 0:
        label, waiting = _pop(labels, waiting)
        node, edges, spent = labels[_NODE, label], labels[_EDGES, label], labels[_SPENT, label]
        if node < 0:
            return written, label, False
        if edges >= fewest[node]:
            continue
        fewest[node] = edges
        if written + (stop[node] - start[node]) + 1 > room:
            return written, -1, True
        if seed_cost[node] != UNREACHABLE and barred[node] != MUTED:
            through = spent + seed_cost[node]
            _write(labels, written, through, through, -1, edges, label, -1)
            waiting = _push(labels, waiting, written)
            written += 1
        if edges >= max_edges:
            continue
        for at in range(start[node], stop[node]):
            other = adj[at]
            if barred[other] == CLOSED or remaining[other] == UNREACHABLE or edges + 1 >= fewest[other]:
                continue
            through = spent + weight[at]
            _write(labels, written, through, through + remaining[other], other, edges + 1, label, at)
            waiting = _push(labels, waiting, written)
            written += 1
    return written, -1, False


@nb.njit(cache=True, nogil=True, inline="always")
def _write(labels: Int64, at: int, spent: int, estimate: int, node: int, edges: int, parent: int, via: int) -> None:
    labels[_SPENT, at] = spent
    labels[_ESTIMATE, at] = estimate
    labels[_NODE, at] = node
    labels[_EDGES, at] = edges
    labels[_PARENT, at] = parent
    labels[_VIA, at] = via


@nb.njit(cache=True, nogil=True)
def _trace(labels: Int64, label: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    length = 0
    here = label
    while here >= 0:
        length += 1
        here = labels[_PARENT, here]
    nodes = np.empty(length, np.int32)
    crossed = np.empty(length - 1, np.int64)
    here = label
    for i in range(length - 1, -1, -1):
        nodes[i] = labels[_NODE, here]
        if i > 0:
            crossed[i - 1] = labels[_VIA, here]
        here = labels[_PARENT, here]
    return nodes, crossed


@nb.njit(cache=True, nogil=True)
def _push(labels: Int64, size: int, item: int) -> int:
    at = size
    while at > 0:
        up = (at - 1) >> 1
        if labels[_ESTIMATE, labels[_HEAP, up]] <= labels[_ESTIMATE, item]:
            break
        labels[_HEAP, at] = labels[_HEAP, up]
        at = up
    labels[_HEAP, at] = item
    return size + 1


@nb.njit(cache=True, nogil=True)
def _pop(labels: Int64, size: int) -> tuple[int, int]:
    top = labels[_HEAP, 0]
    size -= 1
    item = labels[_HEAP, size]
    key = labels[_ESTIMATE, item]
    at = 0
    while True:
        down = 2 * at + 1
        if down >= size:
            break
        if down + 1 < size and labels[_ESTIMATE, labels[_HEAP, down + 1]] < labels[_ESTIMATE, labels[_HEAP, down]]:
            down += 1
        if labels[_ESTIMATE, labels[_HEAP, down]] >= key:
            break
        labels[_HEAP, at] = labels[_HEAP, down]
        at = down
    labels[_HEAP, at] = item
    return top, size
