"""The kernels against scipy's Dijkstra and against brute force."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from graphinv.links.astar import (
    CLOSED,
    LABEL_FIELDS,
    MUTED,
    NOT_REACHED,
    Ahead,
    CostedGraph,
    Scratch,
    WaysIn,
    best_path,
    nothing_ahead,
)
from graphinv.links.kernels import UNREACHABLE, best_costs

Graph = tuple[int, list[tuple[int, int, int]], dict[int, int]]


#: Weights that make narrow buckets, wide ones, and costs further apart than a repair has buckets.
WEIGHTS = (st.integers(1, 9), st.integers(20, 90), st.sampled_from([1, 700, 3000]))


@st.composite
def graphs(draw: st.DrawFn, weights: st.SearchStrategy[int] = WEIGHTS[0]) -> Graph:
    """(nodes, weighted edges, seeds with their costs)."""
    size = draw(st.integers(1, 12))
    node = st.integers(0, size - 1)
    edges = draw(st.lists(st.tuples(node, node, weights), max_size=24))
    return size, edges, draw(st.dictionaries(node, st.integers(0, 12), max_size=4))


def arrays(graph: Graph) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    size, edges, seeds = graph
    tails = np.array([e for a, b, _ in edges for e in (a, b)], np.int64)
    heads = np.array([e for a, b, _ in edges for e in (b, a)], np.int32)
    weights = np.array([w for _, _, w in edges for _ in (0, 1)], np.int32)
    order = np.argsort(tails, kind="stable")
    ptr = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(tails, minlength=size), out=ptr[1:])
    seed_cost = np.full(size, UNREACHABLE, np.int32)
    for node, cost in seeds.items():
        seed_cost[node] = cost
    return ptr, heads[order], weights[order], seed_cost


def ranks(size: int) -> NDArray[np.uint64]:
    """Ranks that are not the order of the nodes."""
    return np.arange(size, dtype=np.uint64)[::-1].copy()


def full_pass(graph: Graph) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    ptr, adj, weight, seed_cost = arrays(graph)
    return best_costs(ptr[:-1], ptr[1:], adj, weight, seed_cost, ranks(graph[0]))


def costed(graph: Graph) -> CostedGraph:
    """The graph with its best-evidence pass."""
    ptr, adj, weight, seed_cost = arrays(graph)
    remaining, before, _ = full_pass(graph)
    return CostedGraph(ptr[:-1], ptr[1:], adj, weight, seed_cost, remaining, before)


def way_in(node: int) -> WaysIn:
    """One that costs nothing."""
    return WaysIn(np.array([node], np.int32), np.zeros(1, np.int32), np.zeros(1, np.int32))


def room(barred: NDArray[np.uint8], labels: int = 10_000, ahead: Ahead | None = None) -> Scratch:
    return Scratch(
        labels=np.empty((labels, LABEL_FIELDS), np.int64),
        heap=np.empty(labels, np.int64),
        fewest=np.full(len(barred), NOT_REACHED, np.int16),
        barred=barred,
        ahead=ahead or nothing_ahead(),
    )


def oracle(graph: Graph) -> list[float]:
    """Dijkstra from one more node that is joined to every seed; costs times two, so that no weight is zero."""
    size, edges, seeds = graph
    dense = np.full((size + 1, size + 1), np.inf)
    for a, b, weight in edges:
        dense[a, b] = dense[b, a] = min(dense[a, b], 2 * weight)
    for node, cost in seeds.items():
        dense[size, node] = 2 * cost + 1
    reached = dijkstra(csr_array(np.where(np.isinf(dense), 0, dense)), indices=size)
    return [(cost - 1) / 2 for cost in reached[:size]]


def cheapest(graph: Graph, start: int, max_edges: int, closed: set[int], muted: set[int]) -> float:
    """Bellman-Ford with a bound on the edges."""
    size, edges, seeds = graph
    best = [np.inf] * size
    if start not in closed:
        best[start] = 0.0
    found = np.inf
    for _ in range(max_edges + 1):
        found = min([found, *(best[node] + cost for node, cost in seeds.items() if node not in muted)])
        step = list(best)
        for a, b, weight in edges:
            for tail, head in ((a, b), (b, a)):
                if head not in closed:
                    step[head] = min(step[head], best[tail] + weight)
        best = step
    return float(found)


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_best_costs_equal_dijkstra(graph: Graph) -> None:
    cost, before, origin = full_pass(graph)
    expected = oracle(graph)
    assert [np.inf if value == UNREACHABLE else float(value) for value in cost] == expected
    for node, reached in enumerate(cost):
        if reached != UNREACHABLE:
            assert origin[node] in graph[2]
            assert (before[node] == -1) == (origin[node] == node and reached == graph[2][node])


@settings(max_examples=100, deadline=None)
@given(graphs(), st.integers(2, 700))
def test_what_costs_many_times_as_much_is_reached_the_same_way(graph: Graph, times: int) -> None:
    size, edges, seeds = graph
    dearer = size, [(a, b, times * weight) for a, b, weight in edges], {node: times * c for node, c in seeds.items()}
    cost, before, origin = full_pass(graph)
    costs, befores, origins = full_pass(dearer)
    assert costs.tolist() == [cost if cost == UNREACHABLE else times * cost for cost in cost.tolist()]
    assert befores.tolist() == before.tolist()
    assert origins.tolist() == origin.tolist()


@settings(max_examples=200, deadline=None)
@given(graphs())
def test_of_equally_good_predecessors_the_own_seizure_then_the_smallest_rank_is_told(graph: Graph) -> None:
    cost, before, origin = full_pass(graph)
    rank = ranks(graph[0])
    for node in np.flatnonzero(cost != UNREACHABLE).tolist():
        joined = [(tail, head, weight) for a, b, weight in graph[1] for tail, head in ((a, b), (b, a))]
        equal = [tail for tail, head, weight in joined if head == node and int(cost[tail]) + weight == cost[node]]
        told = -1 if graph[2].get(node) == cost[node] else min(equal, key=lambda tail: int(rank[tail]))
        assert before[node] == told
        assert origin[node] == (node if told < 0 else origin[told])


@settings(max_examples=300, deadline=None)
@given(graphs(), st.data())
def test_best_path_is_the_cheapest_within_its_bounds(graph: Graph, data: st.DataObject) -> None:
    size = graph[0]
    start = data.draw(st.integers(0, size - 1))
    max_edges = data.draw(st.integers(0, 6))
    max_cost = data.draw(st.sampled_from([5, 20, int(UNREACHABLE) - 1]))
    closed = data.draw(st.sets(st.integers(0, size - 1), max_size=2))
    muted = data.draw(st.sets(st.integers(0, size - 1), max_size=2)) - closed
    barred = np.zeros(size, np.uint8)
    barred[list(closed)] = CLOSED
    barred[list(muted)] = MUTED
    ahead = nothing_ahead(data.draw(st.sampled_from([0, 2, 64])), data.draw(st.sampled_from([0, 8, 1000])))
    whole, scratch = costed(graph), room(barred, ahead=ahead)
    nodes, crossed, cost, gave_up = best_path(whole, way_in(start), scratch, max_edges, max_cost)
    expected = cheapest(graph, start, max_edges, closed, muted)
    if expected > max_cost:
        expected = np.inf
    assert not gave_up
    assert (scratch.fewest == NOT_REACHED).all()
    assert (np.inf if cost == UNREACHABLE else float(cost)) == expected
    if cost != UNREACHABLE:
        assert nodes[0] == start
        assert len(crossed) == len(nodes) - 1 <= max_edges
        assert sum(int(whole.weight[at]) for at in crossed) + whole.seed_cost[nodes[-1]] == cost
        assert len(set(nodes.tolist())) == len(nodes)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 40)), min_size=80, max_size=120), st.data())
def test_a_search_past_a_hub_finds_the_cheapest_neighbour_that_is_not_barred(
    ways: list[tuple[int, int]], data: st.DataObject
) -> None:
    """The hub is node 1; to it leads node 0, and from it as many ways as it has seized neighbours."""
    size = len(ways) + 2
    graph = (size, [(0, 1, 1), *((1, at + 2, ways[at][0]) for at in range(len(ways)))],
             {at + 2: ways[at][1] for at in range(len(ways))})  # fmt: skip
    best_first = sorted(range(len(ways)), key=lambda at: sum(ways[at]))
    left_out = data.draw(st.integers(0, len(ways) - 1))
    barred = np.zeros(size, np.uint8)
    barred[[at + 2 for at in best_first[:left_out]]] = data.draw(st.sampled_from([CLOSED, MUTED]))
    whole, ahead = costed(graph), nothing_ahead()
    for marks in (np.zeros(size, np.uint8), barred):  # what the first search told is there for the second
        nodes, _, cost, _ = best_path(whole, way_in(0), room(marks, ahead=ahead), 6, int(UNREACHABLE) - 1)
    assert cost == 1 + sum(ways[best_first[left_out]])
    assert nodes[:2].tolist() == [0, 1]
    assert barred[nodes[2]] == 0


def test_a_search_that_runs_out_of_labels_says_so() -> None:
    graph = costed((3, [(0, 1, 1), (1, 2, 1)], {2: 0}))
    *_, gave_up = best_path(graph, way_in(0), room(np.zeros(3, np.uint8), labels=2), 5, 100)
    assert gave_up
