"""What a score learns from examined shipments: the right level, rising with every tie, and honest without inspections.

The shipments are drawn: a phone shared with a seized party makes a violation likely, and officers examine what they
suspect. Nothing of it is known to the model but the rows.
"""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from graphinv.links.fitting import fit_score
from graphinv.links.outcomes import StandIn
from graphinv.links.score_claims import CLAIMS_OF_A_SCORE, NAMES, NEVER_FILED
from graphinv.links.score_model import POOLED, ScoreModel, read_model
from graphinv.links.training import SCHEMA

_TIE = NAMES.index("shared_phone")
_TIERS = ("full_entry", "advance_data", "low_value", "minimal")
_DAY = datetime(2025, 1, 1, tzinfo=UTC)


def drawn(count: int, seed: int = 1, tied: float = 0.05) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Claims and violations of arrivals: 60% with a tie, 1% without."""
    rng = np.random.default_rng(seed)
    values = np.zeros((count, len(NAMES)))
    has = rng.random(count) < tied
    values[has, _TIE] = rng.uniform(0.5, 1.0, has.sum())
    values[:, NAMES.index("port_record")] = rng.normal(0.0, 0.5, count)
    return values, rng.random(count) < np.where(has, 0.6, 0.01)


def rows(values: NDArray[np.float64], violation: NDArray[np.bool_], selection: list[str]) -> pl.DataFrame:
    """Rows as ``links.training`` makes them, over four windows."""
    n = len(values)
    told = pl.DataFrame(
        {
            "shipment_id": [f"X{at}" for at in range(n)],
            "window": [_DAY + timedelta(days=91 * (at % 4)) for at in range(n)],
            "known_at": [_DAY + timedelta(days=91 * (at % 4) + 3) for at in range(n)],
            "selection": selection,
            "violation": violation,
            "tier": [_TIERS[at % 4] for at in range(n)],
            "party": None,
            "tie": None,
        }
    )
    claims = pl.DataFrame(values, schema=list(NAMES), orient="row")
    return pl.concat([told, claims], how="horizontal").cast(SCHEMA)


def examined(seed: int = 1) -> pl.DataFrame:
    """One shipment in ten is picked at random; officers pick 25% of the violations and 2% of the rest."""
    values, violation = drawn(9_000, seed)
    rng = np.random.default_rng(seed + 100)
    random = rng.random(len(values)) < 0.1
    chosen = ~random & (rng.random(len(values)) < np.where(violation, 0.25, 0.02))
    kept = random | chosen
    return rows(values[kept], violation[kept], ["random" if one else "targeted" for one in random[kept]])


def with_newcomers(count: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Arrivals some of which have a tie; a fifth are of newcomers, three times as many of which are in violation."""
    values, violation = drawn(count, seed)
    rng = np.random.default_rng(seed + 50)
    new = rng.random(count) < 0.2
    values[new, NAMES.index(NEVER_FILED)] = 1.0
    return values, violation | (rng.random(count) < np.where(new, 0.08, 0.0))


def test_newcomers_are_told_their_level_though_officers_look_for_them() -> None:
    values, violation = with_newcomers(60_000, seed=3)
    new = values[:, NAMES.index(NEVER_FILED)] > 0
    rng = np.random.default_rng(4)
    random = rng.random(len(values)) < 0.06
    chosen = ~random & (rng.random(len(values)) < np.where(violation, 0.25, np.where(new, 0.03, 0.01)))
    kept = random | chosen
    found = fit_score(rows(values[kept], violation[kept], ["random" if one else "targeted" for one in random[kept]]), 9)
    assert found is not None
    told = found.curve(POOLED).read(found.log_odds(values))
    assert told[new].mean() == pytest.approx(violation[new].mean(), abs=0.02)
    assert told[~new].mean() == pytest.approx(violation[~new].mean(), abs=0.01)


@pytest.fixture(scope="module")
def model() -> ScoreModel:
    """What is learned from the examined shipments."""
    found = fit_score(examined(), 1_000)
    assert found is not None
    return found


def test_the_level_is_that_of_arrivals_not_of_what_officers_chose(model: ScoreModel) -> None:
    values, violation = drawn(20_000, seed=2)
    told = model.curve("full_entry").read(model.log_odds(values))
    taken = examined()
    assert float(taken["violation"].mean() or 0) > 0.08  # type: ignore[arg-type]
    assert told.mean() == pytest.approx(violation.mean(), abs=0.012)
    tied = values[:, _TIE] > 0
    assert told[tied].mean() == pytest.approx(0.6, abs=0.12)
    assert told[~tied].mean() == pytest.approx(0.01, abs=0.01)
    assert model.calibrated


def test_evidence_of_a_tie_never_lowers_a_score(model: ScoreModel) -> None:
    for claim, weight in zip(CLAIMS_OF_A_SCORE, model.weights, strict=True):
        assert weight * claim.sign >= 0.0, claim.name
    for tier in _TIERS:
        curve = model.curve(tier)
        assert all(np.diff(curve.at) > 0)
        assert all(np.diff(curve.probability) >= 0)


