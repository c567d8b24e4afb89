"""The cheapest path from a party to a seizure past what is barred, compiled by numba.

A* (P. Hart, N. Nilsson, B. Raphael, 1968) with the exact remaining cost of ``kernels.best_costs`` as its potential. The
best evidence of a node that is visited is a path as well when nothing on it is barred: nothing dearer need wait, so
that a search past a seller of thousands does not write each of them down.
"""

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.links.kernels import UNREACHABLE, Int32, Int64
from graphinv.links.uncounted import Number, uncounted
from graphinv.resolve.ahead import ask_ahead

#: Marks of ``Scratch.barred``.
CLOSED = np.uint8(1)
MUTED = np.uint8(2)

#: Columns of ``Scratch.labels``.
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


class CostedGraph(NamedTuple):
    """A graph in CSR form and its best-evidence pass: ``remaining`` and ``before`` are ``best_costs`` from the very
    seeds of ``seed_cost``; with those of other seeds paths are missed."""

    start: Int64
    stop: Int64
    adj: Int32
    weight: Int32
    seed_cost: Int32
    remaining: Int32
    before: Int32


class WaysIn(NamedTuple):
    """Nodes that a search begins at, with the cost and the number of edges spent before each."""

    node: Int32
    cost: Int32
    edges: Int32


class Scratch(NamedTuple):
    """Room to work in: a search costs what it visits, not what the graph holds.

    ``labels`` (LABEL_FIELDS columns), ``heap`` (as long) and ``fewest`` (a cell a node, NOT_REACHED), which is left as
    it was found. ``barred``: CLOSED for nodes that may not be entered, MUTED for seeds that do not count. ``ahead`` is
    cleared before the first search in a graph.
    """

    labels: Int64
    heap: Int64
    fewest: NDArray[np.int16]
    barred: NDArray[np.uint8]
    ahead: Ahead


def nothing_ahead(least: int = _MANY, cells: int = _CELLS) -> Ahead:
    """Room to tell of nodes with at least so many neighbours."""
    first, cost = np.empty(_HUBS, np.int64), np.empty(cells, np.int64)
    return Ahead(np.empty(_HUBS, np.int32), first, cost, np.array([0, 0, least], np.int64))


def best_path(
    graph: CostedGraph, ways: WaysIn, room: Scratch, max_edges: int, max_cost: int
) -> tuple[NDArray[np.int32], NDArray[np.int64], np.int64, bool]:
    """(nodes, CSR positions of edges, cost, gave_up) of the cheapest path from the ways in to a seed.

    What remains is exact where nothing is barred, a lower bound otherwise, so the answer is the cheapest either way. A
    path has at most ``max_edges`` edges and costs at most ``max_cost``. No path: empty arrays and cost UNREACHABLE;
    ``gave_up`` tells that the room came to its end.
    """
    # Of a named tuple numba looks up the class at every call, half a microsecond each; a plain one costs a tenth.
    found: tuple[NDArray[np.int32], NDArray[np.int64], np.int64, bool] = _best_path(
        tuple(graph), tuple(ways), tuple(room), max_edges, max_cost
    )
    return found


@nb.njit(cache=True, nogil=True)
def _best_path(
    of_graph: Any, of_ways: Any, of_room: Any, max_edges: int, max_cost: int
) -> tuple[NDArray[np.int32], NDArray[np.int64], np.int64, bool]:
    """``best_path`` from the fields of its three tuples."""
    graph, ways, room = CostedGraph(*of_graph), WaysIn(*of_ways), Scratch(*of_room)
    labels = room.labels
    written, label, gave_up = _search(graph, ways, room, max_edges, max_cost)
    for at in range(written):
        if labels[at, _NODE] >= 0:
            room.fewest[labels[at, _NODE]] = NOT_REACHED
    if label < 0:
        return np.empty(0, np.int32), np.empty(0, np.int64), np.int64(UNREACHABLE), gave_up
    nodes, crossed = _trace(labels, labels[label, _PARENT])
    return nodes, crossed, labels[label, _SPENT], False


