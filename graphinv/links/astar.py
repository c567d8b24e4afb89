"""The cheapest path from a party to a seizure past what is barred, compiled by numba.

A* (P. Hart, N. Nilsson, B. Raphael, 1968) with the exact remaining cost of ``kernels.best_costs`` as its potential. The
best evidence of a node that is visited is a path as well when nothing on it is barred: nothing dearer need wait, so
that a search past a seller of thousands does not write each of them down.
"""

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.links.kernels import UNREACHABLE, Int32, Int64
from graphinv.links.uncounted import Number, uncounted
from graphinv.resolve.ahead import ask_ahead

#: Marks of ``best_path``'s ``barred``.
CLOSED = np.uint8(1)
MUTED = np.uint8(2)

#: Columns of the room that ``best_path`` works in.
_SPENT, _ESTIMATE, _NODE, _EDGES, _PARENT, _VIA = range(6)
LABEL_FIELDS = 6

#: Among so many neighbours a search looks for those from whom the way on is free, and gives up after so many tries.
_MANY, _TRIES = 64, 64

#: What every cell of ``fewest`` holds before and after a search.
NOT_REACHED = np.int16(np.iinfo(np.int16).max)

#: What ``Ahead`` holds: so many nodes, so many neighbours, of nodes with at least ``_MANY``.
_HUBS, _CELLS = 64, 1 << 17

_NOWHERE = np.int64(-1)

#: Cells of ``Ahead.counts``.
_NODES, _WRITTEN, _LEAST = range(3)

#: How many neighbours ahead memory is asked for.
_FAR = 16

#: The lower half of a heap's key.
_LOW = np.int64(0xFFFFFFFF)


class Ahead(NamedTuple):
    """What the way on costs over each neighbour of nodes that have many, told by one search to the next in the same
    graph: most of a seller's customers cost too much, which costs less to see where it stands side by side.

    ``node`` and where its neighbours begin in ``cost`` (``first``); ``counts``: nodes, cells of ``cost``, and with how
    many neighbours a node is told of."""

    node: Int32
    first: Int64
    cost: Int64
    counts: Int64

    def clear(self) -> None:
        """Forget it all: the graph may be another from now on."""
        self.counts[:_LEAST] = 0


def nothing_ahead(least: int = _MANY, cells: int = _CELLS) -> Ahead:
    """Room to tell of nodes with at least so many neighbours."""
    first, cost = np.empty(_HUBS, np.int64), np.empty(cells, np.int64)
    return Ahead(np.empty(_HUBS, np.int32), first, cost, np.array([0, 0, least], np.int64))


@nb.njit(cache=True, nogil=True)
def best_path(
    start: Int64,
    stop: Int64,
    adj: Int32,
    weight: Int32,
    seed_cost: Int32,
    remaining: Int32,
    before: Int32,
    starts: Int32,
    start_costs: Int32,
    start_edges: Int32,
    barred: NDArray[np.uint8],
    max_edges: int,
    max_cost: int,
    labels: Int64,
    heap: Int64,
    fewest: NDArray[np.int16],
    ahead: Ahead,
) -> tuple[NDArray[np.int32], NDArray[np.int64], np.int64, bool]:
    """(nodes, CSR positions of edges, cost, gave_up) of the cheapest path from the starts to a seed.

    Start ``i`` is a node with the cost and the number of edges spent before it. ``barred`` is CLOSED for nodes that
    may not be entered and MUTED for seeds that do not count. ``remaining`` and ``before`` are ``best_costs`` for the
    same graph: exact where nothing is barred, a lower bound otherwise, so the answer is the cheapest either way. A path
    has at most ``max_edges`` edges and costs at most ``max_cost``. No path: empty arrays and cost UNREACHABLE;
    ``gave_up`` tells that the room came to its end.

    ``labels`` (LABEL_FIELDS columns), ``heap`` (as long) and ``fewest`` (a cell a node, NOT_REACHED) are room to work
    in: a search costs what it visits, not what the graph holds. ``fewest`` is left as it was found; ``ahead`` is
    cleared before the first search in a graph.
    """
    written, label, gave_up = _search(
        start,
        stop,
        adj,
        weight,
        seed_cost,
        remaining,
        before,
        starts,
        start_costs,
        start_edges,
        barred,
        max_edges,
        max_cost,
        labels,
        heap,
        fewest,
        ahead,
    )
    for at in range(written):
        if labels[at, _NODE] >= 0:
            fewest[labels[at, _NODE]] = NOT_REACHED
    if label < 0:
        return np.empty(0, np.int32), np.empty(0, np.int64), np.int64(UNREACHABLE), gave_up
    nodes, crossed = _trace(labels, labels[label, _PARENT])
    return nodes, crossed, labels[label, _SPENT], False


