"""A repaired pass equals a full one: costs, predecessors and origins."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.links.hubs import BITS, FAR_UNKNOWN, NEAR_UNKNOWN, SIGNS, Hubs, survey
from graphinv.links.kernels import UNREACHABLE, Int32, Int64
from graphinv.links.repair import Pass, repair
from tests.links.test_kernels import WEIGHTS, Graph, arrays, full_pass, graphs, ranks

#: No relationship got dearer, none cheaper.
NONE = np.empty((0, 2), np.int32), np.empty((0, 3), np.int32)


@st.composite
def changed(draw: st.DrawFn) -> tuple[Graph, Graph]:
    """A graph, and the same one with other weights, fewer and more relationships, and other seeds."""
    weights = draw(st.sampled_from(WEIGHTS))
    size, edges, seeds = draw(graphs(weights))
    node = st.integers(0, size - 1)
    kept = [(a, b, draw(st.one_of(st.just(weight), weights))) for a, b, weight in edges if draw(st.booleans())]
    more = draw(st.lists(st.tuples(node, node, weights), max_size=4))
    others = draw(st.dictionaries(node, st.integers(0, 12), max_size=4))
    return (size, edges, seeds), (size, [*kept, *more], draw(st.sampled_from([seeds, others, {**seeds, **others}])))


def pass_over(graph: Graph, cost: Int32, before: Int32, origin: Int32, data: st.DataObject | None = None) -> Pass:
    """A pass over a graph of which these are the costs so far; ``data`` draws which nodes are hubs."""
    ptr, adj, weight, seed_cost = arrays(graph)
    size, slots = graph[0], len(adj)
    hub = np.zeros(size, np.bool_)
    sizes = np.zeros(2, np.int64)
    if data is not None:
        hub[list(data.draw(st.sets(st.integers(0, size - 1))))] = True
        sizes[BITS] = data.draw(st.integers(0, 2))
    sign = np.zeros(SIGNS, np.bool_)
    sign[: size + 1] = data is not None and data.draw(st.booleans())
    sign[np.flatnonzero(hub)] = True
    at_a, at_b = both_slots(ptr, adj, weight)
    blocks = np.full(slots + 1, NEAR_UNKNOWN), np.full(slots + 1, FAR_UNKNOWN)
    hubs = Hubs(hub, sign, *blocks, sizes, np.arange(slots, dtype=np.int32), at_a, at_b)
    survey(hubs, adj, weight, cost, ptr[:-1], ptr[1:])
    state = np.zeros(size, np.uint8)
    return Pass(ptr[:-1], ptr[1:], adj, weight, seed_cost, ranks(size), cost, before, origin, state, hubs)


def both_slots(ptr: Int64, adj: Int32, weight: Int32) -> tuple[Int64, Int64]:
    """For every slot as an edge row of its own, this slot and that of the same relationship at its other end."""
    tail = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
    here = np.lexsort((weight, adj, tail))
    there = np.lexsort((weight, tail, adj))
    back = np.empty(len(adj), np.int64)
    back[here] = there
    return np.arange(len(adj), dtype=np.int64), back


def assert_bounds_hold(of: Pass) -> None:
    """No bound of a whole block of a hub leaves out a neighbour that it must not."""
    hubs, size = of.hubs, 1 << int(of.hubs.sizes[BITS])
    for node in np.flatnonzero(hubs.hub).tolist():
        for slot in range(int(of.start[node]), int(of.stop[node])):
            first = slot // size * size
            if first < of.start[node] or first + size > of.stop[node]:
                continue
            cost, weight = int(of.cost[of.adj[slot]]), int(of.weight[slot])
            assert hubs.near[slot // size] <= min(cost + weight, int(UNREACHABLE))
            assert hubs.far[slot // size] >= (cost if cost == UNREACHABLE else cost - weight)


@settings(max_examples=250, deadline=None)
@given(changed(), st.data())
def test_a_repaired_pass_equals_a_full_one_ties_included(change: tuple[Graph, Graph], data: st.DataObject) -> None:
    before_it, after_it = change
    size = after_it[0]
    cost, before, origin = full_pass(before_it)
    held = cost.copy(), origin.copy()
    seed_cost = arrays(after_it)[3]
    _, _, _, old_seeds = arrays(before_it)
    raised = np.array([(a, b) for a, b, _ in before_it[1]], np.int32).reshape(-1, 2)
    lowered = np.array(after_it[1], np.int32).reshape(-1, 3)
    seeds = np.flatnonzero(seed_cost != old_seeds).astype(np.int32)
    of = pass_over(after_it, cost, before, origin, data)
    touched, costs, origins = repair(of, raised, lowered, seeds)
    for ours, theirs in zip((cost, before, origin), full_pass(after_it), strict=True):
        assert ours.tolist() == theirs.tolist()
    assert not of.state.any()
    assert_bounds_hold(of)
    assert len(set(touched.tolist())) == len(touched)
    assert costs.tolist() == held[0][touched].tolist()
    assert origins.tolist() == held[1][touched].tolist()
    still = np.setdiff1d(np.arange(size), touched)
    assert (cost[still] == held[0][still]).all()
    assert (origin[still] == held[1][still]).all()


def test_the_last_seed_taken_away_leaves_nothing_reached() -> None:
    graph: Graph = (3, [(0, 1, 1), (1, 2, 1)], {2: 0})
    cost, before, origin = full_pass(graph)
    of = pass_over(graph, cost, before, origin)
    of.seed_cost[2] = UNREACHABLE
    touched, _, _ = repair(of, *NONE, np.array([2], np.int32))
    assert sorted(touched.tolist()) == [0, 1, 2]
    assert (cost == UNREACHABLE).all()
    assert (before == -1).all()
    assert (origin == -1).all()


def test_seizures_and_releases_that_reach_thousands_equal_a_full_pass() -> None:
    size, random = 6000, np.random.default_rng(7)
    ends = random.integers(0, size, (size, 2)).tolist()
    star = [(0, leaf, int(weight)) for leaf, weight in enumerate(random.integers(20, 3000, 4000), 1)]
    edges = [*star, *((a, b, int(weight)) for (a, b), weight in zip(ends, random.integers(20, 900, size), strict=True))]
    cost, before, origin = full_pass((size, edges, {}))
    of = pass_over((size, edges, {}), cost, before, origin)
    of.hubs.hub[0] = of.hubs.sign[0] = True
    of.hubs.sizes[BITS] = 6
    survey(of.hubs, of.adj, of.weight, of.cost, of.start, of.stop)
    seeds: dict[int, int] = {}
    for node, offered in ((5000, 400), (0, 30), (0, None), (5000, None), (17, 0), (0, 5), (0, None), (17, None)):
        seeds.pop(node, None)
        if offered is not None:
            seeds[node] = offered
        of.seed_cost[node] = UNREACHABLE if offered is None else offered
        touched, _, _ = repair(of, *NONE, np.array([node], np.int32))
        assert len(touched) > 1000
        for ours, theirs in zip((of.cost, of.before, of.origin), full_pass((size, edges, seeds)), strict=True):
            assert np.array_equal(ours, theirs)
        assert_bounds_hold(of)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(WEIGHTS).flatmap(graphs), st.data())
def test_after_many_seizures_and_releases_hubs_leave_out_nobody_who_matters(graph: Graph, data: st.DataObject) -> None:
    size, edges, seeds = graph
    of = pass_over(graph, *full_pass(graph), data)
    for _ in range(data.draw(st.integers(1, 6))):
        node = data.draw(st.integers(0, size - 1))
        cost = data.draw(st.sampled_from([None, 0, 3, 12]))
        seeds = {**{at: held for at, held in seeds.items() if at != node}, **({} if cost is None else {node: cost})}
        of.seed_cost[node] = UNREACHABLE if cost is None else cost
        repair(of, *NONE, np.array([node], np.int32))
        for ours, theirs in zip((of.cost, of.before, of.origin), full_pass((size, edges, seeds)), strict=True):
            assert ours.tolist() == theirs.tolist()
        assert_bounds_hold(of)
