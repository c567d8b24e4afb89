"""The two passes over the evidence graph that must be fast, compiled by numba.

Costs are integers, thousandths of a nat: cost = -1000 log(probability), so adding costs multiplies probabilities.
``best_costs`` is Dial's bucket queue (R. Dial, Algorithm 360, Comm. ACM 12(11), 1969) from all seeds at once;
``best_path`` is A* (Hart, Nilsson, Raphael, 1968) with the exact remaining cost as its potential.
"""

import numba as nb
import numpy as np
from numpy.typing import NDArray

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

#: Cost of what cannot be reached.
UNREACHABLE = np.int32(np.iinfo(np.int32).max)

#: Marks of ``best_path``'s ``barred``.
CLOSED = np.uint8(1)
MUTED = np.uint8(2)

_NO_EDGE = np.int64(-1)


@nb.njit(cache=True, nogil=True)
def best_costs(
    ptr: Int64, adj: Int32, weight: Int32, seed_cost: Int32
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """(cost, predecessor, origin) of the best evidence from any seed to every node.

    ``ptr``, ``adj``, ``weight`` are the CSR arrays of an undirected graph with weights of at least 1; ``seed_cost`` is
    what a seed starts with, UNREACHABLE for other nodes. Predecessor and origin are -1 where there is none.
    """
    n = ptr.size - 1
    cost = np.full(n, UNREACHABLE, np.int32)
    before = np.full(n, -1, np.int32)
    origin = np.full(n, -1, np.int32)
    span = np.int64(1)
    for value in weight:
        span = max(span, np.int64(value) + 1)
    for node in range(n):
        if seed_cost[node] != UNREACHABLE:
            span = max(span, np.int64(seed_cost[node]) + 1)
    size = np.int64(1)
    while size < span + 1:
        size *= 2
    mask = size - 1
    head = np.full(size, -1, np.int32)
    after = np.full(n, -1, np.int32)
    ahead = np.full(n, -1, np.int32)
    waiting = 0
    for node in range(n):
        if seed_cost[node] != UNREACHABLE:
            cost[node] = seed_cost[node]
            origin[node] = node
            _link(head, after, ahead, np.int64(cost[node]) & mask, node)
            waiting += 1
    current = np.int64(0)
    while waiting > 0:
        node = head[current & mask]
        if node < 0:
            current += 1
            continue
        _unlink(head, after, ahead, current & mask, node)
        waiting -= 1
        for at in range(ptr[node], ptr[node + 1]):
            other = adj[at]
            through = current + weight[at]
            if through < cost[other]:
                if cost[other] == UNREACHABLE:
                    waiting += 1
                else:
                    _unlink(head, after, ahead, np.int64(cost[other]) & mask, other)
                cost[other] = through
                before[other] = node
                origin[other] = origin[node]
                _link(head, after, ahead, through & mask, other)
    return cost, before, origin


@nb.njit(cache=True, nogil=True, inline="always")
def _link(head: Int32, after: Int32, ahead: Int32, bucket: np.int64, node: int) -> None:
    first = head[bucket]
    after[node] = first
    ahead[node] = -1
    if first >= 0:
        ahead[first] = node
    head[bucket] = node


@nb.njit(cache=True, nogil=True, inline="always")
def _unlink(head: Int32, after: Int32, ahead: Int32, bucket: np.int64, node: int) -> None:
    left, right = ahead[node], after[node]
    if left >= 0:
        after[left] = right
    else:
        head[bucket] = right
    if right >= 0:
        ahead[right] = left


@nb.njit(cache=True, nogil=True)
def best_path(
    ptr: Int64,
    adj: Int32,
    weight: Int32,
    seed_cost: Int32,
    remaining: Int32,
    starts: Int32,
    start_costs: Int32,
    start_edges: Int32,
    barred: NDArray[np.uint8],
    max_edges: int,
    max_labels: int,
) -> tuple[NDArray[np.int32], NDArray[np.int64], np.int64, bool]:
    """(nodes, CSR positions of edges, cost, gave_up) of the cheapest path from the starts to a seed.

    Start ``i`` is a node with the cost and the number of edges spent before it. ``barred`` is CLOSED for nodes that
    may not be entered and MUTED for seeds that do not count. ``remaining`` is ``best_costs`` for the same graph: exact
    where nothing is barred, a lower bound otherwise, so the answer is the cheapest either way. A path has at most
    ``max_edges`` edges. No path: empty arrays and cost UNREACHABLE; ``gave_up`` tells that ``max_labels`` came first.
    """
    estimate = np.empty(max_labels, np.int64)
    spent = np.empty(max_labels, np.int64)
    at_node = np.empty(max_labels, np.int32)
    edges = np.empty(max_labels, np.int16)
    parent = np.empty(max_labels, np.int32)
    via = np.empty(max_labels, np.int64)
    heap = np.empty(max_labels, np.int32)
    fewest = np.full(ptr.size - 1, np.int16(max_edges + 1), np.int16)
    labels = 0
    waiting = 0
    for i in range(starts.size):
        node = starts[i]
        if barred[node] == CLOSED or remaining[node] == UNREACHABLE or labels == max_labels:
            continue
        spent[labels] = start_costs[i]
        estimate[labels] = start_costs[i] + np.int64(remaining[node])
        at_node[labels], edges[labels], parent[labels], via[labels] = node, start_edges[i], -1, _NO_EDGE
        waiting = _push(heap, estimate, waiting, labels)
        labels += 1
    while waiting > 0:
        label, waiting = _pop(heap, estimate, waiting)
        node = at_node[label]
        if node < 0:
            nodes, crossed = _trace(at_node, parent, via, parent[label])
            return nodes, crossed, spent[label], False
        if edges[label] >= fewest[node]:
            continue
        fewest[node] = edges[label]
        if labels + (ptr[node + 1] - ptr[node]) + 1 > max_labels:
            return np.empty(0, np.int32), np.empty(0, np.int64), np.int64(UNREACHABLE), True
        if seed_cost[node] != UNREACHABLE and barred[node] != MUTED:
            spent[labels] = spent[label] + seed_cost[node]
            estimate[labels] = spent[labels]
            at_node[labels], edges[labels], parent[labels], via[labels] = -1, edges[label], label, _NO_EDGE
            waiting = _push(heap, estimate, waiting, labels)
            labels += 1
        if edges[label] >= max_edges:
            continue
        for at in range(ptr[node], ptr[node + 1]):
            other = adj[at]
            if barred[other] == CLOSED or remaining[other] == UNREACHABLE or edges[label] + 1 >= fewest[other]:
                continue
            spent[labels] = spent[label] + weight[at]
            estimate[labels] = spent[labels] + remaining[other]
            at_node[labels], edges[labels], parent[labels], via[labels] = other, edges[label] + 1, label, at
            waiting = _push(heap, estimate, waiting, labels)
            labels += 1
    return np.empty(0, np.int32), np.empty(0, np.int64), np.int64(UNREACHABLE), False


@nb.njit(cache=True, nogil=True)
def _trace(at_node: Int32, parent: Int32, via: Int64, label: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    length = 0
    here = label
    while here >= 0:
        length += 1
        here = parent[here]
    nodes = np.empty(length, np.int32)
    crossed = np.empty(length - 1, np.int64)
    here = label
    for i in range(length - 1, -1, -1):
        nodes[i] = at_node[here]
        if i > 0:
            crossed[i - 1] = via[here]
        here = parent[here]
    return nodes, crossed


@nb.njit(cache=True, nogil=True)
def _push(heap: Int32, key: Int64, size: int, item: int) -> int:
    at = size
    while at > 0:
        up = (at - 1) >> 1
        if key[heap[up]] <= key[item]:
            break
        heap[at] = heap[up]
        at = up
    heap[at] = item
    return size + 1


@nb.njit(cache=True, nogil=True)
def _pop(heap: Int32, key: Int64, size: int) -> tuple[int, int]:
    top = heap[0]
    size -= 1
    item = heap[size]
    at = 0
    while True:
        down = 2 * at + 1
        if down >= size:
            break
        if down + 1 < size and key[heap[down + 1]] < key[heap[down]]:
            down += 1
        if key[heap[down]] >= key[item]:
            break
        heap[at] = heap[down]
        at = down
    heap[at] = item
    return top, size
