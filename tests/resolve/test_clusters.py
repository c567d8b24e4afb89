"""Groups from pairs: what all pairs say together, and what people said before all of them."""

import random
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from graphinv.resolve.clusters import MOST_BITS, cluster

Weights = dict[tuple[int, int], float]


def grouped(
    size: int,
    weights: Weights,
    same: list[tuple[int, int]] | None = None,
    different: list[tuple[int, int]] | None = None,
) -> set[frozenset[int]]:
    groups = labels(size, weights, same or [], different or [])
    return {frozenset(np.flatnonzero(groups == group).tolist()) for group in set(groups.tolist())}


def labels(
    size: int, weights: Weights, same: list[tuple[int, int]], different: list[tuple[int, int]]
) -> NDArray[np.int64]:
    one, other = (np.array([pair[side] for pair in weights], np.int32) for side in (0, 1))
    return cluster(size, one, other, np.array(list(weights.values()), float), same, different)


def parts(*groups: list[int]) -> set[frozenset[int]]:
    return {frozenset(group) for group in groups}


def whole(members: list[int], weight: float) -> Weights:
    return dict.fromkeys(combinations(members, 2), weight)


TWO_GROUPS = {**whole([0, 1, 2], 9.0), **whole([3, 4, 5], 9.0)}
BETWEEN = {(a, b): -9.0 for a in (0, 1, 2) for b in (3, 4, 5)}


def test_groups_are_named_by_their_smallest_member() -> None:
    assert labels(6, {(5, 1): 3.0, (4, 2): 3.0, (1, 3): 3.0}, [], []).tolist() == [0, 1, 2, 1, 2, 1]


def test_a_pair_joins_when_more_speaks_for_it_than_against() -> None:
    assert grouped(4, {(0, 1): 0.5, (2, 3): -0.5}) == parts([0, 1], [2], [3])
    assert grouped(2, {(0, 1): 0.0}) == parts([0], [1])


def test_nobody_and_those_without_pairs_stay_alone() -> None:
    assert grouped(0, {}) == set()
    assert grouped(3, {}) == parts([0], [1], [2])


def test_a_bridge_between_two_groups_leaves_them_apart() -> None:
    bridge = {(a, 6): 5.0 for a in (0, 1, 2)} | {(b, 6): 4.0 for b in (3, 4, 5)}
    assert grouped(7, TWO_GROUPS | BETWEEN | bridge) == parts([0, 1, 2, 6], [3, 4, 5])


def test_one_bad_strong_pair_does_not_merge_two_groups() -> None:
    bad = {**BETWEEN, (0, 3): 1000.0}
    assert grouped(6, TWO_GROUPS | bad) == parts([0, 1, 2], [3, 4, 5])


def test_one_weak_contradiction_does_not_split_a_group() -> None:
    assert grouped(4, {**whole([0, 1, 2, 3], 6.0), (0, 3): -5.0}) == parts([0, 1, 2, 3])


def test_judged_the_same_joins_what_the_model_keeps_apart() -> None:
    assert grouped(6, TWO_GROUPS | BETWEEN, same=[(0, 3)]) == parts([0, 1, 2, 3, 4, 5])
    assert grouped(2, {(0, 1): -MOST_BITS}, same=[(1, 0)]) == parts([0, 1])
    assert grouped(2, {}, same=[(0, 1), (0, 1)]) == parts([0, 1])


def test_a_bad_pair_of_the_first_two_takes_nobody_from_the_other_group() -> None:
    told = {**whole([0, 2, 4], MOST_BITS), **whole([1, 3, 5], MOST_BITS)}
    told |= {(a, b): -9.0 for a in (0, 2, 4) for b in (1, 3, 5)}
    assert grouped(6, {**told, (0, 1): MOST_BITS}) == parts([0, 2, 4], [1, 3, 5])


