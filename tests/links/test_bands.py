"""A band begins where the probability reaches its promise; ``high`` is rather empty than no better than ``review``.

What is examined proves as much as it is independent, and as it came at random.
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from graphinv.links.bands import NOBODY, Told, bands_of
from graphinv.links.score_model import Band
from graphinv.links.together import Stories

Floats = NDArray[np.float64]


def told(score: Floats, violation: Floats, party: list[int] | None = None, error: float = 0.0) -> Told:
    """Examined shipments; those of one party always end alike."""
    own = np.arange(len(score))
    none = np.zeros(len(score))
    whose = own if party is None else np.array(party, np.int64)
    return Told(score, violation, none, none + error, Stories(whose, own, 1.0, 0.0))


def bands(high: int, guilty: int) -> dict[str, Band]:
    """2,000 shipments examined at random: ``high`` of them told 0.6, so many guilty; 200 told 0.3, 70 of them guilty;
    3% of the rest."""
    score = np.repeat([0.6, 0.3, 0.02], [high, 200, 1_800 - high])
    violation = np.zeros(len(score))
    violation[:guilty] = violation[high : high + 70] = violation[high + 200 : high + 250] = 1.0
    return {band.name: band for band in bands_of(told(score, violation), 0.08)}


def test_a_promise_that_was_kept_for_sure_is_confirmed() -> None:
    found = bands(100, 75)
    assert (found["high"].floor, found["review"].floor) == (0.5, 0.2)
    assert found["high"].low is not None
    assert found["high"].low >= 0.5
    assert [found[name].proof for name in ("high", "review", "low")] == ["confirmed", "confirmed", ""]
    assert "100 examined, of 100 parties): 0.50 is confirmed" in str(found["high"].text())


def test_where_half_is_not_proven_high_takes_that_it_is_likely_and_no_chance() -> None:
    likely, fewer = bands(12, 7)["high"], bands(12, 3)["high"]
    assert likely.floor == 0.5
    assert likely.precision is not None
    assert likely.low is not None
    assert 0.16 <= likely.low < 0.5 <= likely.precision
    assert likely.proof == "too few to confirm"
    assert "12 examined, of 12 parties): too few to confirm 0.50" in str(likely.text())
    assert fewer.floor == NOBODY, "a quarter is not half, though its interval reaches that"


def test_one_violation_of_one_examined_puts_nobody_in_high() -> None:
    assert bands(1, 1)["high"].floor == NOBODY


@pytest.mark.parametrize("guilty", [2, 14])
def test_review_begins_at_its_probability_unless_that_is_contradicted(guilty: int) -> None:
    """120 told 0.25 and so many of them guilty: 2 contradict that, 14 do not; 40 told 0.35 bear it out."""
    score = np.repeat([0.35, 0.25, 0.02], [40, 120, 840])
    violation = np.zeros(len(score))
    violation[:14] = violation[40 : 40 + guilty] = 1.0
    review = bands_of(told(score, violation), 0.03)[1]
    assert review.high is not None
    assert review.high >= 0.2
    assert (review.floor == 0.2) == (guilty == 14)
    assert review.floor <= 0.35
    assert review.examined == (160 if guilty == 14 else 40)


def test_a_band_that_is_contradicted_everywhere_holds_nobody() -> None:
    score = np.repeat([0.3, 0.02], [300, 700])
    review = bands_of(told(score, np.zeros(len(score))), 0.02)[1]
    assert (review.floor, review.proof, review.text()) == (NOBODY, "", None)


def test_an_empty_band_states_no_precision() -> None:
    assert bands(0, 0)["high"] == Band("high", NOBODY, promise=0.5)


def test_review_says_so_when_nobody_with_such_a_score_was_examined() -> None:
    review = bands_of(told(np.full(500, 0.02), np.zeros(500)), 0.02)[1]
    assert (review.floor, review.precision, review.proof) == (0.2, None, "nobody examined")
    assert review.text() == "begins at 0.20; nobody examined so far to confirm that"


def test_review_begins_at_its_probability_where_few_were_examined() -> None:
    score, violation = np.repeat([0.25, 0.02], [4, 996]), np.zeros(1_000)
    violation[:1] = 1.0
    found = {band.name: band for band in bands_of(told(score, violation), 0.02)}
    assert found["review"].floor == 0.2
    assert found["low"].floor == pytest.approx(0.04)


def one_party_files(many: int) -> dict[str, Band]:
    """40 shipments told 0.6, 32 of them in violation; so many of these are of one party, all others of their own."""
    score, violation = np.repeat([0.6, 0.02], [40, 960]), np.zeros(1_000)
    violation[:32] = 1.0
    party = [0] * many + list(range(many, 1_000))
    return {band.name: band for band in bands_of(told(score, violation, party), 0.05)}


def test_many_shipments_of_one_party_prove_no_more_than_a_few() -> None:
    apart, together = one_party_files(1)["high"], one_party_files(28)["high"]
    assert apart.low is not None
    assert apart.low >= 0.5
    assert (apart.examined, apart.worth) == (40, 40.0)
    assert together.examined in (40, 0)
    assert together.floor > apart.floor or (together.low or 0.0) < 0.5


def test_a_band_that_only_officers_filled_promises_less() -> None:
    score, violation = np.repeat([0.6, 0.02], [40, 960]), np.zeros(1_000)
    violation[:34] = 1.0
    sure, unsure = (bands_of(told(score, violation, error=error), 0.05)[0] for error in (0.0, 1.2))
    assert sure.low is not None
    assert sure.low >= 0.5
    assert unsure.floor == NOBODY or (unsure.low or 0.0) < 0.5
