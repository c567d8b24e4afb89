"""Shipments that tell one story count as fewer: by hand, at the ends, and by what outcomes show."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from graphinv.links.together import Stories, codes_of

_CODES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.floats(-1, 1)), min_size=1, max_size=25)


def everybody(count: int) -> NDArray[np.bool_]:
    """All of so many."""
    return np.ones(count, np.bool_)


def test_shipments_that_always_end_alike_are_worth_one_a_party() -> None:
    party = np.array([1, 1, 1, 1, 2, 2, 2, 2])
    assert Stories(party, np.arange(8), 1.0, 0.0).worth(everybody(8)) == pytest.approx(2.0)
    assert Stories(party, np.arange(8), 0.0, 0.0).worth(everybody(8)) == 8.0


def test_customers_of_one_seller_are_worth_less_than_strangers() -> None:
    apart, one_seller = np.arange(7), np.zeros(7, np.int64)
    assert Stories(apart, one_seller, 0.0, 0.5).worth(everybody(7)) == pytest.approx(7 / 4)
    assert Stories(apart, apart, 1.0, 1.0).worth(everybody(7)) == 7.0


def test_a_pair_of_one_party_and_one_tie_counts_once() -> None:
    both = np.zeros(2, np.int64)
    assert Stories(both, both, 0.5, 0.5).worth(everybody(2)) == pytest.approx(2 / 1.5)


def test_nothing_is_worth_nothing() -> None:
    assert Stories(np.arange(3), np.arange(3)).worth(np.zeros(3, np.bool_)) == 0.0


def test_nameless_shipments_belong_to_nobody_else() -> None:
    assert len(set(codes_of(["a", None, "a", None]).tolist())) == 3


@pytest.mark.parametrize(("alike", "least", "most"), [(0.0, 0.0, 0.12), (0.6, 0.45, 0.75), (1.0, 0.85, 1.0)])
def test_how_far_outcomes_of_a_party_are_correlated_is_learned(alike: float, least: float, most: float) -> None:
    rng = np.random.default_rng(5)
    party, expected = np.repeat(np.arange(400), 4), np.full(1_600, 0.3)
    its_own = rng.random(400) < 0.3
    violation = np.where(rng.random(1_600) < alike**0.5, its_own[party], rng.random(1_600) < 0.3).astype(np.float64)
    learned = Stories(party, np.arange(1_600)).learned(expected, violation)
    assert least <= learned.of_party <= most
    assert learned.of_tie == pytest.approx(0.5)


@settings(deadline=None)
@given(_CODES)
def test_the_error_of_a_mean_is_that_of_all_pairs_that_share_anything(rows: list[tuple[int, int, float]]) -> None:
    party, tie = np.array([[one[0], one[1]] for one in rows]).T
    values = np.array([one[2] for one in rows])
    off = values - values.mean()
    alike = (party[:, None] == party[None, :]) | (tie[:, None] == tie[None, :])
    expected = max(float(off @ alike @ off), float(off @ off)) ** 0.5 / len(rows)
    assert Stories(party, tie).error_of_mean(values) == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(_CODES, st.floats(0, 1), st.floats(0, 1))
def test_worth_is_never_more_than_the_number(rows: list[tuple[int, int, float]], same: float, tied: float) -> None:
    party, tie = np.array([[one[0], one[1]] for one in rows]).T
    assert 0.0 < Stories(party, tie, same, tied).worth(everybody(len(rows))) <= len(rows)
