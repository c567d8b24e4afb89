"""The geometry behind a layout: starting places, stress majorisation, and pushing boxes apart.

All of it is deterministic: no random numbers, and every order is the caller's.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


@dataclass(frozen=True)
class Web:
    """Nodes 0..count-1 and the edges between them, each with the length that it should have when drawn."""

    count: int
    ends: Ints  # (edges, 2)
    lengths: Floats  # (edges,)

    def matrix(self) -> sparse.csr_matrix:
        """The symmetric matrix of lengths; of parallel edges the shortest counts."""
        order = np.argsort(-self.lengths, kind="stable")
        dense = np.zeros((self.count, self.count))
        start, end = self.ends[order, 0], self.ends[order, 1]
        dense[start, end] = dense[end, start] = self.lengths[order]
        lower = np.minimum(np.where(dense > 0, dense, np.inf), np.where(dense.T > 0, dense.T, np.inf))
        return sparse.csr_matrix(np.where(np.isfinite(lower), lower, 0.0))


def distances(web: Web) -> Floats:
    """All-pairs shortest distances, (count, count); ``inf`` between components."""
    return np.asarray(csgraph.shortest_path(web.matrix(), directed=False), dtype=np.float64)


def fan_out(far: Floats, anchored: Flags, places: Floats, sectors: list[list[tuple[float, float]]]) -> Floats:
    """Starting places: every node in the direction of its branch, at its distance from the nearest anchor.

    ``far`` are the distances between all nodes, ``anchored`` marks those whose place is given in ``places``;
    ``sectors[i]`` are the angles (from, to) into which anchor ``i`` (in order of their numbers) may send branches.
    """
    anchors = np.flatnonzero(anchored)
    nearest = np.argmin(far[anchors], axis=0)
    result = places.copy()
    for rank, anchor in enumerate(anchors):
        mine = np.flatnonzero((nearest == rank) & ~anchored & np.isfinite(far[anchor]))
        if not len(mine):
            continue
        turn = _angles(far, int(anchor), mine, sectors[rank])
        reach = far[anchor, mine]
        result[mine] = places[anchor] + reach[:, None] * np.column_stack([np.cos(turn), np.sin(turn)])
    return result


def _angles(far: Floats, anchor: int, mine: Ints, sectors: list[tuple[float, float]]) -> Floats:
    """One angle a node: branches stay together, and a branch gets room by its size."""
    reach = far[anchor, mine]
    gate = mine[np.argsort(reach, kind="stable")]
    first = gate[far[anchor, gate] <= reach.min() * 1.01 + 1e-9]
    # A node belongs to the branch whose first node is nearest to it.
    branch = np.argmin(far[np.ix_(first, mine)], axis=0)
    sizes = np.bincount(branch, minlength=len(first)).astype(np.float64)
    loads, lanes = [0.0] * len(sectors), [list[int]() for _ in sectors]
    for index in np.argsort(-sizes, kind="stable"):
        lane = int(np.argmin(loads))
        loads[lane] += sizes[index]
        lanes[lane].append(int(index))
    angles = np.zeros(len(mine))
    for (low, high), members in zip(sectors, lanes, strict=True):
        edge, total = low, float(sizes[members].sum()) if members else 1.0
        for index in members:
            width = (high - low) * sizes[index] / total
            inside = np.flatnonzero(branch == index)
            spread = (np.arange(len(inside)) + 0.5) / len(inside)
            angles[inside] = edge + width * spread
            edge += width
    return np.radians(angles)


def majorise(far: Floats, places: Floats, fixed: Flags, *, rounds: int = 60, enough: float = 2e-3) -> Floats:
    """Move what is not ``fixed`` until drawn distances come close to ``far``, near pairs first.

    Stress majorisation with weights 1/distance^2 (Gansner, Koren, North: Graph Drawing by Stress Majorization, 2004).
    At least one node of every component must be fixed. O(n^2) memory and time a round.
    """
    free = np.flatnonzero(~fixed)
    if not len(free):
        return places
    reachable = np.isfinite(far) & (far > 0)
    ideal = np.where(reachable, far, 0.0)
    weights = np.where(reachable, 1.0 / np.square(np.where(reachable, far, 1.0)), 0.0)
    pull = weights * ideal
    laplacian = np.diag(weights.sum(axis=1)) - weights
    factor = linalg.cho_factor(laplacian[np.ix_(free, free)])
    held = laplacian[np.ix_(free, np.flatnonzero(fixed))] @ places[fixed]
    spiral = _GOLDEN_ANGLE * np.arange(len(places))
    now: Floats = places + np.where(fixed[:, None], 0.0, 0.5) * np.column_stack([np.cos(spiral), np.sin(spiral)])
    ratio = np.empty_like(pull)
    for _ in range(rounds):
        # The small addend keeps coinciding nodes, and a node against itself, from dividing by nothing.
        ratio = np.divide(pull, cdist(now, now) + 1e-9, out=ratio)
        moved = linalg.cho_solve(
            factor, (ratio.sum(axis=1)[:, None] * now - ratio @ now)[free] - held, check_finite=False
        )
        change = float(np.abs(moved - now[free]).max())
        now[free] = moved
        if change < enough * float(ideal.max()):
            break
    return now


def push_apart(places: Floats, sizes: Floats, fixed: Flags, *, rounds: int = 200) -> Floats:
    """Move boxes (``sizes``: width and height, centred at ``places``) until none overlap; ``fixed`` ones stay.

    Each round separates all overlapping pairs along the axis that needs less; stops early when nothing overlaps.
    """
    now: Floats = places.copy()
    reach = float(sizes.max()) if len(sizes) else 0.0
    weight = np.where(fixed, 0.0, 1.0)
    for _ in range(rounds):
        pairs = cKDTree(now).query_pairs(reach, p=np.inf, output_type="ndarray")
        if not len(pairs):
            return now
        a, b = pairs[:, 0], pairs[:, 1]
        gap = now[b] - now[a]
        over = (sizes[a] + sizes[b]) / 2 - np.abs(gap)
        hit = (over > 0.5).all(axis=1) & ((weight[a] + weight[b]) > 0)
        if not hit.any():
            return now
        a, b, gap, over = a[hit], b[hit], gap[hit], over[hit]
        axis = (over[:, 0] > over[:, 1]).astype(np.int64)
        rows = np.arange(len(a))
        step = 0.8 * over[rows, axis] * np.where(gap[rows, axis] < 0, -1.0, 1.0) / (weight[a] + weight[b])
        np.add.at(now, (a, axis), -step * weight[a])
        np.add.at(now, (b, axis), step * weight[b])
    return now
