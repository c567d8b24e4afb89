"""How well one number separates two groups."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata


def auc(values: Iterable[float], positive: npt.NDArray[np.bool_]) -> float:
    """Chance that a positive ranks above a negative."""
    ranks, n = rankdata(list(values)), int(positive.sum())
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * (len(positive) - n)))
