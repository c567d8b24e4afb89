"""Numbers kept by key in two arrays (open addressing, linear probing): what compiled code can read and write.

A key is at least 0, a number that is kept is not 0: 0 is what a key that is not there has. The number of cells is a
power of two, of which at most two thirds may be taken.
"""

import numpy as np

from graphinv.links.kernels import Int32, Int64
from graphinv.links.uncounted import Number, uncounted

#: What a cell without a key holds.
EMPTY = np.int64(-1)

#: An odd number near 2^64 divided by the golden ratio (D. Knuth, The Art of Computer Programming 3, 6.4).
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@uncounted
def cell_of(keys: Int64, key: Number) -> Number:
    """The cell that holds a key, or the empty one that may hold it."""
    mask = keys.size - 1
    at = first_cell(keys, key)
    while keys[at] != key and keys[at] != EMPTY:
        at = (at + 1) & mask
    return at


@uncounted
def first_cell(keys: Int64, key: Number) -> Number:
    """The cell that is looked at first for a key."""
    return np.int64((np.uint64(key) * _SPREAD) >> np.uint64(24)) & (keys.size - 1)


@uncounted
def moved_to(keys: Int64, values: Int32, new_keys: Int64, new_values: Int32) -> Number:
    """Move all that is kept to other arrays, which are empty; how many numbers that makes."""
    kept = 0
    for at in range(keys.size):
        if keys[at] != EMPTY and values[at] != 0:
            cell = cell_of(new_keys, keys[at])
            new_keys[cell] = keys[at]
            new_values[cell] = values[at]
            kept += 1
    return kept


def cells_for(count: int) -> int:
    """How many cells so many keys need."""
    return max(16, 1 << (count * 3 // 2).bit_length())
