"""A model says only what windows left out bear out: order in chance is never told, and order that is there is."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from graphinv.links.examined import Examined, examined_of
from graphinv.links.fitting import fit_score
from graphinv.links.proving import CURVES, LEVEL, USUAL, WAYS, proven
from graphinv.links.score_claims import CLAIMS_OF_A_SCORE, NAMES
from graphinv.links.score_model import POOLED, ScoreModel, read_model
from tests.links.test_score_fitting import drawn, examined, rows

Floats = NDArray[np.float64]

_TIE = NAMES.index("shared_phone")


def learned(taken: pl.DataFrame) -> ScoreModel:
    """What rows teach."""
    found = fit_score(taken, len(taken))
    assert found is not None
    return found


def chance(seed: int) -> pl.DataFrame:
    """A tenth of all is in violation, whatever was known; half were picked at random."""
    rng = np.random.default_rng(seed)
    values = np.zeros((1_200, len(NAMES)))
    for at, claim in enumerate(CLAIMS_OF_A_SCORE):
        if claim.sign > 0:
            values[:, at] = rng.uniform(0.0, 1.0, len(values)) * (rng.random(len(values)) < 0.2)
    return rows(values, rng.random(len(values)) < 0.1, ["random", "targeted"] * 600)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_of_chance_everybody_is_told_the_share_of_all_and_the_model_says_so(seed: int) -> None:
    taken = chance(seed)
    model = learned(taken)
    told = model.curve(POOLED).read(model.log_odds(taken.select(NAMES).to_numpy()))
    share = float(taken["violation"].mean() or 0.0)  # type: ignore[arg-type]
    assert told.mean() == pytest.approx(share, abs=0.02)
    assert np.ptp(told) < 0.06
    assert model.held_out is not None
    assert model.held_out.way == LEVEL.name
    assert model.plainer is not None
    assert "nothing that was known surely told violations apart" in model.plainer
    assert model.held_out.text().startswith("told by the level alone: on windows left out")


def test_the_order_of_the_usual_weights_is_left_where_nothing_is_proven() -> None:
    model = learned(chance(1))
    for claim, weight in zip(CLAIMS_OF_A_SCORE, model.weights, strict=True):
        assert weight * claim.usual >= 0.0
    none, tied = np.zeros(len(NAMES)), np.zeros(len(NAMES))
    tied[NAMES.index("best_link")] = 1.0
    told = model.curve(POOLED).read(model.log_odds(np.array([none, tied])))
    assert told[1] > told[0]


def test_what_can_be_learned_is_never_told_flat() -> None:
    model = learned(examined())
    assert model.held_out is not None
    assert model.held_out.way != LEVEL.name
    assert model.held_out.spared > 2 * model.held_out.error
    none, tied = np.zeros(len(NAMES)), np.zeros(len(NAMES))
    tied[_TIE] = 1.0
    told = model.curve(POOLED).read(model.log_odds(np.array([none, tied])))
    assert told[1] > 5 * told[0]


def test_a_few_random_examinations_that_show_no_ties_by_chance_do_not_flatten_what_hundreds_of_others_show() -> None:
    values, violation = drawn(12_000, seed=6)
    rng = np.random.default_rng(7)
    tied = values[:, _TIE] > 0
    chosen = rng.random(len(values)) < np.where(violation, 0.3, 0.03)
    picked = ~chosen & (rng.random(len(values)) < 0.03) & ~(tied & violation)
    kept = chosen | picked
    assert 1 <= (violation & picked).sum() <= 8
    model = learned(rows(values[kept], violation[kept], ["random" if one else "targeted" for one in picked[kept]]))
    told = model.curve(POOLED).read(model.log_odds(values))
    assert told[tied].mean() > 5 * told[~tied].mean()


def test_weights_that_tell_windows_left_out_worse_than_the_usual_ones_are_not_used() -> None:
    data, odds = two_orders(seed=8)
    by = {way.name: odds[1] if way.learned else odds[0] for way in WAYS}
    by[LEVEL.name] = odds[0] * 0.05
    way, held_out = proven(data, by)
    assert way == USUAL
    assert held_out.spared > 0.0
    by = {way.name: odds[0] if way.learned else odds[1] for way in WAYS}
    assert proven(data, by)[0] == CURVES


def two_orders(seed: int) -> tuple[Examined, tuple[Floats, Floats]]:
    """Examined shipments, and log-odds that tell their violations and others that are noise."""
    taken = examined(seed)
    data = examined_of(taken)
    rng = np.random.default_rng(seed)
    telling = data.values[:, _TIE] * 4.0 + data.values[:, NAMES.index("port_record")] * 0.2
    return data, (telling - 4.0, rng.normal(-3.0, 1.5, len(taken)))


def test_the_model_keeps_its_own_words() -> None:
    model = learned(chance(1))
    again = read_model(model.to_json())
    assert again == model
    assert again is not None
    assert again.notes == model.notes


def test_a_gain_that_a_few_parties_make_proves_less() -> None:
    data, odds = two_orders(seed=8)
    by = {way.name: odds[0] * (0.05 if way == LEVEL else 1.0) for way in WAYS}
    rng = np.random.default_rng(3)
    whose = rng.integers(0, 20, len(data.violation)) + 20 * data.violation.astype(np.int64)
    apart, together = proven(data, by)[1], proven(replace(data, party=whose), by)[1]
    assert together.spared == apart.spared
    assert together.error > 1.5 * apart.error
