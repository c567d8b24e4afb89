"""Which identities are one party, all pairs considered: correlation clustering, so that one bad pair joins no groups.

Groups grow along the strongest pairs first, and two groups join only while all that is known of the pairs between them
speaks for it in sum; then single members move to where they belong more. A record that resembles two groups which do
not resemble each other stays with one of them. Greedy additive edge contraction with local moves: Keuper et al.,
Efficient Decomposition of Image and Mesh Graphs by Lifted Multicuts (2015).
"""

from collections.abc import Iterable

import numpy as np

from graphinv.resolve.arrays import Float64, Int32, Int64
from graphinv.resolve.contraction import weighed_groups
from graphinv.resolve.trees import connected

#: No single pair weighs more than this for or against (log2 of odds): one mistake must not outvote a group.
MOST_BITS = 12.0
#: What judgements weigh: more than all pairs together, and "different" more than any chain of "same".
_SAME = 1e8
_DIFFERENT = -1e12


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
    return connected(groups, one, other, np.ones(len(one), np.bool_))


def _sides(pairs: Iterable[tuple[int, int]]) -> tuple[Int32, Int32]:
    told = np.array(list(pairs), np.int32).reshape(-1, 2)
    return told[:, 0], told[:, 1]


def _grouped(size: int, one: Int32, other: Int32, weights: Float64) -> Int64:
    """Groups by weights alone. What nothing speaks against is a group as it is connected; the rest is weighed."""
    alone = np.arange(size)
    joining = weights > 0
    reach = connected(alone, one, other, joining)
    inside = reach[one] == reach[other]
    contested = np.zeros(size, np.bool_)
    contested[reach[one[inside & ~joining]]] = True
    weighed = np.flatnonzero(inside & contested[reach[one]])
    groups = weighed_groups(reach, contested, one[weighed], other[weighed], weights[weighed])
    return connected(alone, one, other, joining & (groups[one] == groups[other]))
