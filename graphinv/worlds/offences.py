"""Offenders' careers: a business ships until goods are seized, closes, and comes back under a disguise."""

from dataclasses import dataclass

import numpy as np

from graphinv.worlds.draws import NONE, Bools, Floats, Ints, chance, weighted
from graphinv.worlds.enforcement import SEIZED_WITHIN, Outcomes, examine
from graphinv.worlds.plan import WORLD_DAYS, WorldPlan
from graphinv.worlds.roles import Role, closing_days, opening_days


@dataclass(frozen=True)
class Careers:
    """Offenders' businesses by row, in order of generation, and their shipments.

    Days count from the world's start. ``predecessor`` is the row of the same hands' seized business before.
    """

    hands: Ints
    generation: Ints
    predecessor: Ints
    role: Ints
    start: Floats
    end: Floats
    seized_on: Floats  # nan: never
    business: Ints  # by shipment: row above
    filed: Floats  # by shipment: day
    outcomes: Outcomes


@dataclass(frozen=True)
class _Generation:
    end: Floats
    seized_on: Floats
    business: Ints
    filed: Floats
    outcomes: Outcomes


def _mean_daily(plan: WorldPlan) -> float:
    honest_mean = plan.registered_parcels * plan.shipments / plan.importers
    return plan.offender_volume * honest_mean / (0.55 * WORLD_DAYS)


def _ship(rng: np.random.Generator, plan: WorldPlan, start: Floats) -> _Generation:
    """Shipments of businesses that open on ``start``; those after the first seizure stop within weeks."""
    n = len(start)
    opening, end = np.maximum(start, 0.0), closing_days(rng, start)
    daily = _mean_daily(plan) * rng.lognormal(-0.3, 0.8, n)
    counts = np.maximum(rng.poisson(daily * (end - opening)), 1)
    business = np.repeat(np.arange(n), counts)
    filed = opening[business] + rng.random(len(business)) * (end - opening)[business]
    violation = chance(rng, plan.violation_offender, len(business))
    outcomes = examine(rng, plan, violation, np.ones(len(business)))
    seized_on = np.full(n, np.inf)
    np.minimum.at(seized_on, business[outcomes.seized], filed[outcomes.seized] + SEIZED_WITHIN)
    brazen = chance(rng, 0.12, n)
    last = seized_on + np.where(brazen, rng.uniform(60, 400, n), rng.uniform(0, 30, n))
    kept = filed <= last[business]
    outcomes = Outcomes(outcomes.violation[kept], outcomes.selection[kept], outcomes.result[kept])
    return _Generation(np.minimum(end, last), seized_on, business[kept], filed[kept], outcomes)


def _roles(rng: np.random.Generator, generation: int, n: int) -> Ints:
    shares = [0.80, 0.20, 0.0] if generation == 0 else [0.60, 0.25, 0.15]
    return np.array([Role.REGISTERED, Role.BUSINESS, Role.BORROWED])[weighted(rng, shares, n)].astype(np.int64)


def draw_careers(rng: np.random.Generator, plan: WorldPlan) -> Careers:
    """Every offender's businesses until one is never seized, the offender gives up, or the world ends."""
    hands, start = np.arange(plan.offenders), opening_days(rng, plan.offenders)
    predecessor = np.full(plan.offenders, NONE)
    parts: list[tuple[Ints, Ints, Ints, Ints, Floats, _Generation]] = []
    rows = 0
    for generation in range(plan.generations):
        life = _ship(rng, plan, start)
        role = _roles(rng, generation, len(hands))
        parts.append((hands, np.full(len(hands), generation), predecessor, role, start, life))
        reopening = life.seized_on + rng.uniform(2, 15, len(hands)) + rng.lognormal(3.0, 0.9, len(hands))
        back: Bools = (reopening < WORLD_DAYS - 20) & chance(rng, plan.return_share, len(hands))
        predecessor = rows + np.flatnonzero(back)
        rows += len(hands)
        hands, start = hands[back], reopening[back]
    return _assembled(parts)


def _assembled(parts: list[tuple[Ints, Ints, Ints, Ints, Floats, _Generation]]) -> Careers:
    offsets = np.cumsum([0] + [len(part[0]) for part in parts])
    lives = [part[5] for part in parts]
    seized = np.concatenate([life.seized_on for life in lives])
    return Careers(
        hands=np.concatenate([part[0] for part in parts]),
        generation=np.concatenate([part[1] for part in parts]),
        predecessor=np.concatenate([part[2] for part in parts]),
        role=np.concatenate([part[3] for part in parts]),
        start=np.concatenate([part[4] for part in parts]),
        end=np.concatenate([life.end for life in lives]),
        seized_on=np.where(np.isfinite(seized), seized, np.nan),
        business=np.concatenate([life.business + offset for life, offset in zip(lives, offsets, strict=False)]),
        filed=np.concatenate([life.filed for life in lives]),
        outcomes=Outcomes(
            np.concatenate([life.outcomes.violation for life in lives]),
            np.concatenate([life.outcomes.selection for life in lives]),
            np.concatenate([life.outcomes.result for life in lives]),
        ),
    )
