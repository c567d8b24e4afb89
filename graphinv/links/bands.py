"""Where the bands of a score begin, and what precision each had on windows that the model had not seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from graphinv.links.curves import NORMAL_TAIL, TAIL, beta
from graphinv.links.joint_score import BASE_RATE
from graphinv.links.score_model import Band
from graphinv.links.together import Stories

Floats = NDArray[np.float64]

#: The band ``low`` begins at so many times the share of all.
_LOW_FROM = 2.0
#: No score is so high: the band is empty.
NOBODY = 1.0


@dataclass(frozen=True)
class _Promise:
    """A band begins where the probability is as high as ``precision``, if windows held out do not contradict that, or,
    ``likely``, if they make it likelier than not and chance alone does not explain it."""

    band: str
    precision: float
    likely: bool = False

    def is_borne_out(self, band: Band, ordinary: float) -> bool:
        """Whether the examined allow a band to begin there; ``ordinary`` is the share where ``low`` begins."""
        if band.precision is None or band.low is None or band.high is None:
            return not self.likely
        if self.likely:
            return band.precision >= self.precision and band.low >= ordinary
        return band.high >= self.precision


_PROMISES = (_Promise("high", 0.50, likely=True), _Promise("review", 0.20))


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
    ordinary = min(_LOW_FROM * base, _PROMISES[-1].precision)
    return (*(_promised(promise, told, ordinary) for promise in _PROMISES), _from(told, "low", ordinary))


def bands_by_seizures(told: Told, share: float) -> tuple[Band, ...]:
    """Bands that only rank: nothing is promised of them, since nobody knows how many of those that passed were in
    violation.

    They begin where they would if the share of all that is seized, ``share``, were the base rate of violations that is
    assumed where nothing is known; no higher than bands that promise."""
    seldom = min(share / BASE_RATE, 1.0)
    ranked = (_from(told, promise.band, promise.precision * seldom) for promise in _PROMISES)
    return (*ranked, _from(told, "low", min(_LOW_FROM * share, _PROMISES[-1].precision * seldom)))


def _promised(promise: _Promise, told: Told, ordinary: float) -> Band:
    """From the probability that is promised on where windows held out bear that out, else for nobody; where they need
    not speak for it, from the next higher one where they do not contradict it."""
    told_of = np.unique(np.round(np.quantile(told.score, np.linspace(0.0, 1.0, 201)), 4))
    higher = [] if promise.likely else told_of[told_of > promise.precision].tolist()
    for floor in (promise.precision, *higher):
        band = _from(told, promise.band, floor, promise.precision)
        if promise.is_borne_out(band, ordinary):
            return band
    return Band(promise.band, NOBODY, promise=promise.precision)


def _from(told: Told, name: str, floor: float, promise: float | None = None) -> Band:
    """A band that begins there: the share in violation at the level of arrivals, its interval, shipments examined."""
    inside = told.score >= floor
    many = int(inside.sum())
    if not many:
        return Band(name, floor, promise=promise)
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
    parties = len(np.unique(told.stories.party[inside]))
    return Band(name, floor, middle, low, high, many, parties, round(worth, 1), promise)