@settings(max_examples=40, deadline=None)
@given(
    base=st.lists(st.floats(0.0, 1.0), min_size=len(NAMES), max_size=len(NAMES)),
    at=st.sampled_from([at for at, claim in enumerate(CLAIMS_OF_A_SCORE) if claim.sign > 0]),
    more=st.floats(0.0, 1.0),
    tier=st.sampled_from(_TIERS),
)
def test_more_of_a_claim_that_raises_gives_no_lower_probability(
    model: ScoreModel, base: list[float], at: int, more: float, tier: str
) -> None:
    before, after = np.array([base]), np.array([base])
    after[0, at] += more
    curve = model.curve(tier)
    assert curve.read(model.log_odds(after))[0] >= curve.read(model.log_odds(before))[0] - 1e-12


def by_seizures(passed_weight: float) -> tuple[ScoreModel, NDArray[np.float64], float]:
    """A model of arrivals a fifth of whose violations were seized, the claims of all arrivals, the share seized; only
    one in ``passed_weight`` of those that passed is among the rows."""
    values, violation = drawn(20_000)
    rng = np.random.default_rng(9)
    seized = violation & (rng.random(len(values)) < 0.2)
    kept = seized | (rng.random(len(values)) < 1.0 / passed_weight)
    taken = rows(values[kept], seized[kept], ["seizure" if one else "passed" for one in seized[kept]])
    found = fit_score(taken, len(taken), StandIn("nothing was inspected", passed_weight))
    assert found is not None
    return found, values, float(seized.mean())


@pytest.mark.parametrize("passed_weight", [1.0, 5.0])
def test_without_inspections_the_level_is_the_share_that_is_seized_and_ties_order(passed_weight: float) -> None:
    found, values, share = by_seizures(passed_weight)
    told = found.curve(POOLED).read(found.log_odds(values))
    assert told.mean() == pytest.approx(share, rel=0.25)
    assert found.learned.base == pytest.approx(share, rel=0.25)
    tied = values[:, _TIE] > 0
    assert told[tied].mean() == pytest.approx(0.12, abs=0.04)
    assert np.quantile(told[tied], 0.1) > np.quantile(told[~tied], 0.9)


def test_without_inspections_bands_rank_and_promise_nothing() -> None:
    found, values, share = by_seizures(5.0)
    told = found.curve(POOLED).read(found.log_odds(values))
    bands = np.array([found.band_of(one) for one in told])
    assert {"none", "low"} < set(bands)
    assert all(band.promise is None and not band.proof for band in found.bands)
    assert [band.floor for band in found.bands] == sorted((band.floor for band in found.bands), reverse=True)
    times = [band.floor / found.learned.base for band in found.bands]
    assert times == pytest.approx([25.0, 10.0, 2.0])
    assert found.learned.base == pytest.approx(share, rel=0.25)


def test_without_inspections_the_score_says_that_it_is_not_calibrated_and_why() -> None:
    found, _, _ = by_seizures(1.0)
    assert not found.calibrated
    assert found.notes[0].startswith("nothing was inspected: seizures stand in")
    assert found.told_of("low") is None
    assert read_model(found.to_json()) == found


def test_of_violations_alone_nothing_is_learned() -> None:
    values, violation = drawn(9_000)
    assert fit_score(rows(values[violation], violation[violation], ["seizure"] * int(violation.sum())), 300) is None


def test_chosen_shipments_alone_do_not_calibrate() -> None:
    taken = pl.concat([examined(seed).filter(pl.col("selection") != "random") for seed in (1, 2)])
    found = fit_score(taken, len(taken))
    assert found is not None
    assert not found.calibrated


def test_too_few_outcomes_teach_nothing() -> None:
    assert fit_score(examined().head(200), 200) is None
    assert fit_score(examined().filter(~pl.col("violation")), 800) is None


def test_bands_keep_what_they_promise_on_other_shipments(model: ScoreModel) -> None:
    values, violation = drawn(40_000, seed=5)
    told = model.curve("full_entry").read(model.log_odds(values))
    floors = {band.name: band for band in model.bands}
    assert floors["high"].floor >= floors["review"].floor >= floors["low"].floor
    for name, promise in (("high", 0.5), ("review", 0.2)):
        band = floors[name]
        assert band.high is not None
        assert band.promise == promise
        assert min(band.floor, band.high) >= promise
        inside = told >= band.floor
        assert violation[inside].mean() >= promise * 0.9


def test_the_interval_holds_the_probability_and_is_wider_where_little_is_known(model: ScoreModel) -> None:
    curve = model.curve("full_entry")
    many, few = model.log_odds(np.zeros((1, len(NAMES))))[0], float(curve.at[-2])
    for odds in (many, few):
        low, high = curve.interval(odds)
        assert low <= curve.read(np.array([odds]))[0] <= high
    assert np.subtract(*curve.interval(few)[::-1]) > np.subtract(*curve.interval(many)[::-1])


def test_a_model_is_read_as_it_was_written(model: ScoreModel) -> None:
    again = read_model(model.to_json())
    assert again == model
    assert again is not None
    assert again.id == model.id


def test_a_model_of_other_claims_is_not_read(model: ScoreModel) -> None:
    assert read_model(model.to_json().replace('"shared_phone"', '"shared_fax"')) is None
    assert read_model(model.to_json().replace('"version": ', '"version": 9')) is None
