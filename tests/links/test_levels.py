"""The level that arrivals are told is that of now, and newcomers' is their own."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from graphinv.links.examined import examined_of
from graphinv.links.fitting import fit_score
from graphinv.links.levels import level_of
from graphinv.links.score_claims import NAMES, NEVER_FILED
from graphinv.links.score_model import POOLED
from tests.links.test_score_fitting import drawn, rows

_DAY = datetime(2025, 1, 1, tzinfo=UTC)
_TIE = NAMES.index("shared_phone")
_NEW = NAMES.index(NEVER_FILED)


def test_newcomers_are_told_what_they_are_now_where_they_have_come_to_violate_more() -> None:
    values, _ = drawn(40_000, seed=4)
    rng = np.random.default_rng(54)
    window = np.arange(len(values)) % 4
    new = rng.random(len(values)) < 0.25
    values[new, _NEW] = 1.0
    risen = np.where(new, np.array([0.0, 0.5, 1.0, 1.5])[window], 0.0)
    violation = rng.random(len(values)) < expit(-4.0 + 4.0 * values[:, _TIE] + risen)
    random = rng.random(len(values)) < 0.04
    chosen = ~random & (rng.random(len(values)) < np.where(violation, 0.3, 0.02))
    kept = random | chosen
    taken = rows(values[kept], violation[kept], ["random" if one else "targeted" for one in random[kept]])
    begun = pl.Series("window", [_DAY + timedelta(days=91 * at) for at in window[kept].tolist()])
    begun = begun.cast(taken["window"].dtype)
    found = fit_score(taken.with_columns(begun, (begun + timedelta(days=30)).alias("known_at")), 9)
    assert found is not None
    told = found.curve(POOLED).read(found.log_odds(values))
    now = new & (window == 3)
    assert told[now].mean() == pytest.approx(violation[now].mean(), abs=0.025)
    assert told[now].mean() > violation[new].mean() + 0.02
    old = ~new & (window == 3)
    assert told[old].mean() == pytest.approx(violation[old].mean(), abs=0.012)


def test_the_model_says_so_where_few_newcomers_came_at_random() -> None:
    values, violation = drawn(6_000, seed=13)
    values[: len(values) // 5, _NEW] = 1.0
    rng = np.random.default_rng(14)
    random = rng.random(len(values)) < 0.02
    chosen = ~random & (rng.random(len(values)) < np.where(violation, 0.5, 0.05))
    kept = random | chosen
    found = fit_score(rows(values[kept], violation[kept], ["random" if one else "targeted" for one in random[kept]]), 9)
    assert found is not None
    assert found.newcomers is not None
    assert "were examined at random" in found.newcomers


def test_what_officers_alone_chose_is_less_sure_than_what_came_at_random() -> None:
    values, _ = drawn(20_000, seed=5)
    rng = np.random.default_rng(6)
    violation = rng.random(len(values)) < expit(-4.0 + 4.0 * values[:, _TIE])
    kept = rng.random(len(values)) < np.where(violation, 0.4, 0.05)
    errors = []
    for share in (0.1, 0.5):
        random = rng.random(len(values)) < share
        selection = ["random" if one else "targeted" for one in random[kept]]
        data = examined_of(rows(values[kept], violation[kept], selection))
        odds = -4.0 + 4.0 * data.values[:, _TIE]
        errors.append(level_of(data, odds).error(np.array([-4.0, -2.0, 4.0]), np.zeros(3)))
    few, many = errors
    assert (few > many).all(), "with more at random the level is surer"
    assert few[2] > few[1], "far from where most were picked it is less sure"


def test_the_error_of_a_level_is_how_far_it_is_off() -> None:
    off, told = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        odds = rng.normal(-3.0, 1.0, 6_000)
        violation = rng.random(6_000) < expit(odds)
        random = rng.random(6_000) < 0.03
        kept = random | (rng.random(6_000) < np.where(violation, 0.3, 0.03))
        data = examined_of(
            rows(
                np.zeros((int(kept.sum()), len(NAMES))),
                violation[kept],
                ["random" if one else "targeted" for one in random[kept]],
            )
        )
        level = level_of(data, odds[kept])
        at = np.array([-3.0])
        off.append(float(level.over(at, np.zeros(1))[0] - np.log(0.3 / 0.03)))
        told.append(float(level.error(at, np.zeros(1))[0]))
    assert np.std(off) == pytest.approx(np.mean(told), rel=0.35)
