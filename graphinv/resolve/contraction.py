"""Greedy additive edge contraction with local moves, compiled: the weighing of one contested group of nodes.

Pairs are two half-edges, ``2 * pair`` and ``2 * pair + 1``, each in the list of the node that it leaves.
"""

import heapq
from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.resolve.arrays import Float64, Int32, Int64

#: A member moves for more than this, which is more than rounding makes beside the weight of a judgement.
_LEAST_GAIN = 0.01
#: So many moves a member end the moving.
_MOVES = 4
#: No half-edge, and one that is no longer there.
_NONE, _GONE = -1, -2


class _Edges(NamedTuple):
    """Half-edges: ``to`` which node, with which ``weight``, the ``before`` and the ``after`` in the list of the node
    that they leave; of every node the ``first`` and the ``degree``. ``seen`` is scratch space, a number a node."""

    to: Int64
    weight: Float64
    before: Int64
    after: Int64
    first: Int64
    degree: Int64
    seen: Int64


@nb.njit(cache=True, nogil=True)
def weighed_groups(reach: Int64, contested: NDArray[np.bool_], one: Int32, other: Int32, weights: Float64) -> Int64:
    """The group of every node. ``reach`` says which are connected, ``contested`` (by ``reach``) which of those to
    weigh, by the pairs given; the others stay as they are."""
    local, sizes = np.zeros(reach.size, np.int64), np.zeros(reach.size, np.int64)
    for node in range(reach.size):  # in rising order: ties are broken as by the nodes' own numbers
        local[node] = sizes[reach[node]]
        sizes[reach[node]] += 1
    groups = reach.copy()
    begin = np.zeros(reach.size + 1, np.int64)
    for row in range(one.size):
        begin[reach[one[row]] + 1] += 1
    begin = np.cumsum(begin)
    order, filled = np.empty(one.size, np.int64), begin[:-1].copy()
    for row in range(one.size):
        order[filled[reach[one[row]]]] = row
        filled[reach[one[row]]] += 1
    members, member_start = _members(reach, sizes, contested)
    for part in range(reach.size):
        if contested[part] and sizes[part]:
            rows = order[begin[part] : begin[part + 1]]
            found = _weighed(sizes[part], local[one[rows]], local[other[rows]], weights[rows])
            nodes = members[member_start[part] : member_start[part + 1]]
            for at in range(nodes.size):
                groups[nodes[at]] = found[at]
    return groups


@nb.njit(cache=True, nogil=True)
def _members(reach: Int64, sizes: Int64, contested: NDArray[np.bool_]) -> tuple[Int64, Int64]:
    """(nodes, start): the nodes of every contested part in rising order."""
    start = np.zeros(reach.size + 1, np.int64)
    for part in range(reach.size):
        start[part + 1] = start[part] + (sizes[part] if contested[part] else 0)
    nodes, filled = np.empty(start[-1], np.int64), start[:-1].copy()
    for node in range(reach.size):
        if contested[reach[node]]:
            nodes[filled[reach[node]]] = node
            filled[reach[node]] += 1
    return nodes, start


@nb.njit(cache=True, nogil=True)
def _weighed(size: int, one: Int64, other: Int64, weights: Float64) -> Int64:
    """A label a node of one part: equal ones are one group."""
    edges = _half_edges(size, one, other, weights)
    start, to, weight = _neighbours(size, one, other, weights)
    return _settled(start, to, weight, _contracted(edges))


@nb.njit(cache=True, nogil=True)
def _neighbours(size: int, one: Int64, other: Int64, weights: Float64) -> tuple[Int64, Int64, Float64]:
    """(start, to, weight): the pairs of every node as they stand before any group is made."""
    start = np.zeros(size + 1, np.int64)
    for row in range(one.size):
        start[one[row] + 1] += 1
        start[other[row] + 1] += 1
    start = np.cumsum(start)
    filled = start[:-1].copy()
    to, weight = np.empty(2 * one.size, np.int64), np.empty(2 * one.size)
    for row in range(one.size):
        for mine, theirs in ((one[row], other[row]), (other[row], one[row])):
            to[filled[mine]], weight[filled[mine]] = theirs, weights[row]
            filled[mine] += 1
    return start, to, weight


@nb.njit(cache=True, nogil=True)
def _half_edges(size: int, one: Int64, other: Int64, weights: Float64) -> _Edges:
    to, weight = np.empty(2 * one.size, np.int64), np.repeat(weights, 2)
    before, after = np.full(to.size, _NONE), np.full(to.size, _NONE)
    first, degree, seen = np.full(size, _NONE), np.zeros(size, np.int64), np.full(size, _NONE)
    edges = _Edges(to, weight, before, after, first, degree, seen)
    for pair in range(one.size):
        to[2 * pair], to[2 * pair + 1] = other[pair], one[pair]
        _link(edges, 2 * pair, one[pair])
        _link(edges, 2 * pair + 1, other[pair])
    for node in range(size):  # a judged pair stands beside the compared one
        edge = first[node]
        while edge != _NONE:
            following, same = after[edge], seen[to[edge]]
            if same == _NONE:
                seen[to[edge]] = edge
            else:
                _merge(edges, same, edge)
            edge = following
        _forget(edges, node)
    return edges


