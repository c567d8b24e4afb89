"""Did the bands keep what they state? The arrivals in each, and how many of them were in violation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Banded:
    """Arrivals in a band or above, as a band states its precision, and the share of them in violation; None without
    any."""

    name: str
    arrivals: int
    was: float | None


def banded(
    names: Sequence[str], band: Sequence[str], violation: NDArray[np.bool_], weight: NDArray[np.float64]
) -> tuple[Banded, ...]:
    """By band, the highest first; ``band`` is that of every arrival."""
    return tuple(_inside(name, np.isin(band, names[: at + 1]), violation, weight) for at, name in enumerate(names))


def _inside(name: str, inside: NDArray[np.bool_], violation: NDArray[np.bool_], weight: NDArray[np.float64]) -> Banded:
    many = int(inside.sum())
    return Banded(name, many, float(np.average(violation[inside], weights=weight[inside])) if many else None)
