"""Where the bands of a score begin, so that each keeps a stated precision on windows that the model had not seen."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from graphinv.links.curves import NORMAL_TAIL, TAIL, beta
from graphinv.links.score_model import Band

Floats = NDArray[np.float64]

#: Precision that a band promises for all in it and above, and the least score that it may begin with.
_PROMISES = (("high", 0.50, 0.40), ("review", 0.20, 0.10))
#: The band ``low`` begins at so many times the share of all.
_LOW_FROM = 2.0


def bands_of(found: Floats, violation: Floats, over: Floats, error: float, base: float) -> tuple[Band, ...]:
    """Bands by the scores that examined shipments would have; ``over`` is by how much their log-odds of a violation are
    higher than those of arrivals, ``error`` its standard error, ``base`` the share of violations among all arrivals."""
    bands = [_promised(name, promise, floor, found, violation, over, error) for name, promise, floor in _PROMISES]
    low = min(_LOW_FROM * base, bands[-1].floor)
    return (*bands, Band("low", low, *_precision(found >= low, found, violation, over, error)))


def _promised(
    name: str, promise: float, floor: float, found: Floats, violation: Floats, over: Floats, error: float
) -> Band:
    """The lowest floor from which on the promise holds, at its interval's lower end."""
    floors = np.unique(np.round(np.quantile(found, np.linspace(0.0, 1.0, 201)), 4))
    for one in floors[floors >= floor]:
        share, low, high, examined = _precision(found >= one, found, violation, over, error)
        if low is not None and low >= promise:
            return Band(name, float(one), share, low, high, examined)
    kept = max(promise, floor)
    return Band(name, kept, *_precision(found >= kept, found, violation, over, error))


def _precision(
    inside: NDArray[np.bool_], found: Floats, violation: Floats, over: Floats, error: float
) -> tuple[float | None, float | None, float | None, int]:
    """(share in violation at the level of arrivals, its interval, shipments examined) of those inside."""
    many = int(inside.sum())
    if not many:
        return None, None, None, 0
    share = (violation[inside].sum() + 0.5) / (many + 1.0)
    lower, upper = (
        float(logit(beta(np.array([share]), np.array([float(many)]), tail))[0] - logit(share))
        for tail in (TAIL, 1.0 - TAIL)
    )
    among = float(expit(logit(found[inside]) + over[inside]).mean())
    more = float(logit(among) - logit(found[inside].mean()))
    unsure, told = NORMAL_TAIL * error, float(logit(share)) - more
    ends = (told - np.hypot(lower, unsure), told, told + np.hypot(upper, unsure))
    low, middle, high = (float(expit(one)) for one in ends)
    return middle, low, high, many
