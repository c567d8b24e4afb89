"""Examined shipments as arrays: what a score is learned from."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.links.outcomes import PASSED, RANDOM
from graphinv.links.score_claims import NAMES, NEVER_FILED
from graphinv.links.together import Stories, codes_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_NEWNESS = NAMES.index(NEVER_FILED)


@dataclass(frozen=True)
class Examined:
    """An entry a shipment. ``chosen`` has a column a way of selecting that is not at random; ``when`` is 0 for the
    newest of the outcomes and -1 for the oldest; shipments of one ``party`` or ``tie`` share its number."""

    values: Floats
    violation: Floats
    chosen: Floats
    weight: Floats
    unbiased: Bools
    window: NDArray[np.int64]
    when: Floats
    tier: NDArray[np.str_]
    party: NDArray[np.int64]
    tie: NDArray[np.int64]

    @property
    def newness(self) -> Floats:
        """1 for a party that never filed before, 0 for others."""
        return self.values[:, _NEWNESS]

    @property
    def stories(self) -> Stories:
        """Which of them belong together."""
        return Stories(self.party, self.tie)

    def those(self, kept: Bools) -> "Examined":
        """Some of them."""
        return replace(self, **{name: value[kept] for name, value in vars(self).items()})


def examined_of(rows: pl.DataFrame, passed_weight: float = 1.0) -> Examined:
    """From rows of ``links.training``; ``passed_weight``: how many shipments each one stands for that only passed.

    Where shipments that passed stand in, all that came are told, by whatever way: nothing is told by choice.
    """
    selection = rows["selection"]
    passed = (selection == PASSED).to_numpy()
    unbiased = np.ones(len(rows), np.bool_) if passed.any() else (selection == RANDOM).to_numpy()
    ways = [] if unbiased.all() or not unbiased.any() else sorted(set(selection.to_list()) - {RANDOM})
    window = np.unique(rows["window"].to_numpy(), return_inverse=True)[1]
    known = rows["known_at"].to_numpy()
    ago = (known - known.max()) / np.timedelta64(1, "s")
    chosen = [(selection == way).to_numpy() for way in ways]
    return Examined(
        values=rows.select(NAMES).to_numpy().astype(np.float64),
        violation=rows["violation"].to_numpy().astype(np.float64),
        chosen=np.array(chosen, np.float64).T.reshape(len(rows), len(chosen)),
        weight=np.where(passed, passed_weight, 1.0),
        unbiased=unbiased,
        window=window.astype(np.int64),
        when=ago / max(float(-ago.min()), 1.0),
        tier=np.array(rows["tier"].to_list(), np.str_),
        party=codes_of(rows["party"].to_list()),
        tie=codes_of(rows["tie"].to_list()),
    )
