"""What examined shipments are worth as evidence where several tell one story.

A party's shipments end alike more often than chance has it, and so do those of parties tied to one seizure, or of one
seller. A share counted over them is less sure than their number says: by the design effect, 1 and the mean over
shipments of how far the others are correlated with it (Kish, Survey Sampling, 1965, section 8.2). The correlation is
that of what the score left unexplained, by moments over all pairs (Liang and Zeger, Biometrika 73, 1986). Intervals
take the number divided by that effect for the number examined (Korn and Graubard, Survey Methodology 24, 1998).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Until pairs tell, two that belong together are correlated by a half. That weighs as much as so many pairs of even
#: outcomes: pairs whose outcome is nearly certain tell little.
_USUAL, _WORTH = 0.5, 20.0
#: The variance of an even outcome.
_EVEN = 0.25


@dataclass(frozen=True)
class Stories:
    """Shipments by whose they are and by what ties them (any codes, a shipment that shares with none one of its own),
    and how far two of one party, and two tied alike by different parties, are correlated."""

    party: Ints
    tie: Ints
    of_party: float = 0.0
    of_tie: float = 0.0

    def worth(self, some: Bools) -> float:
        """How many independent shipments some of them are worth: at most their number."""
        many = float(some.sum())
        ones = np.ones(int(some.sum()))
        same, tied = _pairs(ones, self.party[some], self.tie[some])
        return many / (1.0 + 2.0 * (self.of_party * same + self.of_tie * tied) / many) if many else 0.0

    def learned(self, expected: Floats, violation: Floats) -> "Stories":
        """With the correlations that outcomes show beyond what was expected of each (a probability)."""
        shown = _pairs(violation - expected, self.party, self.tie)
        most = _pairs(np.sqrt(expected * (1.0 - expected)), self.party, self.tie)
        of_party, of_tie = (
            float(np.clip((one + _USUAL * _WORTH * _EVEN) / (all_ + _WORTH * _EVEN), 0.0, 1.0))
            for one, all_ in zip(shown, most, strict=True)
        )
        return Stories(self.party, self.tie, of_party, of_tie)

    def error_of_mean(self, values: Floats) -> float:
        """The standard error of a mean over all shipments, clustered both ways (Cameron, Gelbach and Miller, Journal of
        Business & Economic Statistics 29, 2011), and never below that of independent ones."""
        off = values - values.mean()
        alone = float(off @ off)
        same, tied = _pairs(off, self.party, self.tie)
        return float(np.sqrt(max(alone + 2.0 * (same + tied), alone))) / len(values)


def codes_of(names: Iterable[str | None]) -> Ints:
    """A number for every name, and one of its own for every nameless one."""
    told = [f"\0{at}" if name is None else name for at, name in enumerate(names)]
    return np.unique(np.array(told, np.str_), return_inverse=True)[1].astype(np.int64)


def _pairs(values: Floats, party: Ints, tie: Ints) -> tuple[float, float]:
    """Sums of products over the pairs of one party, and over those of different parties that are tied alike."""
    both = np.unique(np.column_stack([party, tie]), axis=0, return_inverse=True)[1].ravel()
    same, tied, twice = (_within(values, codes) for codes in (party, tie, both))
    return same, tied - twice


def _within(values: Floats, codes: Ints) -> float:
    sums = np.bincount(codes, values) if len(codes) else np.zeros(1)
    return float(sums @ sums - values @ values) / 2.0
