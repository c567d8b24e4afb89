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

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression, minimize
from scipy.special import betaincinv, expit, logit

from graphinv.links.outcomes import PASSED, RANDOM
from graphinv.links.score_claims import CLAIMS_OF_A_SCORE, NAMES
from graphinv.links.score_model import POOLED, Band, Curve, Learned, ScoreModel

Floats = NDArray[np.float64]

#: Below these there is too little to learn a score from.
FEWEST_OUTCOMES, FEWEST_VIOLATIONS, FEWEST_RANDOM = 250, 25, 60

#: How hard the weights are held at what is usual; the best over windows left out is taken.
_HOLDS = (0.3, 1.0, 3.0, 10.0)
#: So many examinations is the simpler curve worth beside what a stretch of the data says.
_POOLED_PRIOR, _TIER_PRIOR = 15.0, 60.0
#: No examined shipment counts for more than so many times the mean.
_CLIPPED = 20.0
#: Precision that a band promises for all in it and above, and the least score that it may begin with.
_PROMISES = (("high", 0.50, 0.40), ("review", 0.20, 0.10))
#: The band ``low`` begins at so many times the share of all.
_LOW_FROM = 2.0
_TAIL = 0.05


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


def fit_score(rows: pl.DataFrame, known: int, passed_weight: float = 1.0) -> ScoreModel | None:
    """A model from the rows of ``links.training``; None when there are too few to learn from.

    ``known``: how many outcomes there were to make rows from. ``passed_weight``: how many shipments each one stands
    for that only passed (no inspections).
    """
    if len(rows) < FEWEST_OUTCOMES or int(rows["violation"].sum()) < FEWEST_VIOLATIONS:
        return None
    data = _arrays(rows, passed_weight)
    picked = int((rows["selection"] == RANDOM).sum())
    hold = min(_HOLDS, key=lambda one: _loss(data, _left_out(data, one)[1]))
    natural, _ = _left_out(data, hold)
    weights = _counting_for(data, natural)
    curves = _curves(data, natural, weights)
    found = np.array([curves[tier].read(natural[at : at + 1])[0] for at, tier in enumerate(data.tier)])
    parameters = _logistic(data.values, data.violation, data.chosen, data.weight, hold)
    base = float(np.average(data.violation, weights=weights))
    return ScoreModel(
        calibrated=picked >= FEWEST_RANDOM,
        intercept=float(parameters[0]),
        weights=tuple(parameters[1 : 1 + len(NAMES)].tolist()),
        curves=curves,
        bands=_bands(found, data.violation, weights, base),
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
        out, kept = fold == one, fold != one
        found = _logistic(data.values[kept], data.violation[kept], data.chosen[kept], data.weight[kept], hold)
        told = 1 + len(NAMES)
        natural[out] = found[0] + data.values[out] @ found[1:told]
        selected[out] = natural[out] + data.chosen[out] @ found[told:]
    return natural, selected


def _logistic(values: Floats, violation: Floats, chosen: Floats, weight: Floats, hold: float) -> Floats:
    """Intercept, weights by ``NAMES``, and what each way of selecting adds: penalised towards the usual weights, with
    the signs that the claims demand."""
    columns = np.column_stack([np.ones(len(values)), values, chosen])
    usual = np.concatenate([[0.0], [claim.usual for claim in CLAIMS_OF_A_SCORE], np.zeros(chosen.shape[1])])
    held = np.concatenate([[1e-3], np.full(values.shape[1], hold), np.full(chosen.shape[1], 1e-2)])
    signs = [0, *(claim.sign for claim in CLAIMS_OF_A_SCORE), *[0] * chosen.shape[1]]
    bounds = [{1: (0.0, None), -1: (None, 0.0), 0: (None, None)}[sign] for sign in signs]

    def cost(parameters: Floats) -> tuple[float, Floats]:
        odds = columns @ parameters
        off = parameters - usual
        loss = float(weight @ (np.logaddexp(0.0, odds) - violation * odds) + 0.5 * held @ off**2)
        return loss, columns.T @ (weight * (expit(odds) - violation)) + held * off

    return np.asarray(minimize(cost, usual, jac=True, method="L-BFGS-B", bounds=bounds).x, np.float64)


def _loss(data: _Rows, odds: Floats) -> float:
    return float(data.weight @ (np.logaddexp(0.0, odds) - data.violation * odds))


def _counting_for(data: _Rows, odds: Floats) -> Floats:
    """How much every row counts for the level: how likely one with its log-odds and outcome came unbiased."""
    if data.unbiased.all() or not data.unbiased.any():
        return np.asarray(data.weight / data.weight.mean(), np.float64)
    columns = np.column_stack([np.ones(len(odds)), odds - odds.mean(), data.violation])
    label = data.unbiased.astype(np.float64)

    def cost(parameters: Floats) -> tuple[float, Floats]:
        told = columns @ parameters
        return (
            float((np.logaddexp(0.0, told) - label * told).sum() + 0.5 * parameters @ parameters * 1e-2),
            columns.T @ (expit(told) - label) + 1e-2 * parameters,
        )

    share = expit(columns @ minimize(cost, np.zeros(3), jac=True, method="L-BFGS-B").x) * data.weight
    clipped = np.minimum(share, _CLIPPED * share.mean())
    return np.asarray(clipped / clipped.mean(), np.float64)


def _curves(data: _Rows, odds: Floats, weight: Floats) -> dict[str, Curve]:
    """The curve of all, and of every tier: what its own shipments say, held at the curve of all."""
    simple = _scaled(odds, data.violation, weight)
    curves = {POOLED: _curve(odds, data.violation, weight, simple, _POOLED_PRIOR)}
    prior = curves[POOLED].read(odds)
    tiers = np.array(data.tier)
    for tier in sorted(set(data.tier)):
        mine = tiers == tier
        curves[tier] = _curve(odds[mine], data.violation[mine], weight[mine], prior[mine], _TIER_PRIOR)
    return curves


def _scaled(odds: Floats, violation: Floats, weight: Floats) -> Floats:
    """Probabilities by a straight line through the log-odds (Platt), rising."""

    def cost(line: Floats) -> float:
        told = line[0] + line[1] * odds
        return float(weight @ (np.logaddexp(0.0, told) - violation * told) + 0.5 * (line[1] - 1.0) ** 2)

    line = minimize(cost, np.array([0.0, 1.0]), method="L-BFGS-B", bounds=[(None, None), (0.05, None)]).x
    return np.asarray(expit(line[0] + line[1] * odds), np.float64)


def _curve(odds: Floats, violation: Floats, weight: Floats, prior: Floats, worth: float) -> Curve:
    """Isotonic regression whose steps are held at a simpler curve and joined at their middles (Oron and Flournoy,
    "Centered isotonic regression", 2017), so that a better score is never lost in a step."""
    order = np.argsort(odds, kind="stable")
    odds, violation, prior = odds[order], violation[order], prior[order]
    counts = weight[order] * (weight.sum() / (weight**2).sum())  # as many as the weights leave (Kish)
    stretch = np.minimum(np.cumsum(counts) // max(counts.sum() / 40.0, 1.0), 10_000).astype(np.int64)
    heads = np.flatnonzero(np.r_[True, np.diff(stretch) > 0])
    size = np.add.reduceat(counts, heads)
    middle = np.add.reduceat(odds * counts, heads) / size
    expected = np.add.reduceat(prior * counts, heads) / size
    share = (np.add.reduceat(violation * counts, heads) + worth * expected) / (size + worth)
    steps = isotonic_regression(share, weights=size + worth)
    first, last = steps.blocks[:-1], steps.blocks[1:]
    many = np.array([size[a:b].sum() for a, b in zip(first, last, strict=True)])
    at = np.array([np.average(middle[a:b], weights=size[a:b]) for a, b in zip(first, last, strict=True)])
    told = steps.x[first]
    return _with_ends(at, told, many + worth)


def _with_ends(at: Floats, told: Floats, many: Floats) -> Curve:
    """The curve goes on beyond its outer points as steep as one unit of log-odds, for as far as anything may lie."""
    reach = 8.0
    at = np.concatenate([[at[0] - reach], at, [at[-1] + reach]])
    inner = np.clip(told, 1e-5, 1.0 - 1e-5)
    told = np.concatenate([[expit(logit(inner[0]) - 0.5)], inner, [expit(logit(inner[-1]) + 0.5)]])
    many = np.concatenate([[many[0]], many, [many[-1]]])
    told, order = np.maximum.accumulate(told), np.argsort(at, kind="stable")
    low = betaincinv(told * many + 1e-3, (1 - told) * many + 1e-3, _TAIL)
    high = betaincinv(told * many + 1e-3, (1 - told) * many + 1e-3, 1 - _TAIL)
    return Curve(*(tuple(part[order].tolist()) for part in (at, told, np.minimum(low, told), np.maximum(high, told))))


def _bands(found: Floats, violation: Floats, weight: Floats, base: float) -> tuple[Band, ...]:
    bands = [_promised(name, promise, floor, found, violation, weight) for name, promise, floor in _PROMISES]
    low = min(_LOW_FROM * base, bands[-1].floor)
    return (*bands, Band("low", low, *_precision(found >= low, violation, weight)))


def _promised(name: str, promise: float, floor: float, found: Floats, violation: Floats, weight: Floats) -> Band:
    """The lowest floor from which on the promise holds, at its interval's lower end."""
    floors = np.unique(np.round(np.quantile(found, np.linspace(0.0, 1.0, 201)), 4))
    for one in floors[floors >= floor]:
        share, low, high, examined = _precision(found >= one, violation, weight)
        if low is not None and low >= promise:
            return Band(name, float(one), share, low, high, examined)
    kept = max(promise, floor)
    return Band(name, kept, *_precision(found >= kept, violation, weight))


def _precision(
    inside: NDArray[np.bool_], violation: Floats, weight: Floats
) -> tuple[float | None, float | None, float | None, int]:
    if not inside.any():
        return None, None, None, 0
    counts = weight[inside]
    share = float(np.average(violation[inside], weights=counts))
    many = float(counts.sum() ** 2 / (counts**2).sum())
    a, b = share * many + 0.5, (1.0 - share) * many + 0.5
    return share, float(betaincinv(a, b, _TAIL)), float(betaincinv(a, b, 1 - _TAIL)), int(inside.sum())
