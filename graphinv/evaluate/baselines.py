"""What others would rank by, from the same index and for the same arrivals.

Each enters the index where an exact value or the party itself does: hops to the nearest seizure, seized parties with a
value in common, personalised PageRank without weights, Adamic-Adar, and the joint strength of the links (noisy-or).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from graphinv.links.features import Gathered
from graphinv.links.index import LinkIndex
from graphinv.links.joint_score import joint_strength
from graphinv.links.kernels import UNREACHABLE

Floats = NDArray[np.float64]

NAMES = ("hop count", "exact-key join", "personalised PageRank", "Adamic-Adar", "noisy-or")

#: Claims that a join over keys would use.
_KEYS = frozenset({"HAS_PHONE", "HAS_EMAIL", "LOCATED_AT", "PAID_TO", "HAS_WEBSITE"})
_FARTHEST = 8
_DAMPING, _STEPS = 0.85, 30


@dataclass(frozen=True)
class Baselines:
    """Arrays over the nodes of an index, made once."""

    index: LinkIndex
    hops: NDArray[np.int64]
    rank: Floats
    degree: Floats
    seized_around: Floats

    @classmethod
    def of(cls, index: LinkIndex) -> "Baselines":
        """The arrays of an index."""
        graph = index.graph
        size = len(graph.ptr) - 1
        ones = csr_array((np.ones(len(graph.adj)), graph.adj, graph.ptr), shape=(size, size))
        degree = np.maximum(np.diff(graph.ptr).astype(np.float64), 1.0)
        seized = (graph.seed_cost != UNREACHABLE).astype(np.float64)
        return cls(index, _hops(ones, seized), _page_rank(ones, degree, seized), degree, np.asarray(ones @ seized))

    def scores(self, found: Gathered) -> tuple[float, ...]:
        """By ``NAMES``, for one arrival; more is worse."""
        own, values = _entries(found)
        nodes = [*own, *values]
        hops = min(
            [*(int(self.hops[node]) for node in own), *(int(self.hops[node]) + 1 for node in values)], default=_FARTHEST
        )
        keys = {start.node for start in found.starts if start.claim in _KEYS}
        seized = sum(float(self.seized_around[node]) > 0 for node in keys) + sum(self.hops[node] == 0 for node in own)
        passed = sum(float(self.rank[node]) / (self.degree[node] + 1.0) for node in nodes)
        common = sum(float(self.seized_around[node]) / log(self.degree[node] + 2.0) for node in values)
        strengths = joint_strength(walk.strength for walk in found.walks)
        return (-float(min(hops, _FARTHEST)), float(seized), passed, common, strengths)


def _entries(found: Gathered) -> tuple[set[int], set[int]]:
    """Nodes of the party itself, and of values it gives."""
    values = {start.node for start in found.starts if start.claim not in (None, "SAME_AS")}
    return set(found.own), values


def _hops(ones: csr_array, seized: Floats) -> NDArray[np.int64]:
    hops = np.where(seized > 0, 0, _FARTHEST).astype(np.int64)
    reached = seized > 0
    for step in range(1, _FARTHEST):
        wider = (ones @ reached.astype(np.float64)) > 0
        hops[wider & ~reached] = np.minimum(hops[wider & ~reached], step)
        reached = reached | wider
    return hops


def _page_rank(ones: csr_array, degree: Floats, seized: Floats) -> Floats:
    start = seized / max(float(seized.sum()), 1.0)
    rank = start.copy()
    for _ in range(_STEPS):
        rank = (1.0 - _DAMPING) * start + _DAMPING * (ones @ (rank / degree))
    return np.asarray(rank, np.float64)


def all_scores(baselines: Baselines, found: Iterable[Gathered]) -> Floats:
    """A row an arrival, a column a baseline of ``NAMES``."""
    return np.array([baselines.scores(item) for item in found], np.float64).reshape(-1, len(NAMES))
