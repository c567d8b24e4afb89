"""Texts as 64-bit codes and as bytes, which is what compiled comparison reads.

Equal texts have equal codes, in every process and on every machine, so a value that is seen for the first time needs
no dictionary: the records of today, an index of last week and a question of this second agree.
"""

import numba as nb
import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from graphinv.resolve.arrays import Int64, UInt8

#: What a missing value is coded as.
NOTHING = 0

_OFFSET = np.uint64(14695981039346656037)
_PRIME = np.uint64(1099511628211)


def codes_of(values: pl.Series, salt: str = "") -> NDArray[np.int64]:
    """A code a value; ``NOTHING`` for null. ``salt`` keeps kinds of values apart. FNV-1a, finished as in SplitMix64."""
    text, start = bytes_of(values)
    codes = _hash_all(text, start, np.frombuffer(salt.encode(), np.uint8).copy())
    codes[values.is_null().to_numpy()] = NOTHING
    return codes


def code_of(text: str) -> int:
    """The code of one text."""
    return int(_hash_text(text.encode()))


def bytes_of(values: pl.Series) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """(bytes, start): the UTF-8 of every value, one after the other; null is empty."""
    array = values.cast(pl.String).to_arrow().cast(pa.large_string())
    offsets = np.frombuffer(array.buffers()[1], np.int64)[array.offset : array.offset + len(array) + 1]
    data = array.buffers()[2]
    text = np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]].copy()
    return text, offsets - offsets[0]


def looked_up(codes: NDArray[np.int64], counts: NDArray[np.int32], wanted: NDArray[np.int64]) -> NDArray[np.int32]:
    """The counts of wanted codes, 0 where there is none; ``codes`` in rising order."""
    if not len(codes):
        return np.zeros(len(wanted), np.int32)
    at = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
    return np.where((codes[at] == wanted) & (wanted != NOTHING), counts[at], 0).astype(np.int32)


def starts_of(lengths: NDArray[np.integer]) -> NDArray[np.int64]:
    """Where each row of a flat array starts, and where the last one ends."""
    start = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=start[1:])
    return start


@nb.njit(cache=True, nogil=True)
def _finished(state: np.uint64) -> np.int64:
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.int64((state ^ (state >> np.uint64(31))) | np.uint64(1))


@nb.njit(cache=True, nogil=True)
def mixed(one: int, other: int) -> np.int64:
    """A code for two codes together."""
    return _finished(np.uint64(one) * _PRIME ^ np.uint64(other))


@nb.njit(cache=True, nogil=True)
def mixed_codes(some: Int64, others: Int64) -> NDArray[np.int64]:
    """``mixed`` row by row."""
    out = np.empty(some.size, np.int64)
    for row in range(out.size):
        out[row] = mixed(some[row], others[row])
    return out


@nb.njit(cache=True, nogil=True)
def hash_between(text: UInt8 | bytes, begin: int, end: int) -> np.int64:
    """``code_of`` of a part of a text."""
    state = _OFFSET
    for at in range(begin, end):
        state = (state ^ np.uint64(text[at])) * _PRIME
    return _finished(state)


@nb.njit(cache=True, nogil=True)
def _hash_text(text: bytes) -> np.int64:
    return hash_between(text, 0, len(text))


@nb.njit(cache=True, nogil=True)
def _hash_all(text: UInt8, start: Int64, salt: UInt8) -> NDArray[np.int64]:
    seed = _OFFSET
    for byte in salt:
        seed = (seed ^ np.uint64(byte)) * _PRIME
    out = np.empty(start.size - 1, np.int64)
    for row in range(out.size):
        state = seed
        for at in range(start[row], start[row + 1]):
            state = (state ^ np.uint64(text[at])) * _PRIME
        out[row] = _finished(state)
    return out
