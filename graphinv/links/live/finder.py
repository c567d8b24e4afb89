"""Texts to numbers, many at a time: the nodes of uids, the parties of entities."""

from collections.abc import Iterable

import numba as nb
import numpy as np
import polars as pl

from graphinv.links.kernels import Int32, Int64, UInt64
from graphinv.resolve.ahead import ask_ahead

#: How many texts ahead memory is asked for.
_AHEAD = 16


class Finder:
    """Numbers of different texts: those it begins with lie in arrays, those added later in a dictionary.

    A text is known again by two hashes, 128 bits: that of n texts two agree in both has a chance of n^2 / 2^129.
    """

    def __init__(self, texts: pl.Series, numbers: Int32) -> None:
        hashes, others = _hashes(texts)
        order = np.argsort(hashes, kind="stable")
        self._hashes, self._others, self._numbers = hashes[order], others[order], numbers[order]
        bits = max(len(texts).bit_length(), 1)
        self._shift = np.uint64(64 - bits)
        sizes = np.bincount((self._hashes >> self._shift).astype(np.int64), minlength=1 << bits)
        self._first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self._added: dict[str, int] = {}

    def find(self, texts: pl.Series) -> Int32:
        """The number of each text, -1 for those that are not known."""
        found = self._begun_with(texts)
        missing = np.flatnonzero(found < 0)
        if len(self._added) and len(missing):
            added = self._added
            found[missing] = [added.get(text, -1) for text in texts.gather(missing).to_list()]
        return found

    def _begun_with(self, texts: pl.Series) -> Int32:
        if texts.is_empty():
            return np.empty(0, np.int32)
        return _found(self._first, self._shift, self._hashes, self._others, self._numbers, *_hashes(texts))

    def added(self, text: str) -> int | None:
        """The number of a text that was added, None for all others."""
        return self._added.get(text)

    def add(self, texts: Iterable[str], numbers: Int32) -> None:
        """Remember the numbers of texts that were not known."""
        self._added.update(zip(texts, numbers.tolist(), strict=True))

    def find_or_add(self, texts: pl.Series, first: int) -> tuple[Int32, int]:
        """The number of each text, and the next free one; those that are not known are numbered from ``first`` on."""
        found, before = self._begun_with(texts), len(self._added)
        missing = np.flatnonzero(found < 0)
        if len(missing):
            added = self._added
            left = texts.gather(missing).to_list()
            found[missing] = [added.setdefault(text, first + len(added) - before) for text in left]
        return found, first + len(self._added) - before


@nb.njit(cache=True, nogil=True)
def _found(
    first: Int64, shift: np.uint64, hashes: UInt64, others: UInt64, numbers: Int32, wanted: UInt64, also: UInt64
) -> Int32:
    """The numbers of two hashes each, -1 for those that are not there; ``first`` is where the hashes that begin with
    the same bits begin."""
    found = np.full(wanted.size, -1, np.int32)
    for i in range(wanted.size + 2 * _AHEAD):
        if i < wanted.size:
            ask_ahead(first, wanted[i] >> shift)
        if _AHEAD <= i < wanted.size + _AHEAD:
            at = first[wanted[i - _AHEAD] >> shift]
            ask_ahead(hashes, at)
            ask_ahead(others, at)
            ask_ahead(numbers, at)
        if i >= 2 * _AHEAD:
            asked = i - 2 * _AHEAD
            for at in range(first[wanted[asked] >> shift], first[(wanted[asked] >> shift) + np.uint64(1)]):
                if hashes[at] == wanted[asked] and others[at] == also[asked]:
                    found[asked] = numbers[at]
    return found


def _hashes(texts: pl.Series) -> tuple[UInt64, UInt64]:
    text = pl.col("text")
    told = texts.to_frame("text").select_seq(text.hash().alias("one"), text.hash(seed=1).alias("other"))
    return told["one"].to_numpy(), told["other"].to_numpy()
