"""Which identities are one party, all pairs considered: correlation clustering, so that one bad pair joins no groups.

Groups grow along the strongest pairs first, and two groups join only while all that is known of the pairs between them
speaks for it in sum; then single members move to where they belong more. A record that resembles two groups which do
not resemble each other stays with one of them. Greedy additive edge contraction with local moves: Keuper et al.,
Efficient Decomposition of Image and Mesh Graphs by Lifted Multicuts (2015).
"""

import heapq
from collections.abc import Iterable

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graphinv.resolve.arrays import Float64, Int32, Int64

#: No single pair weighs more than this for or against (log2 of odds): one mistake must not outvote a group.
MOST_BITS = 12.0
#: What judgements weigh: more than all pairs together, and "different" more than any chain of "same".
_SAME = 1e8
_DIFFERENT = -1e12
#: A member moves for more than this, which is more than rounding makes beside the weight of a judgement.
_LEAST_GAIN = 0.01
#: So many moves a member end the moving.
_MOVES = 4


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
    ``same`` and ``different`` are judged pairs. The second are never in one group, nor indirectly. The first are, and
    with them the groups that the pairs make of their neighbours, unless those hold a pair that was judged different:
    then their members are grouped anew, the judged ones first. Where judgements contradict, "different" counts.
    """
    (a, b), (c, d) = _sides(same), _sides(different)
    one, other = np.concatenate([one, c]), np.concatenate([other, d])
    weights = np.concatenate([np.clip(log_odds, -MOST_BITS, MOST_BITS), np.full(len(c), _DIFFERENT)])
    groups = _grouped(size, one, other, weights)
    if not len(a):
        return groups
    joined = united(groups, a, b)
    broken = joined[c] == joined[d]
    if not broken.any():
        return joined
    everything = np.concatenate([weights, np.full(len(a), _SAME)])
    anew = _grouped(size, np.concatenate([one, a]), np.concatenate([other, b]), everything)
    around = united(joined, np.arange(size), anew)
    return np.where(np.isin(around, around[c[broken]]), anew, joined)


def united(groups: Int64, one: Int32 | Int64, other: Int32 | Int64) -> Int64:
    """Groups, and those that pairs of members connect, each named by its smallest member."""
    size = len(groups)
    one, other = np.concatenate([np.arange(size), one]), np.concatenate([groups, other])
    links = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(max(size, 1), max(size, 1)))
    _, label = connected_components(links.tocsr(), directed=False)
    _, first, inverse = np.unique(label[:size], return_index=True, return_inverse=True)
    return np.asarray(first[inverse], np.int64)


def _sides(pairs: Iterable[tuple[int, int]]) -> tuple[Int32, Int32]:
    told = np.array(list(pairs), np.int32).reshape(-1, 2)
    return told[:, 0], told[:, 1]


def _grouped(size: int, one: Int32, other: Int32, weights: Float64) -> Int64:
    """Groups by weights alone. What nothing speaks against is a group as it is connected; the rest is weighed."""
    alone = np.arange(size)
    joining = weights > 0
    reach = united(alone, one[joining], other[joining])
    contested = np.zeros(size, bool)
    contested[reach[one[(reach[one] == reach[other]) & ~joining]]] = True
    weighed = np.flatnonzero(contested[reach[one]] & (reach[one] == reach[other]))
    order = weighed[np.argsort(reach[one[weighed]], kind="stable")]
    groups = reach.copy()
    for part in np.split(order, np.flatnonzero(np.diff(reach[one[order]])) + 1) if len(order) else ():
        around = _neighbours(one[part].tolist(), other[part].tolist(), weights[part].tolist())
        for node, group in _settled(around, _contracted(around)).items():
            groups[node] = group
    held = joining & (groups[one] == groups[other])
    return united(alone, one[held], other[held])


#: Weights between nodes, or groups, from both sides.
_Around = dict[int, dict[int, float]]


def _neighbours(one: list[int], other: list[int], weights: list[float]) -> _Around:
    around: _Around = {}
    for a, b, weight in zip(one, other, weights, strict=True):
        for mine, theirs in ((a, b), (b, a)):
            towards = around.setdefault(mine, {})
            towards[theirs] = towards.get(theirs, 0.0) + weight
    return around


def _contracted(neighbours: _Around) -> dict[int, int]:
    """Join the two groups whose pairs speak most for it, again and again, while any do: the group of each node."""
    around = {node: dict(towards) for node, towards in neighbours.items()}
    heap = [(-weight, a, b) for a, towards in around.items() for b, weight in towards.items() if a < b and weight > 0]
    heapq.heapify(heap)
    parent = {node: node for node in around}
    while heap:
        weight, a, b = heapq.heappop(heap)
        if parent[a] != a or parent[b] != b or around[a].get(b) != -weight:
            continue  # one of them was joined since, or the sum has changed
        _join(a, b, around, parent, heap)
    return {node: _root(node, parent) for node in parent}


def _join(a: int, b: int, around: _Around, parent: dict[int, int], heap: list[tuple[float, int, int]]) -> None:
    kept, gone = (a, b) if len(around[a]) >= len(around[b]) else (b, a)
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


def _settled(around: _Around, group: dict[int, int]) -> dict[int, int]:
    """Move single members to the group that they belong to most, or out of any, the largest gain first."""
    towards: _Around = {node: {} for node in around}
    for node, near in around.items():
        for other, weight in near.items():
            towards[node][group[other]] = towards[node].get(group[other], 0.0) + weight
    heap = [(-gain, node) for node in around if (gain := _best_move(towards[node], group[node])[0]) > _LEAST_GAIN]
    heapq.heapify(heap)
    for alone in range(-1, -1 - _MOVES * len(around), -1):
        if not heap:
            break
        told, node = heapq.heappop(heap)
        gain, target = _best_move(towards[node], group[node])
        if gain <= _LEAST_GAIN or gain != -told:
            continue  # a neighbour moved since
        before, group[node] = group[node], alone if target is None else target
        for other, weight in around[node].items():
            sums = towards[other]
            sums[before] -= weight
            sums[group[node]] = sums.get(group[node], 0.0) + weight
            if (better := _best_move(sums, group[other])[0]) > _LEAST_GAIN:
                heapq.heappush(heap, (-better, other))
    return group


def _best_move(towards: dict[int, float], own: int) -> tuple[float, int | None]:
    """(gain, group) of a member with such sums of weights towards groups; None is a group of its own."""
    weight, target = max(((sum_, group) for group, sum_ in towards.items() if group != own), default=(0.0, None))
    best = (weight, target) if weight > 0 else (0.0, None)
    return best[0] - towards.get(own, 0.0), best[1]
