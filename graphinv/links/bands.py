"""Where the bands of a score begin, so that each keeps a stated precision on windows that the model had not seen."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from graphinv.links.curves import NORMAL_TAIL, TAIL, beta
from graphinv.links.score_model import Band
from graphinv.links.together import Stories

Floats = NDArray[np.float64]

#: The band ``low`` begins at so many times the share of all.
_LOW_FROM = 2.0
#: No score is so high: the band is empty.
NOBODY = 1.0


@dataclass(frozen=True)
class _Promise:
    """``precision`` of all in a band and above, at its interval's lower end; ``floor``: the least score that the band
    may begin with; ``sure``: where the promise cannot be given, what the lower end has to be for the band to begin
    where the score itself is as high."""

    band: str
    precision: float
    floor: float
    sure: float


#: Without its promise ``high`` has to be surely better than ``review``, or nobody is in it.
_PROMISES = (_Promise("high", 0.50, 0.40, 0.20), _Promise("review", 0.20, 0.10, 0.0))


@dataclass(frozen=True)
class Told:
    """Examined shipments: the score that each would have, whether in violation, by how much log-odds of a violation are
    higher than those of arrivals, the standard error of that, and which of them tell one story."""

    score: Floats
    violation: Floats
    over: Floats
    error: Floats
    stories: Stories


def bands_of(told: Told, base: float) -> tuple[Band, ...]:
    """The bands, the highest first; ``base`` is the share of violations among all arrivals."""
    bands: list[Band] = []
    for promise in _PROMISES:
        band = _promised(promise, told)
        above = bands[-1].floor if bands else NOBODY
        bands.append(band if band.floor <= above else _from(told, promise.band, above))
    return (*bands, _from(told, "low", min(_LOW_FROM * base, bands[-1].floor)))


def _promised(promise: _Promise, told: Told) -> Band:
    """The lowest floor from which on the promise holds."""
    floors = np.unique(np.round(np.quantile(told.score, np.linspace(0.0, 1.0, 201)), 4))
    for floor in floors[floors >= promise.floor]:
        band = _from(told, promise.band, float(floor))
        if band.low is not None and band.low >= promise.precision:
            return replace(band, promise=promise.precision)
    band = _from(told, promise.band, promise.precision)
    return band if (band.low or 0.0) >= promise.sure else Band(promise.band, NOBODY)


def _from(told: Told, name: str, floor: float) -> Band:
    """A band that begins there: the share in violation at the level of arrivals, its interval, shipments examined."""
    inside = told.score >= floor
    many = int(inside.sum())
    if not many:
        return Band(name, floor)
    share = (told.violation[inside].sum() + 0.5) / (many + 1.0)
    worth = told.stories.worth(inside)
    lower, upper = (
        float(logit(beta(np.array([share]), np.array([worth]), tail))[0] - logit(share)) for tail in (TAIL, 1.0 - TAIL)
    )
    score = told.score[inside]
    among = float(expit(logit(score) + told.over[inside]).mean())
    unsure, level = (
        NORMAL_TAIL * float(told.error[inside].mean()),
        float(logit(share) - logit(among) + logit(score.mean())),
    )
    ends = (level - np.hypot(lower, unsure), level, level + np.hypot(upper, unsure))
    low, middle, high = (float(expit(one)) for one in ends)
    return Band(name, floor, middle, low, high, many, round(worth, 1))
