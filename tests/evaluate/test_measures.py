"""Measures of rankings and probabilities, by hand and by their definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.evaluate.measures import auc, average_precision, precision_at, ranking, reliability

_SCORES = st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.integers(1, 4)), min_size=2, max_size=30).filter(
    lambda rows: len({violation for _, violation, _ in rows}) == 2
)


def _arrays(rows: list[tuple[int, bool, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    score, violation, weight = zip(*rows, strict=True)
    return np.array(score) / 5.0, np.array(violation), np.array(weight, np.float64)


@settings(deadline=None)
@given(_SCORES)
def test_auc_is_how_often_a_violation_scores_above_a_compliant_arrival(rows: list[tuple[int, bool, int]]) -> None:
    score, violation, weight = _arrays(rows)
    pairs = [
        (weight[i] * weight[j], 1.0 if score[i] > score[j] else 0.5 if score[i] == score[j] else 0.0)
        for i in np.flatnonzero(violation)
        for j in np.flatnonzero(~violation)
    ]
    expected = sum(w * above for w, above in pairs) / sum(w for w, _ in pairs)
    assert auc(score, violation, weight) == pytest.approx(expected)


@settings(deadline=None)
@given(_SCORES)
def test_a_weight_of_two_is_two_arrivals(rows: list[tuple[int, bool, int]]) -> None:
    score, violation, weight = _arrays(rows)
    times = weight.astype(int)
    several = (np.repeat(score, times), np.repeat(violation, times), np.ones(times.sum()))
    assert average_precision(score, violation, weight) == pytest.approx(average_precision(*several))
    assert reliability(score, violation, weight).ece == pytest.approx(reliability(*several).ece)


def test_average_precision_by_hand() -> None:
    score = np.array([0.9, 0.8, 0.7, 0.1])
    violation = np.array([True, False, True, False])
    assert average_precision(score, violation, np.ones(4)) == pytest.approx((1.0 + 2 / 3) / 2)


def test_precision_takes_the_highest_scores_and_shares_a_tie_out() -> None:
    score = np.array([0.9, 0.5, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1])
    violation = np.array([True, True, False, False, False, *[False] * 5])
    assert precision_at(score, violation, np.ones(10), 0.1) == pytest.approx(1.0)
    assert precision_at(score, violation, np.ones(10), 0.3) == pytest.approx((1 + 2 * 0.25) / 3)


def test_nothing_is_measured_without_violations() -> None:
    told = ranking(np.array([0.1, 0.2]), np.array([False, False]), np.ones(2))
    assert np.isnan(told.auc)
    assert np.isnan(told.average_precision)


def test_what_was_said_is_held_against_what_was() -> None:
    score, violation = np.array([0.05, 0.05, 0.75, 0.75]), np.array([False, False, True, False])
    told = reliability(score, violation, np.ones(4))
    assert told.ece == pytest.approx(0.5 * 0.05 + 0.5 * 0.25)
    assert [(one.arrivals, one.was) for one in told.bins] == [(2, 0.0), (2, 0.5)]


def test_wholly_true_scores_are_off_by_what_chance_alone_says() -> None:
    rng = np.random.default_rng(4)
    score = rng.beta(1.0, 12.0, 500)
    off = [reliability(score, rng.random(500) < score, np.ones(500)).ece for _ in range(300)]
    told = reliability(score, rng.random(500) < score, np.ones(500))
    assert told.by_chance == pytest.approx(np.mean(off), rel=0.08)
    assert np.mean(np.array(off) > told.seldom_above) == pytest.approx(0.05, abs=0.035)


def test_with_more_arrivals_chance_says_less() -> None:
    score = np.random.default_rng(4).beta(1.0, 12.0, 500)
    few, many = (reliability(np.tile(score, times), np.zeros(500 * times, np.bool_), np.ones(500 * times))
                 for times in (1, 16))  # fmt: skip
    assert many.by_chance == pytest.approx(few.by_chance / 4, rel=0.15)


def test_chance_draws_the_examined_as_seldom_as_they_were_picked() -> None:
    rng = np.random.default_rng(7)
    score = rng.beta(1.0, 12.0, 20_000)
    ten_times = np.full(20_000, 10.0)

    def examined() -> tuple[np.ndarray, np.ndarray]:
        violation = rng.random(20_000) < score
        kept = violation | (rng.random(20_000) < 0.1)
        return score[kept], violation[kept]

    off = []
    for _ in range(100):
        said, was = examined()
        off.append(reliability(said, was, np.where(was, 1.0, 10.0)).ece)
    said, was = examined()
    told = reliability(said, was, np.where(was, 1.0, 10.0), ten_times[: len(said)])
    assert told.by_chance == pytest.approx(np.mean(off), rel=0.2)


def test_nobody_is_off_by_nothing() -> None:
    told = reliability(np.zeros(0), np.zeros(0, np.bool_), np.zeros(0))
    assert np.isnan(told.ece)
    assert np.isnan(told.by_chance)
