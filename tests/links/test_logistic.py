"""The regression behind a score: the least loss there is, never a weight of the wrong sign."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit

from graphinv.links.logistic import Floats, Held, logistic


def drawn(seed: int, rows: int = 300, width: int = 6) -> tuple[Floats, Floats, Floats, Held]:
    """Columns that are mostly 0, labels that depend on them, weights, and where the parameters are held."""
    rng = np.random.default_rng(seed)
    columns = rng.normal(size=(rows, width)) * (rng.random((rows, width)) < 0.4)
    columns[:, 0] = 1.0
    label = (rng.random(rows) < expit(columns @ rng.normal(size=width) * 1.5)).astype(np.float64)
    held = Held(rng.normal(size=width), rng.uniform(0.01, 3.0, width), rng.integers(-1, 2, width))
    return columns, label, rng.uniform(0.5, 2.0, rows), held


def loss(found: Floats, columns: Floats, label: Floats, weight: Floats, held: Held) -> float:
    """What is to be least, written once more."""
    odds = columns @ found
    return float(weight @ (np.logaddexp(0.0, odds) - label * odds) + 0.5 * np.sum(held.hard * (found - held.at) ** 2))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_no_general_minimiser_finds_less_loss_within_the_signs(seed: int) -> None:
    columns, label, weight, held = drawn(seed)
    found = logistic(columns, label, weight, held)
    assert np.all(found * held.sign >= 0.0)
    bounds = [{1: (0.0, None), -1: (None, 0.0), 0: (None, None)}[int(sign)] for sign in held.sign]
    least = minimize(loss, np.zeros(6), args=(columns, label, weight, held), method="L-BFGS-B", bounds=bounds)
    assert loss(found, columns, label, weight, held) <= least.fun + 1e-5 * (1.0 + abs(least.fun))


def test_where_to_look_first_changes_nothing() -> None:
    columns, label, weight, held = drawn(5)
    far = logistic(columns, label, weight, held, start=np.full(6, 8.0))
    np.testing.assert_allclose(far, logistic(columns, label, weight, held), atol=1e-3)


def test_a_row_that_is_all_but_certain_does_not_break_it() -> None:
    columns, label, weight, held = drawn(7)
    columns[0] *= 1e4
    assert np.all(np.isfinite(logistic(columns, label, weight, held)))
