"""From examined shipments to shipments as they come, and from past ones to those of now.

Officers choose by suspicion, so among the examined violations are more; and how often newcomers are in violation
changes with time, if only because records that have just begun know nobody. Both are log-odds that are taken off what
the examined show.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from graphinv.links.examined import Examined
from graphinv.links.logistic import Held, logistic

Floats = NDArray[np.float64]

#: How hard it is held that officers know violations of high scores, and of newcomers, no better than others: as much
#: as ten violations picked at random weigh. Few are, and a chance among those would flatten all scores, or move all
#: newcomers.
_EYE = (10.0, 10.0)
#: How hard it is held that newcomers are like others, and that over the whole time nothing changes: odds that treble
#: are one deviation away.
_LOOSELY = 1.0
#: No examined shipment counts for more than so many times the mean.
_CLIPPED = 20.0
#: The straight line rises at least so much.
FLATTEST = 0.05


@dataclass(frozen=True)
class Level:
    """How officers choose: parameters for compliant ones (by 1, score, newness) and what those in violation add, or
    ``always`` the same log-odds. ``unsure``: the covariance of the parameters."""

    by: Floats
    centre: float
    spread: float
    unsure: Floats
    always: float | None = None

    def over(self, odds: Floats, newness: Floats) -> Floats:
        """By how much the log-odds of a violation are higher among the examined."""
        if self.always is not None:
            return np.full(len(odds), self.always)
        seen = self._seen(odds, newness)
        return np.asarray(np.log(expit(seen @ self.by[:3]) / expit(seen @ (self.by[:3] + self.by[3:]))), np.float64)

    def error(self, odds: Floats, newness: Floats) -> Floats:
        """The standard error of ``over``, by the delta method: small where many were picked at random, large where
        officers alone chose."""
        if self.always is not None:
            return np.zeros(len(odds))
        seen = self._seen(odds, newness)
        compliant, guilty = (expit(-(seen @ by))[:, None] for by in (self.by[:3], self.by[:3] + self.by[3:]))
        slope = np.column_stack([seen * (compliant - guilty), -seen * guilty])
        return np.asarray(np.sqrt(np.maximum(((slope @ self.unsure) * slope).sum(axis=1), 0.0)), np.float64)

    def weight(self, data: Examined, odds: Floats) -> Floats:
        """How much every examined shipment counts: as much as it is likely that one like it came unbiased."""
        if self.always is not None:
            return np.asarray(data.weight / data.weight.mean(), np.float64)
        seen = self._seen(odds, data.newness)
        share = expit(seen @ self.by[:3] + data.violation * (seen @ self.by[3:]))
        clipped = np.minimum(share, _CLIPPED * share.mean())
        return np.asarray(clipped / clipped.mean(), np.float64)

    def _seen(self, odds: Floats, newness: Floats) -> Floats:
        return np.column_stack([np.ones(len(odds)), (odds - self.centre) / self.spread, newness])


def level_of(data: Examined, odds: Floats) -> Level:
    """What came unbiased, by log-odds, newness and outcome; the more those have to tell the more outcomes there are."""
    centre, spread = float(odds.mean()), max(float(odds.std()), 1e-6)
    level = Level(np.zeros(6), centre, spread, np.zeros((6, 6)))
    if data.unbiased.all() or not data.unbiased.any():
        compliant, guilty = (data.weight[data.violation == one] for one in (0, 1))
        known = len(compliant) and len(guilty)
        return replace(level, always=float(np.log(compliant.mean()) - np.log(guilty.mean())) if known else 0.0)
    seen = np.column_stack([np.ones(len(odds)), (odds - centre) / spread, data.newness])
    columns = np.column_stack([seen, seen * data.violation[:, None]])
    held = Held(np.zeros(6), np.array([1e-2, 1e-2, 1e-2, 1e-2, *_EYE]), np.zeros(6, np.int64))
    label = data.unbiased.astype(np.float64)
    by = logistic(columns, label, np.ones(len(odds)), held)
    told = expit(columns @ by)
    bent = (columns * (told * (1.0 - told))[:, None]).T @ columns + np.diag(held.hard)
    return replace(level, by=by, unsure=np.linalg.inv(bent))


@dataclass(frozen=True)
class Line:
    """Log-odds of a violation now, by a straight line through the log-odds of the claims: intercept, slope, and what a
    newcomer adds; and how the last and all have changed over the time learned from."""

    intercept: float
    slope: float
    newcomer: float
    newcomers_rose: float
    all_rose: float

    @property
    def newness(self) -> float:
        """What a newcomer adds, before the line."""
        return self.newcomer / self.slope

    def told(self, odds: Floats, newness: Floats) -> Floats:
        """Log-odds as if it all happened now."""
        return self.intercept + self.slope * odds + self.newcomer * newness

    def since(self, data: Examined) -> Floats:
        """By how much those of then had higher log-odds than those of now have."""
        return np.asarray((self.newcomers_rose * data.newness + self.all_rose) * data.when, np.float64)


def line_of(data: Examined, odds: Floats, over: Floats, slope: float | None = None) -> Line:
    """A rising line (Platt), with a step for newcomers and what has changed with time; ``slope`` holds it at one.

    Whom officers chose tells of changes too, as long as they choose as they did.
    """
    columns = np.column_stack(
        [np.ones(len(odds)), odds, data.newness, data.newness * data.when, data.when, over]
    )  # fmt: skip
    steep = (1.0, 1.0) if slope is None else (slope, 1e6)
    held = Held(
        np.array([0.0, steep[0], 0.0, 0.0, 0.0, 1.0]),
        np.array([1e-6, steep[1], _LOOSELY, _LOOSELY, _LOOSELY, 1e6]),
        np.array([0, 1, 0, 0, 0, 0]),
    )
    found = logistic(columns, data.violation, np.ones(len(odds)), held)
    return Line(float(found[0]), max(float(found[1]), FLATTEST), *(float(one) for one in found[2:5]))
