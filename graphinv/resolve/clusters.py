"""Which identities are one party, all pairs considered: correlation clustering, so that one bad pair joins no groups.

Groups grow along the strongest pairs first, and two groups join only while all that is known of the pairs between them
speaks for it in sum. A record that resembles two groups which do not resemble each other stays with one of them. Greedy
additive edge contraction: Keuper et al., Efficient Decomposition of Image and Mesh Graphs by Lifted Multicuts (2015).
"""

import heapq
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graphinv.resolve.arrays import Float64, Int32, Int64

#: No single pair weighs more than this for or against (log2 of odds): one mistake must not outvote a group.
MOST_BITS = 12.0
#: What a human judgement weighs: more than all pairs together.
SURE = 1e9


def cluster(
    size: int,
    one: Int32,
    other: Int32,
    log_odds: Float64,
    same: Iterable[tuple[int, int]] = (),
    different: Iterable[tuple[int, int]] = (),
) -> Int64:
    """The group of each of ``size`` nodes, named by its smallest member.

    ``log_odds`` (base 2) of pairs ``one[i]``, ``other[i]``, each pair once; pairs that are not told weigh nothing.
    ``same`` and ``different`` are judged pairs: the first are always joined, the second never, nor indirectly.
    """
    weights = np.clip(log_odds, -MOST_BITS, MOST_BITS)
    together, apart = list(same), list(different)
    if together or apart:
        one = np.concatenate([one, np.array([a for a, _ in together + apart], np.int32)])
        other = np.concatenate([other, np.array([b for _, b in together + apart], np.int32)])
        weights = np.concatenate([weights, np.repeat([SURE, -SURE], [len(together), len(apart)])])
    joining = weights > 0
    reach = _components(size, one[joining], other[joining])
    inside = reach[one] == reach[other]
    members = np.bincount(reach, minlength=size)
    groups = np.arange(size)
    pairs = inside & (members[reach[one]] == 2) & joining
    simple = _lone_pairs(one, other, pairs, inside, weights)
    groups[np.maximum(one[simple], other[simple])] = np.minimum(one[simple], other[simple])
    larger = np.flatnonzero(inside & (members[reach[one]] > 2))
    _contract_each(groups, reach, one[larger], other[larger], weights[larger])
    return groups


def _lone_pairs(
    one: Int32, other: Int32, pairs: NDArray[np.bool_], inside: NDArray[np.bool_], weights: Float64
) -> Int64:
    """Joined pairs that nobody else belongs to, unless a judgement on the same pair says otherwise."""
    against = inside & (weights <= -SURE)
    if not against.any():
        return np.flatnonzero(pairs)
    key = np.minimum(one, other).astype(np.int64) << 32 | np.maximum(one, other)
    return np.flatnonzero(pairs & ~np.isin(key, key[against]))


def _components(size: int, one: Int32, other: Int32) -> Int64:
    links = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(size, size))
    _, label = connected_components(links.tocsr(), directed=False)
    return np.asarray(label, np.int64)


def _contract_each(groups: Int64, reach: Int64, one: Int32, other: Int32, weights: Float64) -> None:
    """Contract every component on its own; ``groups`` is filled in."""
    component = reach[one]
    order = np.argsort(component, kind="stable")
    bounds = np.flatnonzero(np.diff(component[order])) + 1
    for part in np.split(order, bounds):
        if len(part):
            for node, group in _contract(one[part].tolist(), other[part].tolist(), weights[part].tolist()).items():
                groups[node] = group


def _contract(one: list[int], other: list[int], weights: list[float]) -> dict[int, int]:
    """Join the two groups whose pairs speak most for it, again and again, while any do."""
    around: dict[int, dict[int, float]] = {}
    for a, b, weight in zip(one, other, weights, strict=True):
        for mine, theirs in ((a, b), (b, a)):
            towards = around.setdefault(mine, {})
            towards[theirs] = towards.get(theirs, 0.0) + weight
    heap = [(-weight, a, b) for a, towards in around.items() for b, weight in towards.items() if a < b and weight > 0]
    heapq.heapify(heap)
    parent = {node: node for node in around}
    while heap:
        weight, a, b = heapq.heappop(heap)
        if parent[a] != a or parent[b] != b or around[a].get(b) != -weight:
            continue  # one of them was joined since, or the sum has changed
        _join(a, b, around, parent, heap)
    return {node: _root(node, parent) for node in parent}


def _join(
    a: int, b: int, around: dict[int, dict[int, float]], parent: dict[int, int], heap: list[tuple[float, int, int]]
) -> None:
    kept, gone = min(a, b), max(a, b)
    parent[gone] = kept
    del around[kept][gone]
    for node, weight in around.pop(gone).items():
        if node == kept:
            continue
        del around[node][gone]
        total = around[kept].get(node, 0.0) + weight
        around[kept][node] = around[node][kept] = total
        if total > 0:
            heapq.heappush(heap, (-total, min(kept, node), max(kept, node)))


def _root(node: int, parent: dict[int, int]) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node
