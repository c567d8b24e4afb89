"""Which shipments officers examine, and what they find."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from graphinv.worlds.draws import Bools, Floats, Ints, chance, weighted
from graphinv.worlds.plan import WorldPlan

#: A seizure is written at most this many days after the filing; a disguise starts later than that.
SEIZED_WITHIN = 6.0


class Selection(IntEnum):
    """Why a shipment was examined; ``PASSED`` was not."""

    PASSED = 0
    RANDOM = 1
    TARGETED = 2
    REFERRAL = 3


class Result(IntEnum):
    """What an examination found."""

    NOT_EXAMINED = 0
    COMPLIANT = 1
    VIOLATION = 2
    SEIZED = 3


@dataclass(frozen=True)
class Outcomes:
    """By shipment: truly in violation, why examined, what was found."""

    violation: Bools
    selection: Ints
    result: Ints

    @property
    def seized(self) -> Bools:
        return np.asarray(self.result == Result.SEIZED, dtype=np.bool_)


def examine(rng: np.random.Generator, plan: WorldPlan, violation: Bools, suspicion: Floats) -> Outcomes:
    """Select and examine; ``suspicion`` scales how often officers target a shipment that is in order."""
    n = len(violation)
    selection = np.zeros(n, np.int64)
    targeted = np.where(violation, plan.inspected_targeted_violation, plan.inspected_targeted_other * suspicion)
    referral = np.where(violation, plan.inspected_referral_violation, plan.inspected_referral_other)
    selection[rng.random(n) < referral] = Selection.REFERRAL
    selection[rng.random(n) < targeted] = Selection.TARGETED
    selection[chance(rng, plan.inspected_random, n)] = Selection.RANDOM
    found = np.array([Result.COMPLIANT, Result.VIOLATION, Result.SEIZED])[weighted(rng, [0.06, 0.20, 0.74], n)]
    result = np.where(selection == Selection.PASSED, Result.NOT_EXAMINED, np.where(violation, found, Result.COMPLIANT))
    return Outcomes(violation, selection, result.astype(np.int64))
