"""Texts to numbers, many at a time: the nodes of uids, the parties of entities."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.links.kernels import Int32


class Finder:
    """Numbers of different texts: those it begins with lie in arrays, those added later in a dictionary.

    A text is known again by two hashes, 128 bits: that of n texts two agree in both has a chance of n^2 / 2^129.
    """

    def __init__(self, texts: pl.Series, numbers: Int32) -> None:
        hashes = texts.hash().to_numpy()
        order = np.argsort(hashes, kind="stable")
        self._hashes, self._others, self._numbers = hashes[order], _other_hash(texts)[order], numbers[order]
        twins = np.flatnonzero(self._hashes[1:] == self._hashes[:-1])
        twins = np.union1d(twins, twins + 1)
        self._added = dict(zip(texts.gather(order[twins]).to_list(), self._numbers[twins].tolist(), strict=True))

    def find(self, texts: pl.Series) -> Int32:
        """The number of each text, -1 for those that are not known."""
        found = np.full(len(texts), -1, np.int32)
        if len(self._hashes):
            at = np.minimum(np.searchsorted(self._hashes, texts.hash().to_numpy()), len(self._hashes) - 1)
            same = self._others[at] == _other_hash(texts)
            found[same] = self._numbers[at[same]]
        missing = np.flatnonzero(found < 0)
        if len(self._added) and len(missing):
            added = self._added
            found[missing] = [added.get(text, -1) for text in texts.gather(missing).to_list()]
        return found

    def added(self, text: str) -> int | None:
        """The number of a text that was added, None for all others."""
        return self._added.get(text)

    def add(self, texts: pl.Series, numbers: Int32) -> None:
        """Remember the numbers of texts that were not known."""
        self._added.update(zip(texts.to_list(), numbers.tolist(), strict=True))


def _other_hash(texts: pl.Series) -> NDArray[np.uint64]:
    return texts.hash(seed=1).to_numpy()
