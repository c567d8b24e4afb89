"""Texts one letter away from a given one: a letter changed, added, left out, or two neighbours swapped.

Every text is filed under itself and under what is left of it without any one of its letters; two that are one letter
apart have one of those in common (the deletion neighbourhood: Mor and Fraenkel, A hash code method for detecting and
correcting spelling errors, Comm. ACM 25(12), 1982). What is found is compared, so a hash
that two share costs time only.
"""

from typing import NamedTuple

import numba as nb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.resolve.arrays import Int32, Int64, UInt8
from graphinv.resolve.coding import bytes_of
from graphinv.resolve.likeness import within_one

_OFFSET, _PRIME = np.uint32(2166136261), np.uint32(16777619)


class Spellings(NamedTuple):
    """Texts by number (``text`` by ``start``, UTF-8), and the hashes (rising) under which each of them is filed."""

    text: UInt8
    start: Int64
    hashed: NDArray[np.uint32]
    item: Int32


def spellings(texts: pl.Series) -> Spellings:
    """File the texts; each is known by its position."""
    text, start = bytes_of(texts)
    hashed, item = _filed(text, start)
    order = np.argsort(hashed, kind="stable")
    return Spellings(text, start, hashed[order], item[order])


def near(known: Spellings, text: str) -> list[int]:
    """Numbers of the texts that are the given one or one letter away from it, in rising order."""
    found = _near(known, np.frombuffer(bytearray(text.encode()), np.uint8))
    return sorted(set(found.tolist()))


def text_at(known: Spellings, item: int) -> str:
    """A text by its number."""
    return bytes(known.text[known.start[item] : known.start[item + 1]]).decode()


@nb.njit(cache=True, nogil=True)
def _filed(text: UInt8, start: Int64) -> tuple[NDArray[np.uint32], Int32]:
    total = start[-1] - start[0] + start.size - 1
    hashed, item = np.empty(total, np.uint32), np.empty(total, np.int32)
    row = 0
    for at in range(start.size - 1):
        letters = text[start[at] : start[at + 1]]
        for without in range(-1, letters.size):
            hashed[row], item[row] = _hash(letters, without), at
            row += 1
    return hashed, item


@nb.njit(cache=True, nogil=True)
def _hash(letters: UInt8, without: int) -> np.uint32:
    """FNV-1a of the letters but one."""
    state = _OFFSET
    for at in range(letters.size):
        if at != without:
            state = np.uint32((state ^ np.uint32(letters[at])) * _PRIME)
    return state


@nb.njit(cache=True, nogil=True)
def _near(known: Spellings, text: UInt8) -> Int32:
    found = np.empty(16, np.int32)
    count = 0
    for without in range(-1, text.size):
        wanted = _hash(text, without)
        at = np.searchsorted(known.hashed, wanted)
        while at < known.hashed.size and known.hashed[at] == wanted:
            item = known.item[at]
            at += 1
            other = known.text[known.start[item] : known.start[item + 1]]
            if within_one(text, other) or _swapped(text, other):
                if count == found.size:
                    found = np.concatenate((found, np.empty_like(found)))
                found[count] = item
                count += 1
    return found[:count]


@nb.njit(cache=True, nogil=True)
def _swapped(left: UInt8, right: UInt8) -> bool:
    """True when two neighbouring letters changed places and everything else is the same."""
    if left.size != right.size:
        return False
    at = 0
    while at < left.size and left[at] == right[at]:
        at += 1
    if at + 1 >= left.size or left[at] != right[at + 1] or left[at + 1] != right[at]:
        return False
    return bool(np.all(left[at + 2 :] == right[at + 2 :]))
