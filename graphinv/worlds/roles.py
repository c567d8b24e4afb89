"""The roles that parties play, and when businesses open and close."""

from enum import IntEnum

import numpy as np

from graphinv.worlds.draws import Floats, chance
from graphinv.worlds.plan import WORLD_DAYS


class Role(IntEnum):
    """How a party appears in the feeds."""

    REGISTERED = 0  # an importer with a number of its own
    BUSINESS = 1  # a firm that imports without a number
    CONSUMER = 2
    BORROWED = 3  # uses an honest importer's number


def opening_days(rng: np.random.Generator, n: int) -> Floats:
    """When businesses register: nearly half before the world's start, the rest more and more often."""
    before = -rng.uniform(1, 2900, n)
    within = WORLD_DAYS * np.maximum(rng.random(n), rng.random(n) * chance(rng, 0.7, n))
    return np.where(chance(rng, 0.42, n), before, np.minimum(within, WORLD_DAYS - 3.0))


def closing_days(rng: np.random.Generator, start: Floats) -> Floats:
    """When businesses stop of themselves; most go on past the world's end."""
    opening = np.maximum(start, 0.0)
    early = opening + np.maximum(rng.random(len(start)), 0.1) * (WORLD_DAYS - opening)
    return np.where(chance(rng, 0.2, len(start)), early, float(WORLD_DAYS))