@uncounted
def _search(
    start: Int64,
    stop: Int64,
    adj: Int32,
    weight: Int32,
    seed_cost: Int32,
    remaining: Int32,
    before: Int32,
    starts: Int32,
    start_costs: Int32,
    start_edges: Int32,
    barred: NDArray[np.uint8],
    max_edges: int,
    max_cost: Number,
    labels: Int64,
    heap: Int64,
    fewest: NDArray[np.int16],
    ahead: Ahead,
) -> tuple[int, int, bool]:
    """(labels written, the label that reached a seed or -1, whether the room came to its end)."""
    room = labels.shape[0]
    written = _begin(remaining, starts, start_costs, start_edges, barred, max_cost, labels, heap)
    waiting = written
    while waiting > 0:
        label, waiting = _pop(heap, waiting)
        node, edges, spent = labels[label, _NODE], labels[label, _EDGES], labels[label, _SPENT]
        if node < 0:
            return written, label, False
        if edges >= fewest[node]:
            continue
        fewest[node] = edges
        if _is_clear(before, barred, node, max_edges - edges):
            max_cost = min(max_cost, spent + remaining[node])
        through = spent + seed_cost[node]
        if through <= max_cost and barred[node] != MUTED:
            if written == room:
                return written, -1, True
            max_cost = through  # what cannot become cheaper than this need not wait
            _write(labels, written, through, through, -1, edges, label, -1)
            waiting = _push(heap, waiting, written, through)
            written += 1
        if edges >= max_edges:
            continue
        written, waiting, max_cost = _reach(
            start, stop, adj, weight, remaining, before, barred, label, written, waiting, max_edges, max_cost, labels,
            heap, fewest, ahead,
        )  # fmt: skip
        if written > room:
            return room, -1, True
    return written, -1, False


@uncounted
def _begin(
    remaining: Int32,
    starts: Int32,
    start_costs: Int32,
    start_edges: Int32,
    barred: NDArray[np.uint8],
    max_cost: Number,
    labels: Int64,
    heap: Int64,
) -> int:
    """How many starts were written as labels, all of which wait."""
    written = 0
    for i in range(starts.size):
        node = starts[i]
        estimate = start_costs[i] + np.int64(remaining[node])
        if barred[node] == CLOSED or estimate > max_cost or written == labels.shape[0]:
            continue
        _write(labels, written, start_costs[i], estimate, node, start_edges[i], -1, -1)
        written = _push(heap, written, written, estimate)
    return written


@uncounted
def _reach(
    start: Int64,
    stop: Int64,
    adj: Int32,
    weight: Int32,
    remaining: Int32,
    before: Int32,
    barred: NDArray[np.uint8],
    label: int,
    written: int,
    waiting: int,
    max_edges: int,
    max_cost: Number,
    labels: Int64,
    heap: Int64,
    fewest: NDArray[np.int16],
    ahead: Ahead,
) -> tuple[int, int, Number]:
    """Let the neighbours of a label's node wait: (labels written, how many wait, what a path may cost from now on).

    More labels than there is room for: it came to its end. The best evidence of one of many neighbours, where nothing
    on it is barred, is a path too: the others of a seller's customers that are dearer need not wait.
    """
    node, edges, spent = labels[label, _NODE], labels[label, _EDGES], labels[label, _SPENT]
    tries = _TRIES if stop[node] - start[node] >= _MANY else 0
    told = _told_of(start, stop, adj, weight, remaining, ahead, node)
    for at in range(start[node], stop[node]):
        if told >= 0:
            if spent + ahead.cost[told + at - start[node]] > max_cost:
                continue
        elif at + _FAR < stop[node]:
            ask_ahead(remaining, adj[at + _FAR])
        other = adj[at]
        through = spent + weight[at]
        estimate = through + remaining[other]
        if estimate > max_cost or barred[other] == CLOSED or edges + 1 >= fewest[other]:
            continue
        if tries > 0 and estimate < max_cost and before[other] != node:
            if _is_clear(before, barred, other, max_edges - edges - 1):
                max_cost = np.int64(estimate)
            else:
                tries -= 1
        if written == labels.shape[0]:
            return written + 1, waiting, max_cost
        _write(labels, written, through, estimate, other, edges + 1, label, at)
        waiting = _push(heap, waiting, written, estimate)
        written += 1
    return written, waiting, max_cost


