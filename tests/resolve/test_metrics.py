"""The measures of the resolution benchmark on cases that can be counted by hand."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benchmarks.resolution.metrics import (
    PairCounts,
    Score,
    bcubed,
    calibration_error,
    pair_counts,
    pair_counts_touching,
    recall_at,
)


def test_pairs_of_one_split_and_one_wrong_merge() -> None:
    truth = pl.Series(["a", "a", "a", "b", "b"])
    answer = pl.Series([1, 1, 2, 2, 2])
    counts = pair_counts(truth, answer)
    assert counts == PairCounts(right=2, claimed=4, true=4)  # 1-2 and 4-5 of 1-2, 3-4, 3-5, 4-5
    assert counts.score == Score(0.5, 0.5)
    assert counts.score.f1 == 0.5


def test_nobody_merged_is_precise_and_finds_nothing() -> None:
    counts = pair_counts(pl.Series(["a", "a", "b"]), pl.Series([1, 2, 3]))
    assert counts.score == Score(1.0, 0.0)
    assert counts.score.f1 == 0.0


def test_pairs_that_touch_a_marked_record() -> None:
    truth = pl.Series(["a", "a", "a", "b"])
    answer = pl.Series([1, 1, 2, 2])
    third = pl.Series([False, False, True, False])
    assert pair_counts_touching(truth, answer, third) == PairCounts(right=0, claimed=1, true=2)
    assert pair_counts_touching(truth, answer, ~third) == pair_counts(truth, answer)  # every pair has such a record


def test_bcubed_of_one_split_and_one_wrong_merge() -> None:
    truth = pl.Series(["a", "a", "a", "b", "b"])
    answer = pl.Series([1, 1, 2, 2, 2])
    score = bcubed(truth, answer)
    assert score.precision == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3) / 5)
    assert score.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)


def test_calibration_error_is_the_distance_between_word_and_fact() -> None:
    probabilities = np.array([0.1, 0.1, 0.1, 0.1, 0.9, 0.9])
    true = np.array([False, False, False, True, True, False])
    # lowest of five intervals: said 0.1, was 0.25 of four; highest: said 0.9, was 0.5 of two
    assert calibration_error(probabilities, true, bins=5) == pytest.approx((4 * 0.15 + 2 * 0.4) / 6)
    assert calibration_error(np.array([0.0, 1.0]), np.array([False, True])) == 0.0
    assert math.isnan(calibration_error(np.array([]), np.array([], dtype=np.bool_)))


def test_recall_at_k_counts_the_first_k_of_what_was_wanted() -> None:
    found = [["a", "x", "b"], ["q"], ["z"]]
    wanted = [["a", "b", "c"], ["p"], []]
    assert recall_at(2, found, wanted) == pytest.approx((0.5 + 0.0) / 2)  # the third wants nothing
    assert recall_at(3, found, wanted) == pytest.approx((2 / 3 + 0.0) / 2)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.booleans()), min_size=1, max_size=12))
def test_counts_and_bcubed_equal_the_plain_definitions(rows: list[tuple[int, int, bool]]) -> None:
    truth, answer, marked = (pl.Series(column) for column in zip(*rows, strict=True))
    pairs = [(a, b) for a in range(len(rows)) for b in range(a)]
    same_truth = {pair for pair in pairs if rows[pair[0]][0] == rows[pair[1]][0]}
    same_answer = {pair for pair in pairs if rows[pair[0]][1] == rows[pair[1]][1]}
    touched = {pair for pair in pairs if rows[pair[0]][2] or rows[pair[1]][2]}
    for counts, among in ((pair_counts(truth, answer), set(pairs)),
                          (pair_counts_touching(truth, answer, marked), touched)):  # fmt: skip
        right, claimed, true = (len(found & among) for found in (same_truth & same_answer, same_answer, same_truth))
        assert counts == PairCounts(right, claimed, true)
    precision = [np.mean([t == mine for t, a, _ in rows if a == cluster]) for mine, cluster, _ in rows]
    recall = [np.mean([a == cluster for t, a, _ in rows if t == mine]) for mine, cluster, _ in rows]
    score = bcubed(truth, answer)
    assert score.precision == pytest.approx(np.mean(precision))
    assert score.recall == pytest.approx(np.mean(recall))