@nb.njit(cache=True, nogil=True)
def _contracted(edges: _Edges) -> Int64:
    """Join the two groups whose pairs speak most for it, again and again, while any do: the group of each node."""
    to, weight = edges.to, edges.weight
    heap = [(0.0, np.int64(0), np.int64(0), np.int64(0))][:0]
    for half in range(to.size):
        if to[half ^ 1] < to[half] and edges.before[half] != _GONE and weight[half] > 0:
            heap.append((-weight[half], to[half ^ 1], to[half], np.int64(half)))
    heapq.heapify(heap)
    parent = np.arange(edges.first.size)
    while len(heap):
        told, a, b, edge = heapq.heappop(heap)
        between = min(to[edge], to[edge ^ 1]) == a and max(to[edge], to[edge ^ 1]) == b
        if edges.before[edge] == _GONE or not between or weight[edge] != -told:
            continue  # one of them was joined since, or the sum has changed
        kept, gone = (a, b) if edges.degree[a] >= edges.degree[b] else (b, a)
        parent[gone] = kept
        _drop(edges, edge)
        _join(edges, kept, gone, heap)
    for node in range(parent.size):
        root = node
        while parent[root] != root:
            root = parent[root]
        parent[node] = root
    return parent


@nb.njit(cache=True, nogil=True)
def _join(
    edges: _Edges, kept: np.int64, gone: np.int64, heap: list[tuple[float, np.int64, np.int64, np.int64]]
) -> None:
    """Give the pairs of one group to another."""
    to, weight, seen = edges.to, edges.weight, edges.seen
    edge = edges.first[kept]
    while edge != _NONE:
        seen[to[edge]] = edge
        edge = edges.after[edge]
    while edges.first[gone] != _NONE:
        edge = edges.first[gone]
        node = to[edge]
        same = seen[node]
        if same == _NONE:
            _unlink(edges, edge)
            to[edge ^ 1] = kept
            _link(edges, edge, kept)
            same = edge
        else:
            _merge(edges, same, edge)
        if weight[same] > 0:
            heapq.heappush(heap, (-weight[same], min(kept, node), max(kept, node), same))
    _forget(edges, kept)


@nb.njit(cache=True, nogil=True)
def _merge(edges: _Edges, kept: int | np.int64, gone: int | np.int64) -> None:
    """Make one pair of two between the same groups."""
    edges.weight[kept] += edges.weight[gone]
    edges.weight[kept ^ 1] = edges.weight[kept]
    _drop(edges, gone)


@nb.njit(cache=True, nogil=True)
def _drop(edges: _Edges, edge: int | np.int64) -> None:
    for half in (edge, edge ^ 1):
        _unlink(edges, half)
        edges.before[half] = _GONE


@nb.njit(cache=True, nogil=True)
def _link(edges: _Edges, edge: int | np.int64, node: int | np.int64) -> None:
    following = edges.first[node]
    edges.before[edge], edges.after[edge], edges.first[node] = _NONE, following, edge
    if following != _NONE:
        edges.before[following] = edge
    edges.degree[node] += 1


@nb.njit(cache=True, nogil=True)
def _unlink(edges: _Edges, edge: int | np.int64) -> None:
    node, before, after = edges.to[edge ^ 1], edges.before[edge], edges.after[edge]
    if before == _NONE:
        edges.first[node] = after
    else:
        edges.after[before] = after
    if after != _NONE:
        edges.before[after] = before
    edges.degree[node] -= 1


@nb.njit(cache=True, nogil=True)
def _forget(edges: _Edges, node: int | np.int64) -> None:
    edge = edges.first[node]
    while edge != _NONE:
        edges.seen[edges.to[edge]] = _NONE
        edge = edges.after[edge]


@nb.njit(cache=True, nogil=True)
def _settled(start: Int64, to: Int64, weight: Float64, parent: Int64) -> Int64:
    """Move single members to the group that they belong to most, or out of any, the largest gain first."""
    most = _MOVES * parent.size
    group, sums = parent + most, np.zeros(parent.size + most)  # those before are for members that move out
    heap = [(0.0, np.int64(0))][:0]
    for member in range(parent.size):
        gain = _best_move(member, start, to, weight, group, sums)[0]
        if gain > _LEAST_GAIN:
            heap.append((-gain, np.int64(member)))
    heapq.heapify(heap)
    for alone in range(most - 1, -1, -1):
        if not len(heap):
            break
        told, node = heapq.heappop(heap)
        gain, target = _best_move(node, start, to, weight, group, sums)
        if gain <= _LEAST_GAIN or gain != -told:
            continue  # a neighbour moved since
        group[node] = alone if target == _NONE else target
        for at in range(start[node], start[node + 1]):
            better = _best_move(to[at], start, to, weight, group, sums)[0]
            if better > _LEAST_GAIN:
                heapq.heappush(heap, (-better, to[at]))
    return group


@nb.njit(cache=True, nogil=True)
def _best_move(
    node: int | np.int64, start: Int64, to: Int64, weight: Float64, group: Int64, sums: Float64
) -> tuple[float, np.int64]:
    """(gain, group) of a member; _NONE is a group of its own. ``sums`` is scratch space, all 0."""
    own, best, target = group[node], 0.0, np.int64(_NONE)
    for at in range(start[node], start[node + 1]):
        sums[group[to[at]]] += weight[at]
    for at in range(start[node], start[node + 1]):
        other = group[to[at]]
        if other != own and (sums[other] > best or (sums[other] == best and target != _NONE and other > target)):
            best, target = sums[other], other
    gain = best - sums[own]
    for at in range(start[node], start[node + 1]):
        sums[group[to[at]]] = 0.0
    return gain, target
