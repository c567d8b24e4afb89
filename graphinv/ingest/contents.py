"""What a row says, as a stable 128-bit digest: the same content is found again across files, loads and versions."""

from hashlib import blake2b
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

_SEPARATOR = "\x1f"
_DIGEST_BYTES = 16

Digests = npt.NDArray[np.bytes_]


def content_digests(trimmed: pl.DataFrame) -> pl.Series:
    """Digest of every row as 32 hex digits. Null equals blank; trailing blanks do not count, so a feed may grow."""
    joined = trimmed.select(pl.concat_str(pl.all().fill_null(""), separator=_SEPARATOR)).to_series()
    array = joined.str.strip_chars_end(_SEPARATOR).to_arrow(compat_level=pl.CompatLevel.oldest())
    offsets = np.frombuffer(array.buffers()[1], dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    text = memoryview(array.buffers()[2] or b"")
    bounds = offsets.tolist()
    # One call a row: a keyless BLAKE2b is the same everywhere, which no vectorised hash promises (0.7 us a row).
    digests = [blake2b(text[start:end], digest_size=_DIGEST_BYTES).hexdigest() for start, end in pairwise(bounds)]
    return pl.Series("content", digests, dtype=pl.String)


class KnownContents:
    """Digests seen so far: 16 bytes each, in a few sorted runs, so that a look-up is a binary search."""

    def __init__(self) -> None:
        self._runs: list[Digests] = []

    def add_new(self, digests: pl.Series) -> npt.NDArray[np.bool_]:
        """Which of these were not seen before (the first of equal ones counts); from now on all are."""
        packed = _pack(digests)
        new = np.zeros(len(packed), dtype=bool)
        new[np.unique(packed, return_index=True)[1]] = True
        for run in self._runs:
            places = np.minimum(np.searchsorted(run, packed), len(run) - 1)
            new &= run[places] != packed
        fresh = np.sort(packed[new])
        if fresh.size:
            self._append(fresh)
        return new

    def _append(self, run: Digests) -> None:
        """Merge runs of like size, so that there are never more than a few (as in a log-structured merge)."""
        while self._runs and len(self._runs[-1]) < 2 * len(run):
            run = np.sort(np.concatenate((self._runs.pop(), run)), kind="stable")
        self._runs.append(run)


def _pack(digests: pl.Series) -> Digests:
    joined = bytes.fromhex("".join(digests.to_list()))
    return np.frombuffer(joined, dtype=f"S{_DIGEST_BYTES}")
