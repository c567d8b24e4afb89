"""A logistic regression that is held at usual weights, and whose weights may not change their signs.

Newton's steps, each within the signs (iteratively reweighted least squares; McCullagh and Nelder, Generalized Linear
Models, 1989, section 2.5; within bounds by coordinate descent as in Friedman, Hastie and Tibshirani, J. Stat. Softw.
33, 2010). A score is learned from about a hundred of these, whose rows are mostly zeros: the products are compiled
here, as those of BLAS wait longer for their threads than they compute.
"""

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]

#: Steps at most, halvings of one at most, and a gain in loss not worth another step.
_STEPS, _HALVINGS, _GAIN = 60, 30, 1e-7
#: A row whose outcome is all but certain still bends the loss by so much.
_FLAT = 1e-9
#: Turns of the descent at most, and a change of a weight that ends it.
_TURNS, _STILL = 2_000, 1e-9


@dataclass(frozen=True)
class Held:
    """Where each parameter is held, how hard, and its sign: 1 at least 0, -1 at most 0, 0 either."""

    at: Floats
    hard: Floats
    sign: NDArray[np.int64]


def logistic(columns: Floats, label: Floats, weight: Floats, held: Held, start: Floats | None = None) -> Floats:
    """The parameters with the least loss; ``start`` is where to look first."""
    found = _within(held.at if start is None else start, held.sign)
    odds = _sums(columns, found)
    loss = _loss(odds, label, weight, held, found)
    for _ in range(_STEPS):
        told = expit(odds)
        bend, slope = _bowl(columns, weight * (told - label), weight * np.maximum(told * (1.0 - told), _FLAT))
        bend[np.diag_indices_from(bend)] += held.hard
        slope += held.hard * (found - held.at)
        step = _step(bend, slope, found, held.sign)
        towards, before = _sums(columns, step), loss
        for halving in range(_HALVINGS):
            share = 0.5**halving
            loss = _loss(odds + share * towards, label, weight, held, found + share * step)
            if loss <= before:
                found, odds = found + share * step, odds + share * towards
                break
        if before - loss < _GAIN * (1.0 + abs(before)):
            break
    return _within(found, held.sign)


def _loss(odds: Floats, label: Floats, weight: Floats, held: Held, found: Floats) -> float:
    off = found - held.at
    return float((weight * (np.logaddexp(0.0, odds) - label * odds)).sum() + 0.5 * (held.hard * off * off).sum())


def _within(found: Floats, sign: NDArray[np.int64]) -> Floats:
    return np.where(sign > 0, np.maximum(found, 0.0), np.where(sign < 0, np.minimum(found, 0.0), found))


@nb.njit(cache=True, nogil=True)
def _sums(columns: Floats, by: Floats) -> Floats:
    """The product of a matrix with a vector."""
    sums = np.zeros(columns.shape[0])
    for row in range(columns.shape[0]):
        for at in range(columns.shape[1]):
            sums[row] += columns[row, at] * by[at]
    return sums


@nb.njit(cache=True, nogil=True)
def _bowl(columns: Floats, off: Floats, curved: Floats) -> tuple[Floats, Floats]:
    """Second and first derivatives of the loss, from what every row adds: cells of 0 are passed over."""
    size = columns.shape[1]
    bend, slope, filled = np.zeros((size, size)), np.zeros(size), np.zeros(size, np.int64)
    for row in range(columns.shape[0]):
        count = 0
        for at in range(size):
            if columns[row, at] != 0.0:
                filled[count] = at
                count += 1
                slope[at] += off[row] * columns[row, at]
        for first in range(count):
            worth = curved[row] * columns[row, filled[first]]
            for second in range(first + 1):
                bend[filled[first], filled[second]] += worth * columns[row, filled[second]]
    for first in range(size):
        for second in range(first):
            bend[second, first] = bend[first, second]
    return bend, slope


@nb.njit(cache=True, nogil=True)
def _step(bend: Floats, slope: Floats, found: Floats, sign: NDArray[np.int64]) -> Floats:
    """The step to the least of a bowl within the signs."""
    step = np.zeros(len(found))
    rest = slope.copy()
    for _ in range(_TURNS):
        moved = 0.0
        for at in range(len(found)):
            wanted = found[at] + step[at] - rest[at] / bend[at, at]
            if (sign[at] > 0 and wanted < 0.0) or (sign[at] < 0 and wanted > 0.0):
                wanted = 0.0
            change = wanted - found[at] - step[at]
            if change != 0.0:
                step[at] += change
                rest += change * bend[at]
                moved = max(moved, abs(change))
        if moved < _STILL:
            break
    return step
