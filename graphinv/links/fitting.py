"""Learning a score from outcomes: a logistic with signs, then calibration, then bands.

The weights are learned from all examined shipments, with an intercept of its own for every way of selecting: what
officers chose finds more, and as long as they chose by what they saw and by what they rightly suspected, only the
intercept tells (Prentice and Pyke, Biometrika 66, 1979). The level is learned from what came at random: every examined
shipment counts as much as it is likely that one with its score and its outcome was picked at random.

Probabilities that a model has of shipments which it learned from are too good, so calibration and bands rest on those
that models learned without their window have.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.special import betaincinv, expit, logit

from graphinv.links.logistic import Held, logistic
from graphinv.links.outcomes import PASSED, RANDOM
from graphinv.links.score_claims import CLAIMS_OF_A_SCORE, NAMES, NEVER_FILED
from graphinv.links.score_model import POOLED, Band, Curve, Learned, ScoreModel

Floats = NDArray[np.float64]

#: Below these there is too little to learn a score from.
FEWEST_OUTCOMES, FEWEST_VIOLATIONS, FEWEST_RANDOM = 250, 25, 60

#: How hard the weights are held at what is usual; the best over windows left out is taken.
_HOLDS = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
#: So many examinations is the simpler curve worth beside what a stretch of the data says.
_POOLED_PRIOR, _TIER_PRIOR = 15.0, 200.0
#: No examined shipment counts for more than so many times the mean.
_CLIPPED = 20.0
#: Precision that a band promises for all in it and above, and the least score that it may begin with.
_PROMISES = (("high", 0.50, 0.40), ("review", 0.20, 0.10))
#: The band ``low`` begins at so many times the share of all.
_LOW_FROM = 2.0
#: Nine times in ten, by the beta and by the normal distribution.
_TAIL, _NORMAL_TAIL = 0.05, 1.645
#: Below its first point a curve falls by so much in log-odds over so many of its own; it ends so far beyond the last.
_GENTLY, _REACH = 0.5, 4.0
#: A curve has at most so many steps.
_STRETCHES = 60.0
#: How hard it is held that officers know violations of high scores, and of newcomers, no better than others: for
#: newcomers harder, since few are picked at random, and a chance among those would move all of them.
_EYE = (1.0, 10.0)
#: The straight line rises at least so much.
_FLATTEST = 0.05
_NEWNESS = NAMES.index(NEVER_FILED)


@dataclass(frozen=True)
class _Rows:
    """Examined shipments as arrays; ``chosen`` has a column a way of selecting that is not at random."""

    values: Floats
    violation: Floats
    chosen: Floats
    weight: Floats
    unbiased: NDArray[np.bool_]
    window: NDArray[np.int64]
    tier: list[str]

    @property
    def newness(self) -> Floats:
        """1 for a party that never filed before, 0 for others."""
        return self.values[:, _NEWNESS]


def fit_score(rows: pl.DataFrame, known: int, passed_weight: float = 1.0) -> ScoreModel | None:
    """A model from the rows of ``links.training``; None when there are too few to learn from.

    ``known``: how many outcomes there were to make rows from. ``passed_weight``: how many shipments each one stands
    for that only passed (no inspections).
    """
    if len(rows) < FEWEST_OUTCOMES or int(rows["violation"].sum()) < FEWEST_VIOLATIONS:
        return None
    data = _arrays(rows, passed_weight)
    picked = int((rows["selection"] == RANDOM).sum())
    left_out = [_left_out(data, one) for one in _HOLDS]
    best = min(range(len(_HOLDS)), key=lambda at: _loss(data, left_out[at][1]))
    parameters = _logistic(data, np.ones(len(rows), np.bool_), _HOLDS[best])
    level = _level(data, left_out[best][0])
    line = _straight(data, left_out[best][0], level)
    natural = left_out[best][0] + line.newness * data.newness
    parameters[1 + _NEWNESS] += line.newness
    curves = _curves(data, natural, level, line)
    told = zip(data.tier, natural, strict=True)
    found = np.array([curves[tier].read(np.array([odds]))[0] for tier, odds in told])
    base = float(np.average(data.violation, weights=level.weight))
    return ScoreModel(
        calibrated=picked >= FEWEST_RANDOM,
        intercept=float(parameters[0]),
        weights=tuple(parameters[1 : 1 + len(NAMES)].tolist()),
        curves=curves,
        bands=_bands(found, data.violation, level, base),
        learned=Learned(known, len(rows), picked, int(data.violation.sum()), base, _newest(rows)),
    )


def _newest(rows: pl.DataFrame) -> str:
    newest = rows["known_at"].max()
    return newest.isoformat() if isinstance(newest, datetime) else ""


def _arrays(rows: pl.DataFrame, passed_weight: float) -> _Rows:
    selection = rows["selection"]
    unbiased = selection.is_in([RANDOM, PASSED]).to_numpy()
    ways = sorted(set(selection.to_list()) - {RANDOM, PASSED})
    seen = rows["window"].to_numpy()
    chosen = [(selection == way).to_numpy() for way in ways] if unbiased.any() else []
    return _Rows(
        values=rows.select(NAMES).to_numpy().astype(np.float64),
        violation=rows["violation"].to_numpy().astype(np.float64),
        chosen=np.array(chosen, np.float64).T.reshape(len(rows), len(chosen)),
        weight=np.where((selection == PASSED).to_numpy(), passed_weight, 1.0),
        unbiased=unbiased,
        window=np.unique(seen, return_inverse=True)[1].astype(np.int64),
        tier=rows["tier"].to_list(),
    )


def _left_out(data: _Rows, hold: float) -> tuple[Floats, Floats]:
    """Log-odds of every row by a model that did not see its window: as if picked at random, and as it was picked."""
    natural, selected = np.zeros(len(data.violation)), np.zeros(len(data.violation))
    fold = data.window if data.window.max() > 0 else np.arange(len(data.window)) % 4
    for one in range(int(fold.max()) + 1):
        out = fold == one
        found = _logistic(data, ~out, hold)
        told = 1 + len(NAMES)
        natural[out] = found[0] + data.values[out] @ found[1:told]
        selected[out] = natural[out] + data.chosen[out] @ found[told:]
    return natural, selected


def _logistic(data: _Rows, kept: NDArray[np.bool_], hold: float) -> Floats:
    """Intercept, weights by ``NAMES``, and what each way of selecting adds: penalised towards the usual weights, with
    the signs that the claims demand."""
    chosen = data.chosen[kept]
    none = np.zeros(chosen.shape[1])
    held = Held(
        np.concatenate([[0.0], [claim.usual for claim in CLAIMS_OF_A_SCORE], none]),
        np.concatenate([[1e-3], np.full(len(NAMES), hold), none + 1e-2]),
        np.array([0, *(claim.sign for claim in CLAIMS_OF_A_SCORE), *none], np.int64),
    )
    columns = np.column_stack([np.ones(len(chosen)), data.values[kept], chosen])
    return logistic(columns, data.violation[kept], data.weight[kept], held)


def _loss(data: _Rows, odds: Floats) -> float:
    return float(data.weight @ (np.logaddexp(0.0, odds) - data.violation * odds))


@dataclass(frozen=True)
class _Level:
    """From examined shipments to shipments as they come. ``weight``: how much every row counts. ``over``: by how much
    the log-odds of a violation are higher among the examined, by row. ``error``: the standard error of that."""

    weight: Floats
    over: Floats
    error: float


def _level(data: _Rows, odds: Floats) -> _Level:
    """Every row counts as much as it is likely that one with its log-odds and its outcome came unbiased.

    Officers choose by suspicion too, so the compliant ones they choose look worse than others, and are newer: log-odds,
    newness and outcome together tell what came unbiased, the more they have to the more outcomes there are.
    """
    if data.unbiased.all() or not data.unbiased.any():
        over = np.log(data.weight[data.violation == 0].mean()) - np.log(data.weight[data.violation == 1].mean())
        return _Level(data.weight / data.weight.mean(), np.full(len(odds), float(over)), 0.0)
    spread = (odds - odds.mean()) / max(float(odds.std()), 1e-6)
    seen = np.column_stack([np.ones(len(odds)), spread, data.newness])
    columns = np.column_stack([seen, seen * data.violation[:, None]])
    label = data.unbiased.astype(np.float64)
    held = Held(np.zeros(6), np.array([1e-2, 1e-2, 1e-2, 1e-2, *_EYE]), np.zeros(6, np.int64))
    found = logistic(columns, label, np.ones(len(odds)), held)
    compliant, guilty = expit(seen @ found[:3]), expit(seen @ (found[:3] + found[3:]))
    share = np.where(data.violation == 1, guilty, compliant)
    counts = [((label == one) & (data.violation == y)).sum() for one in (0, 1) for y in (0, 1)]
    error = float(np.sqrt(sum(1.0 / max(float(count), 0.5) for count in counts)))
    clipped = np.minimum(share, _CLIPPED * share.mean())
    return _Level(np.asarray(clipped / clipped.mean(), np.float64), np.log(compliant / guilty), error)


@dataclass(frozen=True)
class _Line:
    """Probabilities by a straight line through the log-odds, how steep it is, and how many log-odds more it tells of
    those who never filed before."""

    probability: Floats
    slope: float
    newness: float


def _straight(data: _Rows, odds: Floats, level: _Level) -> _Line:
    """A rising line (Platt), with a step for newcomers at the level of arrivals: officers look for them as well, so
    among those that officers chose the step is smaller."""
    columns = np.column_stack([np.ones(len(odds)), odds, data.newness, level.over])
    held = Held(np.array([0.0, 1.0, 0.0, 1.0]), np.array([1e-6, 1.0, 1.0, 1e6]), np.array([0, 1, 0, 0]))
    found = logistic(columns, data.violation, np.ones(len(odds)), held)
    slope = max(float(found[1]), _FLATTEST)
    return _Line(np.asarray(expit(columns[:, :3] @ found[:3]), np.float64), slope, float(found[2]) / slope)


def _curves(data: _Rows, odds: Floats, level: _Level, line: _Line) -> dict[str, Curve]:
    """The curve of all, and of every tier: what its own shipments say, held at the curve of all."""
    curves = {POOLED: _curve(odds, data.violation, level, line.probability, _POOLED_PRIOR, line.slope)}
    prior = curves[POOLED].read(odds)
    tiers = np.array(data.tier)
    for tier in sorted(set(data.tier)):
        mine = tiers == tier
        own = _Level(level.weight[mine], level.over[mine], level.error)
        curves[tier] = _curve(odds[mine], data.violation[mine], own, prior[mine], _TIER_PRIOR, line.slope)
    return curves


def _curve(odds: Floats, violation: Floats, level: _Level, prior: Floats, worth: float, slope: float) -> Curve:
    """Isotonic regression whose steps are held at a simpler curve and joined at their middles (Oron and Flournoy,
    "Centered isotonic regression", 2017), so that a better score is never lost in a step.

    Shares are counted among the examined, where violations are many, and brought to the level of arrivals after.
    """
    _, row = np.unique(odds, return_inverse=True)
    counts = np.bincount(row).astype(np.float64)
    stretch = (np.cumsum(counts) - counts / 2) // max(counts.sum() / _STRETCHES, 1.0)
    heads = np.flatnonzero(np.r_[True, np.diff(stretch) > 0])

    def by_stretch(values: Floats) -> Floats:
        return np.asarray(np.add.reduceat(np.bincount(row, values), heads), np.float64)

    size = by_stretch(np.ones(len(odds)))
    middle, over = by_stretch(odds) / size, by_stretch(level.over) / size
    expected = by_stretch(expit(logit(prior) + level.over))
    share = (by_stretch(violation) + worth * expected / size) / (size + worth)
    steps = isotonic_regression(share, weights=size + worth)
    spans = list(pairwise(steps.blocks.tolist()))
    many = np.array([size[a:b].sum() for a, b in spans]) + worth
    points = np.array([np.average(middle[a:b], weights=size[a:b]) for a, b in spans])
    less = np.array([np.average(over[a:b], weights=size[a:b]) for a, b in spans])
    return _with_ends(points, np.clip(steps.x[steps.blocks[:-1]], 1e-4, 1 - 1e-4), many, less, level.error, slope)


def _with_ends(at: Floats, share: Floats, many: Floats, over: Floats, error: float, slope: float) -> Curve:
    """Above its last point the curve goes on half as steep as the straight line, below its first one gently."""
    told = logit(share) - over
    lower, upper = (logit(_beta(share, many, tail)) - logit(share) for tail in (_TAIL, 1.0 - _TAIL))
    unsure = _NORMAL_TAIL * error
    low, high = told - np.hypot(lower, unsure), told + np.hypot(upper, unsure)

    def whole(values: Floats) -> tuple[float, ...]:
        ended = np.concatenate([[values[0] - _GENTLY], values, [values[-1] + 0.5 * min(slope, 1.0) * _REACH]])
        return tuple(expit(np.maximum.accumulate(ended)).tolist())

    reached = np.concatenate([[at[0] - _REACH], at, [at[-1] + _REACH]])
    return Curve(tuple(reached.tolist()), whole(told), whole(low), whole(high))


def _beta(share: Floats, many: Floats, tail: float) -> Floats:
    found = betaincinv(share * many + 0.5, (1.0 - share) * many + 0.5, tail)
    return np.asarray(np.clip(found, 1e-4, 1.0 - 1e-4), np.float64)


def _bands(found: Floats, violation: Floats, level: _Level, base: float) -> tuple[Band, ...]:
    bands = [_promised(name, promise, floor, found, violation, level) for name, promise, floor in _PROMISES]
    low = min(_LOW_FROM * base, bands[-1].floor)
    return (*bands, Band("low", low, *_precision(found >= low, violation, level)))


def _promised(name: str, promise: float, floor: float, found: Floats, violation: Floats, level: _Level) -> Band:
    """The lowest floor from which on the promise holds, at its interval's lower end."""
    floors = np.unique(np.round(np.quantile(found, np.linspace(0.0, 1.0, 201)), 4))
    for one in floors[floors >= floor]:
        share, low, high, examined = _precision(found >= one, violation, level)
        if low is not None and low >= promise:
            return Band(name, float(one), share, low, high, examined)
    kept = max(promise, floor)
    return Band(name, kept, *_precision(found >= kept, violation, level))


def _precision(
    inside: NDArray[np.bool_], violation: Floats, level: _Level
) -> tuple[float | None, float | None, float | None, int]:
    """(share in violation at the level of arrivals, its interval, shipments examined) of those inside."""
    many = int(inside.sum())
    if not many:
        return None, None, None, 0
    share = (violation[inside].sum() + 0.5) / (many + 1.0)
    over = float(level.over[inside].mean())
    lower, upper = (
        float(logit(_beta(np.array([share]), np.array([float(many)]), tail))[0] - logit(share))
        for tail in (_TAIL, 1.0 - _TAIL)
    )
    unsure, told = _NORMAL_TAIL * level.error, float(logit(share)) - over
    ends = (told - np.hypot(lower, unsure), told, told + np.hypot(upper, unsure))
    low, middle, high = (float(expit(one)) for one in ends)
    return middle, low, high, many
