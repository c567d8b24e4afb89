"""Connected groups and the trees that hold them, compiled: every node points to one before it, the root to itself."""

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.resolve.arrays import Int32, Int64


@nb.njit(cache=True, nogil=True)
def connected(groups: Int64, one: Int32 | Int64, other: Int32 | Int64, joining: NDArray[np.bool_]) -> Int64:
    """The groups that some pairs of nodes, and equal numbers in ``groups``, connect: the smallest member of each."""
    parent = np.arange(groups.size)
    for node in range(groups.size):
        _join(parent, node, groups[node])
    for row in range(one.size):
        if joining[row]:
            _join(parent, one[row], other[row])
    for node in range(parent.size):  # who comes before has its root already
        parent[node] = parent[parent[node]]
    return parent


@nb.njit(cache=True, nogil=True)
def spanning(size: int, one: Int32, other: Int32, order: Int64) -> NDArray[np.bool_]:
    """Where in ``order`` the pairs stand that join two trees which nothing before had joined (Kruskal)."""
    parent = np.arange(size)
    held = np.zeros(order.size, np.bool_)
    for at in range(order.size):
        held[at] = _join(parent, one[order[at]], other[order[at]])
    return held


@nb.njit(cache=True, nogil=True)
def _join(parent: Int64, a: int, b: int) -> bool:
    """Join two trees; False where they were one already."""
    while parent[a] != a:
        parent[a] = parent[parent[a]]
        a = parent[a]
    while parent[b] != b:
        parent[b] = parent[parent[b]]
        b = parent[b]
    parent[max(a, b)] = min(a, b)
    return a != b
