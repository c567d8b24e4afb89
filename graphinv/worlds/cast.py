"""Who takes part in a world, in which role, from when to when."""

from dataclasses import dataclass

import numpy as np

from graphinv.worlds.draws import NONE, Bools, Floats, Ints
from graphinv.worlds.offences import Careers
from graphinv.worlds.plan import WORLD_DAYS, WorldPlan
from graphinv.worlds.roles import Role, closing_days, opening_days


@dataclass(frozen=True)
class Cast:
    """Every party but suppliers and foreign sellers, by row, in an order that says nothing."""

    hands: Ints
    role: Ints
    start: Floats
    end: Floats
    offender: Bools
    generation: Ints
    predecessor: Ints  # row here, or NONE
    seized_on: Floats  # offenders only; nan: never
    career: Ints  # row here of each row of the careers

    def __len__(self) -> int:
        return len(self.hands)


def draw_cast(rng: np.random.Generator, plan: WorldPlan, careers: Careers) -> Cast:
    """Offenders' businesses mixed among honest importers, firms and consumers."""
    offending = len(careers.hands)
    honest_importers = plan.importers - int((careers.role == Role.REGISTERED).sum())
    counts = (honest_importers, plan.businesses, plan.consumers)
    role = np.concatenate([careers.role, np.repeat([Role.REGISTERED, Role.BUSINESS, Role.CONSUMER], counts)])
    n = len(role)
    opened = opening_days(rng, n - offending)
    spread = rng.uniform(-600, WORLD_DAYS - 3, n - offending)  # consumers do not register
    start = np.where(role[offending:] == Role.CONSUMER, spread, opened)
    order = rng.permutation(n)
    place = np.empty(n, np.int64)
    place[order] = np.arange(n)
    before = np.concatenate([careers.predecessor, np.full(n - offending, NONE)])
    return Cast(
        hands=np.concatenate([careers.hands, plan.offenders + np.arange(n - offending)])[order],
        role=role[order].astype(np.int64),
        start=np.concatenate([careers.start, start])[order],
        end=np.concatenate([careers.end, closing_days(rng, start)])[order],
        offender=order < offending,
        generation=np.concatenate([careers.generation, np.zeros(n - offending, np.int64)])[order],
        predecessor=np.where(before == NONE, NONE, place[before])[order],
        seized_on=np.concatenate([careers.seized_on, np.full(n - offending, np.nan)])[order],
        career=place[:offending],
    )
