"""Match weights of compared pairs, compiled: a row a pair, a column a comparison."""

import numba as nb
import numpy as np

from graphinv.resolve.agreement import FIRM_NAME, PERSON_NAME
from graphinv.resolve.arrays import Float64, Int8, Int32, Int64
from graphinv.resolve.comparisons import COMPARISONS, Attribute

#: A shared value has at least two users, counted or not: a party that is asked about is not on record yet.
_FEWEST = 2
#: A country says where, and never who.
_BESIDE_NAMES = np.array(
    [comparison.attribute not in (Attribute.NAME, Attribute.COUNTRY) for comparison in COMPARISONS]
)
_NUMBER = [comparison.attribute for comparison in COMPARISONS].index(Attribute.NUMBER)
#: The levels of other names.
_OTHER_PERSON, _OTHER_FIRM = (len(COMPARISONS[at].levels) - 1 for at in (PERSON_NAME, FIRM_NAME))


@nb.njit(cache=True, nogil=True)
def weights_of(levels: Int8, users: Int32, weights: Float64, rarity: Float64, population: Int64) -> Float64:
    """The weight of every comparison. ``weights`` and ``rarity`` have a row a comparison and a column a level, the last
    for none; ``rarity`` is the usual frequency where a level is corrected by it, else 0; ``population`` says among how
    many parties the users of each comparison's values are counted."""
    bits = np.empty(levels.shape)
    for row in range(levels.shape[0]):
        for at in range(levels.shape[1]):
            level = levels[row, at]
            bits[row, at] = weights[at, level]
            if rarity[at, level] > 0.0:
                frequency = (max(users[row, at], _FEWEST) - 1) / (population[at] - 1)
                bits[row, at] += np.log2(rarity[at, level] / frequency)
    return bits


@nb.njit(cache=True, nogil=True)
def hold_names(bits: Float64, levels: Int8, unlikely: float) -> None:
    """Take from names in place what names alone may not decide: no pair weighs more than ``unlikely`` that has but a
    person's name in common, nor one with other names, unless it has one number."""
    for row in range(levels.shape[0]):
        most = -np.inf
        for at in range(levels.shape[1]):
            if _BESIDE_NAMES[at]:
                most = max(most, bits[row, at])
        if most <= 0.0:
            bits[row, PERSON_NAME] = min(bits[row, PERSON_NAME], unlikely)
        if levels[row, _NUMBER] == 0:
            continue
        for at, other in ((PERSON_NAME, _OTHER_PERSON), (FIRM_NAME, _OTHER_FIRM)):
            if levels[row, at] == other:
                beside = bits[row].sum() - bits[row, at]
                bits[row, at] = min(bits[row, at], unlikely - beside)
