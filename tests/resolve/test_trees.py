"""Groups and spanning trees are those that scipy finds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graphinv.resolve.trees import connected, spanning

NODES = 9
PAIRS = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1), st.booleans()), max_size=14)


def components(one: list[int], other: list[int]) -> list[int]:
    """The smallest member of every node's component."""
    links = coo_array((np.ones(len(one)), (one, other)), shape=(NODES, NODES)).tocsr()
    label = connected_components(links, directed=False)[1].tolist()
    return [label.index(mine) for mine in label]


@given(PAIRS)
@settings(deadline=None)
def test_groups_are_named_by_their_smallest_member(pairs: list[tuple[int, int, bool]]) -> None:
    one, other, joining = (np.array([pair[at] for pair in pairs]) for at in range(3))
    found = connected(np.arange(NODES), one.astype(np.int32), other.astype(np.int32), joining.astype(np.bool_))
    kept = [(a, b) for a, b, joins in pairs if joins]
    assert found.tolist() == components([a for a, _ in kept], [b for _, b in kept])


@given(PAIRS)
@settings(deadline=None)
def test_a_spanning_tree_holds_a_group_by_its_first_pairs(pairs: list[tuple[int, int, bool]]) -> None:
    one, other = [a for a, _, _ in pairs], [b for _, b, _ in pairs]
    held = spanning(NODES, np.array(one, np.int32), np.array(other, np.int32), np.arange(len(pairs)))
    for at, holds in enumerate(held.tolist()):
        before = components(one[:at], other[:at])
        assert holds == (before[one[at]] != before[other[at]])
