"""Learning a score from outcomes: a logistic with signs, then calibration, then bands.

The weights are learned from all examined shipments, with an intercept of its own for every way of selecting: what
officers chose finds more, and as long as they chose by what they saw and by what they rightly suspected, only the
intercept tells (Prentice and Pyke, Biometrika 66, 1979). The level is learned from what came at random (``levels``).

Probabilities that a model has of shipments which it learned from are too good, so calibration and bands rest on those
that models learned without their window have, and so does the choice between learned weights and plainer ways
(``proving``).
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit, logit

from graphinv.links.bands import Told, bands_by_seizures, bands_of
from graphinv.links.examined import Examined, examined_of
from graphinv.links.logistic import Held, logistic
from graphinv.links.outcomes import FEWEST_RANDOM, RANDOM, StandIn, is_enough
from graphinv.links.proving import LEFT, WAYS, Way, calibrated, folds_of, proven
from graphinv.links.score_claims import CLAIMS_OF_A_SCORE, NAMES, NEVER_FILED
from graphinv.links.score_model import HeldOut, Learned, ScoreModel

Floats = NDArray[np.float64]

#: How hard the weights are held at what is usual; the best over windows left out is taken.
_HOLDS = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
#: So hard that nothing but the intercept is learned.
_FIXED = 1e9
#: With fewer violations of newcomers picked at random, chance and officers' choice say most of the level of newcomers.
_FEW_NEWCOMERS = 10
_NEWNESS = NAMES.index(NEVER_FILED)
_USUAL = np.array([claim.usual for claim in CLAIMS_OF_A_SCORE])


def fit_score(rows: pl.DataFrame, known: int, stand_in: StandIn | None = None) -> ScoreModel | None:
    """A model from the rows of ``links.training``; None when there are too few to learn from.

    ``known``: how many outcomes there were to make rows from. ``stand_in``: where seizures stand in, as the outcomes
    have it.
    """
    if not is_enough(rows):
        return None
    data = examined_of(rows, 1.0 if stand_in is None else stand_in.passed_weight)
    every = np.ones(len(rows), np.bool_)
    left_out = [_left_out(data, hold) for hold in _HOLDS]
    best = min(range(len(_HOLDS)), key=lambda at: _loss(data, left_out[at][1]))
    learned = _logistic(data, every, _HOLDS[best], _USUAL)
    weights = {way.name: learned if way.learned else _logistic(data, every, _FIXED, _usual(way)) for way in WAYS}
    odds = {
        way.name: weights[way.name][0] + (left_out[best][0] if way.learned else _claimed(data, weights[way.name]))
        for way in WAYS
    }
    way, held_out = proven(data, odds)
    proof = _Proof(way, weights[way.name], odds[way.name], held_out)
    return _model(rows, data, proof, known, None if stand_in is None else stand_in.why)


@dataclass(frozen=True)
class _Proof:
    """The way that windows left out bear out, its weights, the log-odds that it had of each, and what they say."""

    way: Way
    weights: Floats
    odds: Floats
    held_out: HeldOut


def _model(rows: pl.DataFrame, data: Examined, proof: _Proof, known: int, stand_in: str | None) -> ScoreModel:
    """The model that tells probabilities in one way; ``stand_in``: why seizures do."""
    picked = int((rows["selection"] == RANDOM).sum())
    told = calibrated(data, proof.odds, proof.way)
    found = told.read(proof.odds, data)
    base = float(np.average(found, weights=told.level.weight(data, proof.odds)))
    weights = proof.weights.copy()
    weights[1 + _NEWNESS] = told.line.newness
    stories = data.stories.learned(expit(logit(found) + told.over), data.violation)
    bands = bands_of if stand_in is None else bands_by_seizures
    return ScoreModel(
        calibrated=stand_in is None and picked >= FEWEST_RANDOM,
        intercept=float(weights[0]),
        weights=tuple(weights[1 : 1 + len(NAMES)].tolist()),
        curves=told.curves,
        bands=bands(Told(found, data.violation, told.over, told.error, stories), base),
        learned=Learned(known, len(rows), picked, int(data.violation.sum()), base, _newest(rows)),
        held_out=proof.held_out,
        plainer=proof.way.note,
        newcomers=_newcomers_note(rows) if stand_in is None else None,
        stand_in=stand_in,
    )


def _newcomers_note(rows: pl.DataFrame) -> str | None:
    """Says so when the level of newcomers rests on little that came at random; nothing where nothing did: the whole
    score says then that it is not calibrated."""
    if not (rows["selection"] == RANDOM).any():
        return None
    new = rows.filter((pl.col("selection") == RANDOM) & (pl.col(NEVER_FILED) > 0))
    found = int(new["violation"].sum())
    if found >= _FEW_NEWCOMERS:
        return None
    return (
        f"of newcomers only {len(new)} were examined at random, {found} of them in violation: how much they are told "
        "rests mostly on what officers chose"
    )


def _newest(rows: pl.DataFrame) -> str:
    newest = rows["known_at"].max()
    return newest.isoformat() if isinstance(newest, datetime) else ""


def _usual(way: Way) -> Floats:
    """The weights that a way starts from."""
    return _USUAL * LEFT if way.flat else _USUAL


def _left_out(data: Examined, hold: float) -> tuple[Floats, Floats]:
    """Log-odds of every row by a model that did not see its window: what its claims add, and in all as it was picked.

    A model that did not see a window takes the level of the others: with its intercept, what changed with time would
    be told twice.
    """
    claimed, selected = np.zeros(len(data.violation)), np.zeros(len(data.violation))
    folds = folds_of(data)
    for one in range(int(folds.max()) + 1):
        out = folds == one
        found = _logistic(data, ~out, hold, _USUAL)
        left = data.those(out)
        claimed[out] = _claimed(left, found)
        level = found[0] + found[1 + _NEWNESS] * left.newness
        selected[out] = level + claimed[out] + left.chosen @ found[1 + len(NAMES) :]
    return claimed, selected


def _claimed(data: Examined, weights: Floats) -> Floats:
    """What the claims add; newness is of the level, which is learned after."""
    by = weights[1 : 1 + len(NAMES)].copy()
    by[_NEWNESS] = 0.0
    return np.asarray(data.values @ by, np.float64)


def _logistic(data: Examined, kept: NDArray[np.bool_], hold: float, usual: Floats) -> Floats:
    """Intercept, weights by ``NAMES``, and what each way of selecting adds: held at the usual weights, with the signs
    that the claims demand."""
    chosen = data.chosen[kept]
    none = np.zeros(chosen.shape[1])
    held = Held(
        np.concatenate([[0.0], usual, none]),
        np.concatenate([[1e-3], np.full(len(NAMES), hold), none + 1e-2]),
        np.array([0, *(claim.sign for claim in CLAIMS_OF_A_SCORE), *none], np.int64),
    )
    columns = np.column_stack([np.ones(len(chosen)), data.values[kept], chosen])
    return logistic(columns, data.violation[kept], data.weight[kept], held)


def _loss(data: Examined, odds: Floats) -> float:
    return float(data.weight @ (np.logaddexp(0.0, odds) - data.violation * odds))
