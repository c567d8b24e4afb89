"""Ways of telling a probability, from the plainest to the boldest, and which of them windows left out bear out.

A model with many parameters finds order in chance. So each way tells the probabilities of every window from what the
others taught, and a plainer one is taken where it surely told the outcomes better. Where none surely told them better
than one level for everybody does (newcomers have their own), everybody is told that level. The model says which way it
is, and why.

Shipments that tell one story (``together``) count together. It is a check against what goes plainly wrong and no test
of significance all the same: shipments of one window share its drift, and how hard weights are held was chosen on the
same windows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from graphinv.links.curves import NORMAL_TAIL, Points, curves_of
from graphinv.links.examined import Examined
from graphinv.links.levels import Level, Line, level_of, line_of
from graphinv.links.score_model import POOLED, Curve, HeldOut

Floats = NDArray[np.float64]

#: A gain below so many of its standard errors proves nothing: by chance alone one in twenty is larger.
_SURELY = NORMAL_TAIL
#: This much of the usual weights is left where nothing is proven: enough for an order, too little to tell anybody more
#: than the level.
LEFT = 0.05


@dataclass(frozen=True)
class Way:
    """``learned``: by learned weights, or by the usual ones; ``curved``: by isotonic curves, or by a straight line;
    ``flat``: the level for everybody, and that of newcomers. ``note``: what the model says of itself."""

    name: str
    learned: bool = False
    curved: bool = False
    flat: bool = False
    note: str | None = None


LEVEL = Way(
    "the level alone",
    flat=True,
    note="nothing that was known surely told violations apart on windows left out: everybody is told about the share "
    "of all, or of newcomers, in the order of the usual weights, until more is examined",
)
USUAL = Way(
    "usual weights",
    note="on windows left out, learned weights told violations apart worse than the usual ones, which stand in their "
    "place, with a straight line for the probability",
)
LINE = Way(
    "a straight line",
    learned=True,
    note="on windows left out, curves told probabilities worse than a straight line, which stands in their place",
)
CURVES = Way("learned weights and curves", learned=True, curved=True)
#: The plainest first.
WAYS = (LEVEL, USUAL, LINE, CURVES)


@dataclass(frozen=True)
class Calibrated:
    """Probabilities from log-odds by one way. ``over``: by how much log-odds are higher among the examined of then than
    among arrivals of now, with its standard ``error``."""

    level: Level
    line: Line
    over: Floats
    error: Floats
    curves: Mapping[str, Curve]

    def read(self, odds: Floats, data: Examined) -> Floats:
        """The probability of each, as of an arrival of now."""
        natural = odds + self.line.newness * data.newness
        told = np.zeros(len(odds))
        for tier in np.unique(data.tier):
            mine = data.tier == tier
            told[mine] = self.curves.get(str(tier), self.curves[POOLED]).read(natural[mine])
        return told


def calibrated(data: Examined, odds: Floats, way: Way) -> Calibrated:
    """Learn probabilities from the log-odds that models had which did not see these shipments."""
    level, line = _level_and_line(data, odds, way)
    natural = odds + line.newness * data.newness
    since = level.over(odds, data.newness) + line.since(data)
    error = level.error(odds, data.newness)
    points = Points(natural, data.violation, since, line.told(odds, data.newness), data.tier, error)
    return Calibrated(level, line, since, error, curves_of(points, line.slope, straight=not way.curved))


def _level_and_line(data: Examined, odds: Floats, way: Way) -> tuple[Level, Line]:
    level = level_of(data, odds)
    return level, line_of(data, odds, level.over(odds, data.newness), 1.0 if way.flat else None)


def proven(data: Examined, odds: Mapping[str, Floats]) -> tuple[Way, HeldOut]:
    """The way that windows left out bear out, and what they say; ``odds`` of the examined by name of a way."""
    losses = {way.name: _losses(data, odds[way.name], way) for way in WAYS}
    best = CURVES
    for plainer in (LINE, USUAL):
        better, by_chance = _spared(data, losses[best.name], losses[plainer.name])
        best = plainer if better > _SURELY * by_chance else best
    level = losses[LEVEL.name]
    spared, error = _spared(data, level, losses[best.name])
    way = best if spared > _SURELY * error else LEVEL
    return way, HeldOut(way.name, round(float(level.mean()), 5), round(spared, 5), round(error, 5))


def _spared(data: Examined, before: Floats, after: Floats) -> tuple[float, float]:
    """How much log loss a way spares that another has, in the mean, and its standard error: shipments that tell one
    story count together."""
    spared = before - after
    return float(spared.mean()), data.stories.error_of_mean(spared)


def _losses(data: Examined, odds: Floats, way: Way) -> Floats:
    """The log loss of every examined shipment, told by what other windows taught and as it was selected."""
    lost = np.zeros(len(odds))
    folds = folds_of(data)
    for one in range(int(folds.max()) + 1):
        out = folds == one
        kept, asked = data.those(~out), data.those(out)
        if way.curved:
            learned = calibrated(kept, odds[~out], way)
            level, line, told = learned.level, learned.line, logit(learned.read(odds[out], asked))
        else:
            level, line = _level_and_line(kept, odds[~out], way)
            told = line.told(odds[out], asked.newness)
        told = told + level.over(odds[out], asked.newness) + line.since(asked)
        lost[out] = np.logaddexp(0.0, told) - asked.violation * told
    return lost


def folds_of(data: Examined) -> NDArray[np.int64]:
    """What is left out together: a window, or a quarter where there is but one."""
    return data.window if data.window.max() > 0 else np.arange(len(data.window)) % 4
