"""Communities of parties by the Leiden algorithm with the constant Potts model, as igraph computes it.

V. A. Traag, L. Waltman, N. J. van Eck, From Louvain to Leiden: guaranteeing well-connected communities, Scientific
Reports 9, 5233 (2019). Under the constant Potts model a group stays together while its members are tied, on average,
more strongly than the resolution; unlike modularity, that does not depend on how large the rest of the graph is.

Most parties never reach igraph. A tie weaker than the resolution costs a cluster more than it brings, so the clusters
of the best partition lie within the groups that stronger ties connect; and such a group is one cluster where all of its
members are tied so strongly to each other.

igraph is licensed under the GPL, version 2 or later. Where it was uninstalled for that, everything but clusters works.
"""

import random
import threading
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from graphinv.clusters.ties import Ties
from graphinv.errors import WorkspaceError

INSTALL = "clusters need igraph, which is not installed: pip install igraph, then `graphinv rebuild`"

#: Passes over the graph; further ones gain less than a thousandth of the quality. Those before were passes, too.
_PASSES, _PASSES_ONWARD = 2, 1
#: A region changes when it gains so much of its quality; less is the optimiser's wandering.
_WORTH_IT, _ROUNDING = 0.05, 1e-9
#: igraph has one source of random numbers for the whole process.
_RANDOM = threading.Lock()
_SEED = 20190326


@dataclass(frozen=True)
class _Network:
    """Ties of ``size`` vertices: ``one``, ``other`` and ``weight`` edge by edge."""

    size: int
    one: NDArray[np.int64]
    other: NDArray[np.int64]
    weight: NDArray[np.float64]


def igraph_is_there() -> bool:
    """Whether clusters can be made in this environment."""
    return find_spec("igraph") is not None


def communities(ties: Ties, resolution: float, before: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """The community of every vertex, numbered from 0 in the order of their first vertices.

    ``before`` is where to start from: a community for every vertex, -1 for vertices that had none. The same arguments
    give the same answer. Raises WorkspaceError where igraph is not installed.
    """
    network = _Network(len(ties.entities), ties.one.astype(np.int64), ties.other.astype(np.int64), ties.weight)
    start = None if before is None else _from_zero(before)
    label, open_ = _decided(network, resolution)
    if open_.any():
        inside = open_[network.one] & (label[network.one] == label[network.other])
        begin = None if start is None else np.unique(np.stack([label, start])[:, open_], axis=1, return_inverse=True)[1]
        label[open_] = network.size + _leiden(_part(network, open_, inside), resolution, begin)
    found = label if start is None else _settled(network, resolution, start, label)
    return _in_order(found)


def _decided(network: _Network, resolution: float) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """(label, open): what stronger ties connect, and the vertices of those that may have to be parted further."""
    size = network.size
    strong = network.weight >= resolution
    one, other = network.one[strong], network.other[strong]
    tied = coo_matrix((np.ones(len(one), np.int8), (one, other)), shape=(size, size))
    groups, label = connected_components(tied, directed=False)
    members = np.bincount(label, minlength=groups)
    whole = np.bincount(label[one], minlength=groups) == members * (members - 1) // 2
    return label.astype(np.int64), ~whole[label]


def _part(network: _Network, vertices: NDArray[np.bool_], edges: NDArray[np.bool_]) -> _Network:
    """Some vertices, numbered from 0 in their order, and some of the edges among them."""
    number = np.cumsum(vertices) - 1
    one, other = number[network.one[edges]], number[network.other[edges]]
    return _Network(int(vertices.sum()), one, other, network.weight[edges])


def _leiden(network: _Network, resolution: float, start: NDArray[np.int64] | None) -> NDArray[np.int64]:
    try:
        import igraph
    except ImportError as error:
        raise WorkspaceError(INSTALL) from error
    pairs = zip(network.one.tolist(), network.other.tolist(), strict=True)  # four times faster than igraph from arrays
    graph = igraph.Graph(n=network.size, edges=pairs)
    with _RANDOM:
        igraph.set_random_number_generator(random.Random(_SEED))  # noqa: S311 - the same answer every time
        try:
            found = graph.community_leiden(
                objective_function="CPM",
                weights=network.weight.tolist(),
                resolution=resolution,
                initial_membership=None if start is None else start.tolist(),
                n_iterations=_PASSES if start is None else _PASSES_ONWARD,
            )
        finally:
            igraph.set_random_number_generator(random)
    return np.array(found.membership, np.int64)


def _settled(
    network: _Network, resolution: float, before: NDArray[np.int64], after: NDArray[np.int64]
) -> NDArray[np.int64]:
    """``after`` where it is clearly better than ``before``, and ``before`` elsewhere.

    Many partitions are nearly as good as the best one, and an optimiser wanders among them. The clusters of both that
    overlap make up regions; a region changes only where the change is worth it, so that what nobody touched stays.
    """
    first_after = int(before.max(initial=-1)) + 1
    count = first_after + int(after.max(initial=-1)) + 1
    overlap = coo_matrix((np.ones(len(before), np.int8), (before, first_after + after)), shape=(count, count))
    regions, of_label = connected_components(overlap, directed=False)
    region = of_label[before]
    old, new = (_worth(network, resolution, label, region, regions) for label in (before, after))
    better = new > old + _WORTH_IT * np.abs(old) + _ROUNDING
    return np.where(better[region], first_after + after, before)


def _worth(
    network: _Network, resolution: float, label: NDArray[np.int64], region: NDArray[np.int32], regions: int
) -> NDArray[np.float64]:
    """The quality of a partition by region: the ties within its clusters, less the resolution for every two members."""
    inside = label[network.one] == label[network.other]
    ties = np.bincount(region[network.one[inside]], network.weight[inside], minlength=regions)
    members = np.bincount(label).astype(np.float64)
    of_cluster = np.zeros(len(members), np.int64)
    of_cluster[label] = region
    expected = np.bincount(of_cluster, members * (members - 1) / 2, minlength=regions)
    return np.asarray(ties - resolution * expected, np.float64)


def _from_zero(label: NDArray[np.int64]) -> NDArray[np.int64]:
    """Labels from 0 on without gaps; each -1 becomes a label of its own."""
    alone = label < 0
    own = np.where(alone, label.max(initial=0) + 1 + np.cumsum(alone), label)
    return np.unique(own, return_inverse=True)[1].astype(np.int64)


def _in_order(label: NDArray[np.int64]) -> NDArray[np.int64]:
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return rank[inverse]