@uncounted
def _told_of(
    start: Int64, stop: Int64, adj: Int32, weight: Int32, remaining: Int32, ahead: Ahead, node: Number
) -> Number:
    """Where ``ahead`` tells of the neighbours of a node, from now on if it has not yet; _NOWHERE when it does not."""
    count, nodes, first = stop[node] - start[node], ahead.counts[_NODES], np.int64(ahead.counts[_WRITTEN])
    if count < ahead.counts[_LEAST]:
        return _NOWHERE
    for at in range(nodes):
        if ahead.node[at] == node:
            return np.int64(ahead.first[at])
    if nodes == ahead.node.size or first + count > ahead.cost.size:
        return _NOWHERE
    for at in range(count):
        slot = start[node] + at
        if at + _FAR < count:
            ask_ahead(remaining, adj[slot + _FAR])
        ahead.cost[first + at] = np.int64(weight[slot]) + remaining[adj[slot]]
    ahead.node[nodes], ahead.first[nodes] = node, first
    ahead.counts[_NODES] += 1
    ahead.counts[_WRITTEN] += count
    return first


@uncounted
def _is_clear(before: Int32, barred: NDArray[np.uint8], node: int, edges: int) -> bool:
    """Whether the best evidence of a node has at most so many edges and nothing on it is barred."""
    while edges >= 0 and barred[node] != CLOSED:
        if before[node] < 0:
            return bool(barred[node] != MUTED)
        node = before[node]
        edges -= 1
    return False


@uncounted
def _write(labels: Int64, at: int, spent: int, estimate: int, node: int, edges: int, parent: int, via: int) -> None:
    labels[at, _SPENT] = spent
    labels[at, _ESTIMATE] = estimate
    labels[at, _NODE] = node
    labels[at, _EDGES] = edges
    labels[at, _PARENT] = parent
    labels[at, _VIA] = via


@nb.njit(cache=True, nogil=True)
def _trace(labels: Int64, label: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    length = 0
    here = label
    while here >= 0:
        length += 1
        here = labels[here, _PARENT]
    nodes = np.empty(length, np.int32)
    crossed = np.empty(length - 1, np.int64)
    here = label
    for i in range(length - 1, -1, -1):
        nodes[i] = labels[here, _NODE]
        if i > 0:
            crossed[i - 1] = labels[here, _VIA]
        here = labels[here, _PARENT]
    return nodes, crossed


@uncounted
def _push(heap: Int64, size: int, item: int, estimate: int) -> int:
    """Let a label wait. Of equal estimates the newest comes first: it has gone farthest."""
    key = np.int64(estimate) << 32 | _LOW - item
    at = size
    while at > 0:
        up = (at - 1) >> 1
        if heap[up] <= key:
            break
        heap[at] = heap[up]
        at = up
    heap[at] = key
    return size + 1


@uncounted
def _pop(heap: Int64, size: int) -> tuple[int, int]:
    top = heap[0]
    size -= 1
    key = heap[size]
    at = 0
    while True:
        down = 2 * at + 1
        if down >= size:
            break
        if down + 1 < size and heap[down + 1] < heap[down]:
            down += 1
        if heap[down] >= key:
            break
        heap[at] = heap[down]
        at = down
    heap[at] = key
    return _LOW - (top & _LOW), size
