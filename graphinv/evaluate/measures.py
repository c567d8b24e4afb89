"""Measures of a ranking and of probabilities, each arrival with a weight of its own."""

from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: How a figure is shown that cannot be told.
UNTOLD = "n/a"
#: Shares of the arrivals that a targeting centre could open.
BUDGETS = (0.001, 0.01, 0.05)
#: Bins of the reliability table: equal tenths of [0, 1].
_BINS = 10
#: Outcomes are drawn so many times to see what chance alone does; what is exceeded by one in twenty of them.
_DRAWN, _SELDOM = 400, 0.95


@dataclass(frozen=True)
class Ranking:
    """``auc``: how often a violation scores above a compliant arrival, ties half. ``precision``: by share of BUDGETS,
    how many of the arrivals with the highest scores were in violation. nan without both kinds."""

    arrivals: int
    violations: float
    auc: float
    average_precision: float
    precision: tuple[float, ...]


@dataclass(frozen=True)
class Bin:
    """Arrivals with a score between two bounds: the mean of their scores, and the share in violation."""

    low: float
    high: float
    arrivals: int
    said: float
    was: float


@dataclass(frozen=True)
class Reliability:
    """``ece``: how far what was said is from what was, in the mean over arrivals (expected calibration error).

    It is above 0 for probabilities that are wholly true as well, the more the fewer the arrivals. ``by_chance`` is how
    far they would be off in the mean, ``seldom_above`` what they would exceed one time in twenty: an ``ece`` up to
    there proves nothing. Both take arrivals for independent; those of one party are not, so chance does a bit more.
    """

    ece: float
    bins: tuple[Bin, ...]
    by_chance: float
    seldom_above: float


def shown(figure: float, digits: int = 3) -> str:
    """A figure for people, or that it cannot be told."""
    return UNTOLD if isnan(figure) else f"{figure:.{digits}f}"


def ranking(score: Floats, violation: Bools, weight: Floats) -> Ranking:
    """How well a score puts violations first; ties are worth what a random order among them is worth."""
    return Ranking(
        len(score),
        float(weight[violation].sum()),
        auc(score, violation, weight),
        average_precision(score, violation, weight),
        tuple(precision_at(score, violation, weight, share) for share in BUDGETS),
    )


def auc(score: Floats, violation: Bools, weight: Floats) -> float:
    """The area under the ROC curve (Hanley and McNeil, 1982)."""
    guilty, innocent = _by_score(score, violation, weight)
    if guilty.sum() == 0 or innocent.sum() == 0:
        return float("nan")
    above = np.concatenate([[0.0], np.cumsum(guilty)[:-1]])
    return float((innocent * (above + 0.5 * guilty)).sum() / (guilty.sum() * innocent.sum()))


def average_precision(score: Floats, violation: Bools, weight: Floats) -> float:
    """Precision at every threshold, weighted by what recall gains there."""
    guilty, innocent = _by_score(score, violation, weight)
    if guilty.sum() == 0:
        return float("nan")
    found = np.cumsum(guilty)
    return float((guilty * found / (found + np.cumsum(innocent))).sum() / guilty.sum())


def precision_at(score: Floats, violation: Bools, weight: Floats, share: float) -> float:
    """The share of violations among the highest scores that make up a share of all arrivals, at least one."""
    guilty, innocent = _by_score(score, violation, weight)
    room = max(share * weight.sum(), float(weight.max(initial=0.0)))
    size = guilty + innocent
    before = np.concatenate([[0.0], np.cumsum(size)[:-1]])
    taken = np.clip((room - before) / np.maximum(size, 1e-12), 0.0, 1.0)
    return float((taken * guilty).sum() / (taken * size).sum()) if len(size) else float("nan")


def reliability(score: Floats, violation: Bools, weight: Floats, compliant_weight: Floats | None = None) -> Reliability:
    """What was said against what was, in tenths.

    ``compliant_weight``: what a compliant arrival counts, where one in violation counts 1, since compliant ones were
    seldom picked; none where each counts its ``weight`` whatever became of it.
    """
    at = _tenths(score)
    bins: list[Bin] = []
    apart = 0.0
    for one in np.unique(at):
        inside = at == one
        counts = weight[inside]
        said = float(np.average(score[inside], weights=counts))
        was = float(np.average(violation[inside], weights=counts))
        apart += float(counts.sum()) * abs(said - was)
        bins.append(Bin(int(one) / _BINS, (int(one) + 1) / _BINS, int(inside.sum()), said, was))
    if not len(score):
        return Reliability(float("nan"), (), float("nan"), float("nan"))
    off = _off_by_chance(score, weight, compliant_weight)
    return Reliability(apart / float(weight.sum()), tuple(bins), float(off.mean()), float(np.quantile(off, _SELDOM)))


def _tenths(score: Floats) -> NDArray[np.int64]:
    return np.minimum((score * _BINS).astype(np.int64), _BINS - 1)


def _off_by_chance(score: Floats, weight: Floats, compliant_weight: Floats | None) -> Floats:
    """The expected calibration errors of outcomes drawn by the very probabilities that were said (consistency
    resampling: Broecker and Smith, Weather and Forecasting 22, 2007)."""
    guilty, compliant = (weight, weight) if compliant_weight is None else (np.ones(len(score)), compliant_weight)
    picked = score * compliant / guilty
    drawn_as = picked / (picked + 1.0 - score)
    rng, at = np.random.default_rng(1), _tenths(score)
    off = np.empty(_DRAWN)
    for one in range(_DRAWN):
        violation = rng.random(len(score)) < drawn_as
        counts = np.where(violation, guilty, compliant)
        off[one] = np.abs(np.bincount(at, counts * (score - violation))).sum() / counts.sum()
    return off


def _by_score(score: Floats, violation: Bools, weight: Floats) -> tuple[Floats, Floats]:
    """Weights of violations and of compliant arrivals at every score, the highest first."""
    values, at = np.unique(-score, return_inverse=True)
    guilty = np.bincount(at, weight * violation, minlength=len(values)).astype(np.float64)
    innocent = np.bincount(at, weight * ~violation, minlength=len(values)).astype(np.float64)
    return guilty, innocent
