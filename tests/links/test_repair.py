"""A repaired pass equals a full one: costs, predecessors and origins."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.links.kernels import UNREACHABLE
from graphinv.links.repair import Pass, repair
from tests.links.test_kernels import Graph, arrays, full_pass, graphs, ranks


@st.composite
def changed(draw: st.DrawFn) -> tuple[Graph, Graph]:
    """A graph, and the same one with other weights, fewer and more relationships, and other seeds."""
    size, edges, seeds = draw(graphs())
    node = st.integers(0, size - 1)
    kept = [
        (a, b, draw(st.one_of(st.just(weight), st.integers(1, 9)))) for a, b, weight in edges if draw(st.booleans())
    ]
    more = draw(st.lists(st.tuples(node, node, st.integers(1, 9)), max_size=4))
    others = draw(st.dictionaries(node, st.integers(0, 12), max_size=4))
    return (size, edges, seeds), (size, [*kept, *more], draw(st.sampled_from([seeds, others, {**seeds, **others}])))


@settings(max_examples=250, deadline=None)
@given(changed())
def test_a_repaired_pass_equals_a_full_one_ties_included(change: tuple[Graph, Graph]) -> None:
    before_it, after_it = change
    size = after_it[0]
    cost, before, origin = full_pass(before_it)
    held = cost.copy(), origin.copy()
    ptr, adj, weight, seed_cost = arrays(after_it)
    _, _, _, old_seeds = arrays(before_it)
    raised = np.array([(a, b) for a, b, _ in before_it[1]], np.int32).reshape(-1, 2)
    lowered = np.array(after_it[1], np.int32).reshape(-1, 3)
    seeds = np.flatnonzero(seed_cost != old_seeds).astype(np.int32)
    state = np.zeros(size, np.uint8)
    of = Pass(ptr[:-1], ptr[1:], adj, weight, seed_cost, ranks(size), cost, before, origin, state)
    touched, costs, origins = repair(of, raised, lowered, seeds)
    for ours, theirs in zip((cost, before, origin), full_pass(after_it), strict=True):
        assert ours.tolist() == theirs.tolist()
    assert not state.any()
    assert len(set(touched.tolist())) == len(touched)
    assert costs.tolist() == held[0][touched].tolist()
    assert origins.tolist() == held[1][touched].tolist()
    still = np.setdiff1d(np.arange(size), touched)
    assert (cost[still] == held[0][still]).all()
    assert (origin[still] == held[1][still]).all()


def test_the_last_seed_taken_away_leaves_nothing_reached() -> None:
    graph: Graph = (3, [(0, 1, 1), (1, 2, 1)], {2: 0})
    ptr, adj, weight, seed_cost = arrays(graph)
    cost, before, origin = full_pass(graph)
    seed_cost[2] = UNREACHABLE
    none = np.empty((0, 2), np.int32), np.empty((0, 3), np.int32)
    of = Pass(ptr[:-1], ptr[1:], adj, weight, seed_cost, ranks(3), cost, before, origin, np.zeros(3, np.uint8))
    touched, _, _ = repair(of, *none, np.array([2], np.int32))
    assert sorted(touched.tolist()) == [0, 1, 2]
    assert (cost == UNREACHABLE).all()
    assert (before == -1).all()
    assert (origin == -1).all()
