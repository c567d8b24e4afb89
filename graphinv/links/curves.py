"""Curves from log-odds to probabilities: isotonic where outcomes are many, the straight line where they are few."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.special import betaincinv, expit, logit

from graphinv.links.score_model import POOLED, Curve

Floats = NDArray[np.float64]

#: So many examinations is the simpler curve worth beside what a stretch of the data says.
_POOLED_PRIOR, _TIER_PRIOR = 15.0, 200.0
#: Below its first point a curve falls by so much in log-odds over so many of its own; it ends so far beyond the last.
_GENTLY, _REACH = 0.5, 4.0
#: A curve has at most so many steps.
_STRETCHES = 60.0
#: Nine times in ten, by the beta and by the normal distribution.
TAIL, NORMAL_TAIL = 0.05, 1.645


@dataclass(frozen=True)
class Points:
    """Examined shipments by the log-odds that are calibrated: outcome, by how much log-odds are higher among the
    examined of then than among arrivals of now, what the straight line tells (log-odds), tier. ``error``: the standard
    error of ``over``.
    """

    odds: Floats
    violation: Floats
    over: Floats
    line: Floats
    tier: NDArray[np.str_]
    error: Floats


def curves_of(points: Points, slope: float, *, straight: bool = False) -> dict[str, Curve]:
    """The curve of all, and of every tier: what its own shipments say, held at the curve of all. ``slope`` is the
    line's; ``straight``: the line itself, its interval by what was examined along it."""
    every = np.ones(len(points.odds), np.bool_)
    curves = {POOLED: _curve(points, every, points.line, _POOLED_PRIOR, slope, straight)}
    prior = logit(curves[POOLED].read(points.odds))
    for tier in np.unique(points.tier):
        mine = points.tier == tier
        curves[str(tier)] = _curve(points, mine, prior[mine], _TIER_PRIOR, slope, straight)
    return curves


def beta(share: Floats, many: Floats, tail: float) -> Floats:
    """A share's bound, by so many examinations (Jeffreys)."""
    found = betaincinv(share * many + 0.5, (1.0 - share) * many + 0.5, tail)
    return np.asarray(np.clip(found, 1e-4, 1.0 - 1e-4), np.float64)


def _curve(points: Points, mine: NDArray[np.bool_], prior: Floats, worth: float, slope: float, straight: bool) -> Curve:
    """Isotonic regression whose steps are held at a simpler curve and joined at their middles (Oron and Flournoy,
    "Centered isotonic regression", 2017), so that a better score is never lost in a step.

    Shares are counted among the examined, where violations are many, and brought to the level of arrivals after.
    """
    odds, violation, more = points.odds[mine], points.violation[mine], points.over[mine]
    _, row = np.unique(odds, return_inverse=True)
    counts = np.bincount(row).astype(np.float64)
    stretch = (np.cumsum(counts) - counts / 2) // max(counts.sum() / _STRETCHES, 1.0)
    heads = np.flatnonzero(np.r_[True, np.diff(stretch) > 0])

    def by_stretch(values: Floats) -> Floats:
        return np.asarray(np.add.reduceat(np.bincount(row, values), heads), np.float64)

    size = by_stretch(np.ones(len(odds)))
    middle, plain = by_stretch(odds) / size, by_stretch(prior) / size
    expected = by_stretch(expit(prior + more)) / size
    share = expected if straight else (by_stretch(violation) + worth * expected) / (size + worth)
    steps = isotonic_regression(share, weights=size + worth)
    blocks = steps.blocks[:-1]
    held = np.add.reduceat(size, blocks)
    doubt = by_stretch(points.error[mine]) / size
    at, told, among, unsure = (
        np.add.reduceat(values * size, blocks) / held for values in (middle, plain, expected, doubt)
    )
    less = logit(np.clip(among, 1e-4, 1 - 1e-4)) - told
    shares = np.clip(steps.x[blocks], 1e-4, 1 - 1e-4)
    return _with_ends(at, shares, held + worth, less, unsure, slope)


def _with_ends(at: Floats, share: Floats, many: Floats, over: Floats, error: Floats, slope: float) -> Curve:
    """Above its last point the curve goes on half as steep as the straight line, below its first one gently."""
    told = logit(share) - over
    lower, upper = (logit(beta(share, many, tail)) - logit(share) for tail in (TAIL, 1.0 - TAIL))
    unsure = NORMAL_TAIL * error
    low, high = told - np.hypot(lower, unsure), told + np.hypot(upper, unsure)

    def whole(values: Floats) -> tuple[float, ...]:
        ended = np.concatenate([[values[0] - _GENTLY], values, [values[-1] + 0.5 * min(slope, 1.0) * _REACH]])
        return tuple(expit(np.maximum.accumulate(ended)).tolist())

    reached = np.concatenate([[at[0] - _REACH], at, [at[-1] + _REACH]])
    return Curve(tuple(reached.tolist()), whole(told), whole(low), whole(high))