@uncounted
def _search(graph: CostedGraph, ways: WaysIn, room: Scratch, max_edges: int, max_cost: Number) -> tuple[int, int, bool]:
    """(labels written, the label that reached a seed or -1, whether the room came to its end)."""
    labels, size = room.labels, room.labels.shape[0]
    written = _begin(graph, ways, room, max_cost)
    waiting = written
    while waiting > 0:
        label, waiting = _pop(room.heap, waiting)
        node, edges, spent = labels[label, _NODE], labels[label, _EDGES], labels[label, _SPENT]
        if node < 0:
            return written, label, False
        if edges >= room.fewest[node]:
            continue
        room.fewest[node] = edges
        if _is_clear(graph, room, node, max_edges - edges):
            max_cost = min(max_cost, spent + graph.remaining[node])
        through = spent + graph.seed_cost[node]
        if through <= max_cost and room.barred[node] != MUTED:
            if written == size:
                return written, -1, True
            max_cost = through  # what cannot become cheaper than this need not wait
            _write(labels, written, through, through, -1, edges, label, -1)
            waiting = _push(room.heap, waiting, written, through)
            written += 1
        if edges >= max_edges:
            continue
        written, waiting, max_cost = _reach(graph, room, label, written, waiting, max_edges, max_cost)
        if written > size:
            return size, -1, True
    return written, -1, False


@uncounted
def _begin(graph: CostedGraph, ways: WaysIn, room: Scratch, max_cost: Number) -> int:
    """How many ways in were written as labels, all of which wait."""
    written = 0
    for i in range(ways.node.size):
        node = ways.node[i]
        estimate = ways.cost[i] + np.int64(graph.remaining[node])
        if room.barred[node] == CLOSED or estimate > max_cost or written == room.labels.shape[0]:
            continue
        _write(room.labels, written, ways.cost[i], estimate, node, ways.edges[i], -1, -1)
        written = _push(room.heap, written, written, estimate)
    return written


@uncounted
def _reach(
    graph: CostedGraph,
    room: Scratch,
    label: int,
    written: int,
    waiting: int,
    max_edges: int,
    max_cost: Number,
) -> tuple[int, int, Number]:
    """Let the neighbours of a label's node wait: (labels written, how many wait, what a path may cost from now on).

    More labels than there is room for: it came to its end. The best evidence of one of many neighbours, where nothing
    on it is barred, is a path too: the others of a seller's customers that are dearer need not wait.
    """
    labels = room.labels
    node, edges, spent = labels[label, _NODE], labels[label, _EDGES], labels[label, _SPENT]
    first, stop = graph.start[node], graph.stop[node]
    tries = _TRIES if stop - first >= _MANY else 0
    told = _told_of(graph, room.ahead, node)
    for at in range(first, stop):
        if told >= 0:
            if spent + room.ahead.cost[told + at - first] > max_cost:
                continue
        elif at + _FAR < stop:
            ask_ahead(graph.remaining, graph.adj[at + _FAR])
        other = graph.adj[at]
        through = spent + graph.weight[at]
        estimate = through + graph.remaining[other]
        if estimate > max_cost or room.barred[other] == CLOSED or edges + 1 >= room.fewest[other]:
            continue
        if tries > 0 and estimate < max_cost and graph.before[other] != node:
            if _is_clear(graph, room, other, max_edges - edges - 1):
                max_cost = np.int64(estimate)
            else:
                tries -= 1
        if written == labels.shape[0]:
            return written + 1, waiting, max_cost
        _write(labels, written, through, estimate, other, edges + 1, label, at)
        waiting = _push(room.heap, waiting, written, estimate)
        written += 1
    return written, waiting, max_cost


@uncounted
def _told_of(graph: CostedGraph, ahead: Ahead, node: Number) -> Number:
    """Where ``ahead`` tells of the neighbours of a node, from now on if it has not yet; _NOWHERE when it does not."""
    begin = graph.start[node]
    count, nodes, first = graph.stop[node] - begin, ahead.counts[_NODES], np.int64(ahead.counts[_WRITTEN])
    if count < ahead.counts[_LEAST]:
        return _NOWHERE
    for at in range(nodes):
        if ahead.node[at] == node:
            return np.int64(ahead.first[at])
    if nodes == ahead.node.size or first + count > ahead.cost.size:
        return _NOWHERE
    for at in range(count):
        slot = begin + at
        if at + _FAR < count:
            ask_ahead(graph.remaining, graph.adj[slot + _FAR])
        ahead.cost[first + at] = np.int64(graph.weight[slot]) + graph.remaining[graph.adj[slot]]
    ahead.node[nodes], ahead.first[nodes] = node, first
    ahead.counts[_NODES] += 1
    ahead.counts[_WRITTEN] += count
    return first


@uncounted
def _is_clear(graph: CostedGraph, room: Scratch, node: int, edges: int) -> bool:
    """Whether the best evidence of a node has at most so many edges and nothing on it is barred."""
    while edges >= 0 and room.barred[node] != CLOSED:
        if graph.before[node] < 0:
            return bool(room.barred[node] != MUTED)
        node = graph.before[node]
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