def test_members_that_only_a_third_held_together_part_when_it_moves_on() -> None:
    told = {(0, 1): 6.0, (1, 2): 6.0, (1, 3): 5.0, (1, 4): 5.0, (1, 5): 5.0, **whole([3, 4, 5], 9.0)}
    told |= {(a, b): -6.0 for a in (0, 2) for b in (3, 4, 5)}
    groups = grouped(6, told)
    assert parts([1, 3, 4, 5], [0], [2]) == groups


def test_judged_different_keeps_apart_what_the_model_joins() -> None:
    assert grouped(2, {(0, 1): MOST_BITS}, different=[(1, 0)]) == parts([0], [1])
    assert grouped(3, whole([0, 1, 2], MOST_BITS), different=[(0, 1)]) in (parts([0, 2], [1]), parts([0], [1, 2]))


def test_judged_different_keeps_apart_indirectly() -> None:
    """A is B by the model and B is C by judgement: since A is not C, A is not B."""
    assert grouped(3, {(0, 1): MOST_BITS}, same=[(1, 2)], different=[(0, 2)]) == parts([0], [1, 2])


def test_judged_different_outlasts_a_hundred_strong_pairs() -> None:
    assert all(not {0, 39} <= group for group in grouped(40, whole(list(range(40)), MOST_BITS), different=[(0, 39)]))


def test_judged_different_outlasts_contradicting_judgements() -> None:
    """Two ways of judged pairs lead from 0 to 3, and the model agrees with them."""
    told = whole([0, 1, 2, 3], MOST_BITS)
    groups = grouped(4, told, same=[(0, 1), (1, 3), (0, 2), (2, 3)], different=[(0, 3)])
    assert all(not {0, 3} <= group for group in groups)


@st.composite
def pairs_among(draw: st.DrawFn) -> tuple[int, Weights]:
    """Pairs whose weights never tie, in any sums."""
    size = draw(st.integers(2, 9))
    told = draw(st.lists(st.sampled_from(list(combinations(range(size), 2))), unique=True, min_size=1))
    return size, {pair: draw(st.integers(-10, 10)) + 2.0 ** -(place % 40 + 1) for place, pair in enumerate(told)}


JUDGED = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=3)


@given(pairs_among(), JUDGED, JUDGED, st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_neither_the_order_of_pairs_nor_of_their_sides_matters(
    told: tuple[int, Weights], same: list[tuple[int, int]], different: list[tuple[int, int]], rng: random.Random
) -> None:
    size, weights = told
    same, different = ([(a, b) for a, b in pairs if a < b < size] for pairs in (same, different))
    turned = [((b, a) if rng.random() < 0.5 else (a, b), weight) for (a, b), weight in weights.items()]
    rng.shuffle(turned)
    again = grouped(size, dict(turned), rng.sample(same, len(same)), rng.sample(different, len(different)))
    assert again == grouped(size, weights, same, different)


@given(pairs_among(), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_names_of_nodes_do_not_matter(told: tuple[int, Weights], rng: random.Random) -> None:
    size, weights = told
    renamed = list(range(size))
    rng.shuffle(renamed)
    again = grouped(size, {(renamed[a], renamed[b]): weight for (a, b), weight in weights.items()})
    assert again == {frozenset(renamed[node] for node in group) for group in grouped(size, weights)}


@given(pairs_among(), JUDGED, JUDGED)
@settings(max_examples=200, deadline=None)
def test_the_judged_different_are_never_one_and_the_judged_same_are_where_nothing_contradicts(
    told: tuple[int, Weights], same: list[tuple[int, int]], different: list[tuple[int, int]]
) -> None:
    size, weights = told
    same, different = ([(a, b) for a, b in pairs if a < b < size] for pairs in (same, different))
    groups = labels(size, weights, same, different)
    assert all(groups[a] != groups[b] for a, b in different)
    if not different:
        assert all(groups[a] == groups[b] for a, b in same)


def test_a_chain_of_thousands_is_cut_or_joined_in_moments() -> None:
    chain = {(node, node + 1): 5.0 for node in range(5_000)}
    assert len(grouped(5_001, chain)) == 1
    star = {(0, node): 5.0 for node in range(1, 5_000)}
    assert len(grouped(5_000, star)) == 1
