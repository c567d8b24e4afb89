"""The best-evidence pass by other libraries, each at its best settings, on the same weighted graph.

Every rival gets one more node that is joined to each seized party at the cost of its seizure, and runs one Dijkstra
from it; making its graph is not timed. What is asked of it is the distance alone, without predecessors or which seizure
it is: less than graphinv's pass tells. All run equally often, but none beyond ``PATIENCE`` seconds.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import igraph
import networkit  # type: ignore[import-untyped]  # it ships no types
import networkx as nx
import numpy as np
import rustworkx
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from graphinv.links.evidence import EvidenceGraph
from graphinv.links.kernels import UNREACHABLE

#: Seconds after which a rival is not run again.
PATIENCE = 60.0


@dataclass(frozen=True)
class Edges:
    """Undirected edges, each once and the lightest of parallel ones; ``source`` is the node joined to all seizures."""

    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    weight: NDArray[np.float64]
    source: int

    @classmethod
    def of(cls, graph: EvidenceGraph) -> "Edges":
        """The graph with one more node."""
        source = len(graph.users)
        tail = np.repeat(np.arange(source, dtype=np.int64), np.diff(graph.ptr))
        once = tail < graph.adj
        seeds = np.flatnonzero(graph.seed_cost != UNREACHABLE)
        tails = np.concatenate([tail[once], np.full(len(seeds), source)])
        heads = np.concatenate([graph.adj[once].astype(np.int64), seeds])
        weights = np.concatenate([graph.weight[once], graph.seed_cost[seeds]]).astype(np.float64)
        order = np.lexsort((weights, heads, tails))
        tails, heads, weights = tails[order], heads[order], weights[order]
        first = np.append(True, (np.diff(tails) != 0) | (np.diff(heads) != 0))
        return cls(tails[first], heads[first], weights[first], source)


@dataclass(frozen=True)
class Timed:
    """CPU seconds of the fastest run, and the costs of all nodes but the source."""

    name: str
    seconds: float
    cost: NDArray[np.float64]


def rivals(edges: Edges, repeats: int) -> Iterator[Timed]:
    """Each rival in turn."""
    yield _timed("scipy", _scipy(edges), edges, repeats)
    yield _timed("networkit", _networkit(edges), edges, repeats)
    yield _timed("igraph", _igraph(edges), edges, repeats)
    yield _timed("rustworkx", _rustworkx(edges), edges, repeats)
    yield _timed("networkx", _networkx(edges), edges, repeats)


def cpu_seconds(work: Callable[[], object], repeats: int) -> float:
    """The fastest of some runs, in seconds of this process's CPU time: other work on the machine does not count."""
    best, spent = np.inf, 0.0
    for _ in range(repeats):
        began = time.process_time()
        work()
        took = time.process_time() - began
        best, spent = min(best, took), spent + took
        if spent > PATIENCE:
            break
    return float(best)


def _timed(name: str, work: Callable[[], NDArray[np.float64]], edges: Edges, repeats: int) -> Timed:
    cost = work()[: edges.source]
    return Timed(name, cpu_seconds(work, repeats), np.where(cost > UNREACHABLE, np.inf, cost))


def _scipy(edges: Edges) -> Callable[[], NDArray[np.float64]]:
    """Both directions are stored, so that it need not make the graph symmetric first; ``min_only`` is its fastest."""
    tail, head = np.concatenate([edges.tail, edges.head]), np.concatenate([edges.head, edges.tail])
    size = edges.source + 1
    matrix = coo_array((np.tile(edges.weight, 2), (tail, head)), shape=(size, size)).tocsr()

    def work() -> NDArray[np.float64]:
        cost: NDArray[np.float64] = dijkstra(matrix, indices=[edges.source], min_only=True)
        return cost

    return work


def _networkit(edges: Edges) -> Callable[[], NDArray[np.float64]]:
    size = edges.source + 1
    rows = (edges.weight, (edges.tail, edges.head))
    graph = networkit.GraphFromCoo(rows, n=size, weighted=True, directed=False)

    def work() -> NDArray[np.float64]:
        search = networkit.distance.Dijkstra(graph, edges.source, storePaths=False)
        search.run()
        return np.asarray(search.getDistances())

    return work


def _igraph(edges: Edges) -> Callable[[], NDArray[np.float64]]:
    graph = igraph.Graph(edges.source + 1, np.column_stack([edges.tail, edges.head]))
    graph.es["weight"] = edges.weight
    return lambda: np.asarray(
        graph.distances(source=[edges.source], weights="weight", algorithm="dijkstra")[0], np.float64
    )


def _rustworkx(edges: Edges) -> Callable[[], NDArray[np.float64]]:
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(edges.source + 1))
    graph.add_edges_from(list(zip(edges.tail.tolist(), edges.head.tolist(), edges.weight.tolist(), strict=True)))

    def work() -> NDArray[np.float64]:
        found = rustworkx.dijkstra_shortest_path_lengths(graph, edges.source, float)
        return _dense(dict(found), edges)

    return work


def _networkx(edges: Edges) -> Callable[[], NDArray[np.float64]]:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_weighted_edges_from(zip(edges.tail.tolist(), edges.head.tolist(), edges.weight.tolist(), strict=True))
    return lambda: _dense(nx.single_source_dijkstra_path_length(graph, edges.source), edges)


def _dense(found: dict[int, float], edges: Edges) -> NDArray[np.float64]:
    cost = np.full(edges.source + 1, np.inf)
    cost[list(found)] = list(found.values())
    return cost
