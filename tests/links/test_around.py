"""What is around a node, beside plain Python over the same relationships."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.links.around import added_through, joined_by, seized_users
from graphinv.links.kernels import UNREACHABLE

NODES = 12
_NODE = st.integers(0, NODES - 1)
_EDGES = st.lists(st.tuples(_NODE, _NODE, st.integers(0, 2)).filter(lambda edge: edge[0] != edge[1]), max_size=40)


@settings(max_examples=200, deadline=None)
@given(edges=_EDGES, seized=st.sets(_NODE), parties=st.sets(_NODE), node=_NODE, units=st.booleans())
def test_claims_and_seized_users_are_those_of_the_relationships(
    edges: list[tuple[int, int, int]], seized: set[int], parties: set[int], node: int, units: bool
) -> None:
    around: list[list[tuple[int, int]]] = [[] for _ in range(NODES)]
    for row, (a, b, _) in enumerate(edges):
        around[a].append((b, row))
        around[b].append((a, row))
    sizes = np.array([len(near) for near in around], np.int64)
    stop = np.cumsum(sizes)
    start = stop - sizes
    adj = np.array([other for near in around for other, _ in near], np.int32)
    edge = np.array([row for near in around for _, row in near], np.int32)
    claim = np.array([kind for _, _, kind in edges], np.int8)
    assert joined_by(1, node, start, stop, adj, edge, claim).tolist() == [
        other for other, row in around[node] if edges[row][2] == 1
    ]
    seed_cost = np.array([0 if at in seized else UNREACHABLE for at in range(NODES)], np.int32)
    party = np.array([at in parties for at in range(NODES)])
    reached = {node} | {other for other, _ in around[node]}
    if units:
        reached |= {far for other, _ in around[node] if other not in parties for far, _ in around[other]}
    assert set(seized_users(node, units, start, stop, adj, seed_cost, party).tolist()) == reached & seized


@settings(max_examples=100, deadline=None)
@given(
    edges=_EDGES,
    seized=st.sets(_NODE),
    parties=st.sets(_NODE),
    hubs=st.lists(st.tuples(_NODE, st.booleans()), unique_by=lambda hub: hub[0]),
    told=st.sets(_NODE),
)
def test_each_hub_adds_the_seized_users_that_nothing_before_it_leads_to(
    edges: list[tuple[int, int, int]],
    seized: set[int],
    parties: set[int],
    hubs: list[tuple[int, bool]],
    told: set[int],
) -> None:
    near: list[list[int]] = [[] for _ in range(NODES)]
    for a, b, _ in edges:
        near[a].append(b)
        near[b].append(a)
    stop = np.cumsum([len(others) for others in near]).astype(np.int64)
    start = stop - np.array([len(others) for others in near], np.int64)
    adj = np.array([other for others in near for other in others], np.int32)
    seed_cost = np.array([0 if at in seized else UNREACHABLE for at in range(NODES)], np.int32)
    party = np.array([at in parties for at in range(NODES)])
    arrays = start, stop, adj, seed_cost, party
    met, expected = set(told), []
    for hub, units in hubs:
        users = set(seized_users(hub, units, *arrays).tolist())
        expected.append(len(users - met))
        met |= users
    nodes, buildings = np.array([hub for hub, _ in hubs], np.int64), np.array([units for _, units in hubs], np.bool_)
    assert added_through(nodes, buildings, np.array([*told], np.int64), *arrays).tolist() == expected
