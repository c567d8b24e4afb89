"""What arrivals say of the bands."""

import numpy as np

from graphinv.evaluate.banded import Banded, banded


def test_a_band_is_held_to_its_word_with_all_above_it_each_arrival_by_its_weight() -> None:
    band = ["high", "review", "review", "none"]
    found = banded(("high", "review"), band, np.array([True, True, False, False]), np.array([1.0, 1.0, 2.0, 5.0]))
    assert found == (Banded("high", 1, 1.0), Banded("review", 3, 0.5))


def test_a_band_without_arrivals_was_nothing() -> None:
    assert banded(("high",), ["low"], np.array([True]), np.array([1.0])) == (Banded("high", 0, None),)
