"""Likeness of spelling, compiled: Jaro-Winkler, and one letter of difference. Texts are bytes of at most 63 letters."""

import numba as nb
import numpy as np

from graphinv.resolve.arrays import UInt8

#: Jaro-Winkler's prefix: its weight, its length, and from which likeness on it counts (Winkler 1990).
_PREFIX_WEIGHT = 0.1
_PREFIX = 4
_BOOSTED = 0.7


@nb.njit(cache=True, nogil=True)
def jaro_winkler(left: UInt8, right: UInt8) -> float:
    """The Jaro-Winkler likeness of two texts, 0 to 1."""
    if left.size == 0 or right.size == 0:
        return 1.0 if left.size == right.size else 0.0
    prefix = 0
    while prefix < min(_PREFIX, left.size, right.size) and left[prefix] == right[prefix]:
        prefix += 1
    likeness = _jaro(left, right)
    return likeness + _PREFIX_WEIGHT * prefix * (1.0 - likeness) if likeness > _BOOSTED else likeness


@nb.njit(cache=True, nogil=True)
def is_close(left: UInt8, right: UInt8, least: float) -> bool:
    """True where the likeness reaches ``least`` (above the boost's threshold); most pairs are told by their lengths."""
    if left.size == 0 or right.size == 0:
        return left.size == right.size
    shorter, longer = min(left.size, right.size), max(left.size, right.size)
    best = (2.0 + shorter / longer) / 3.0
    prefix = 0
    while prefix < min(_PREFIX, shorter) and left[prefix] == right[prefix]:
        prefix += 1
    if best + _PREFIX_WEIGHT * prefix * (1.0 - best) < least:
        return False
    return jaro_winkler(left, right) >= least


@nb.njit(cache=True, nogil=True)
def within_one(left: UInt8, right: UInt8) -> bool:
    """True when at most one letter is changed, added or left out (Levenshtein distance of at most 1)."""
    if left.size > right.size:
        left, right = right, left
    if right.size - left.size > 1:
        return False
    same = 0
    while same < left.size and left[same] == right[same]:
        same += 1
    skip = 1 if left.size == right.size else 0
    for at in range(same + skip, left.size):  # noqa: SIM110 - compiled code knows no generators
        if left[at] != right[at + 1 - skip]:
            return False
    return True


@nb.njit(cache=True, nogil=True)
def _jaro(left: UInt8, right: UInt8) -> float:
    window = max(max(left.size, right.size) // 2 - 1, 0)
    one = np.uint64(1)
    used_left, used_right = np.uint64(0), np.uint64(0)
    common = 0
    for at in range(left.size):
        for other in range(max(at - window, 0), min(at + window + 1, right.size)):
            bit = one << np.uint64(other)
            if not used_right & bit and left[at] == right[other]:
                used_right |= bit
                used_left |= one << np.uint64(at)
                common += 1
                break
    if common == 0:
        return 0.0
    moved, other = 0, 0
    for at in range(left.size):
        if used_left & (one << np.uint64(at)):
            while not used_right & (one << np.uint64(other)):
                other += 1
            if left[at] != right[other]:
                moved += 1
            other += 1
    return (common / left.size + common / right.size + (common - moved // 2) / common) / 3.0
