"""The words of texts as codes, compiled: without a list of texts a row, which is slow to make, to sort and to group."""

from collections.abc import Collection, Mapping
from functools import cache

import numba as nb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.normalise.address_text import word_tables, word_texts
from graphinv.resolve.arrays import Int64, UInt8
from graphinv.resolve.coding import NOTHING, bytes_of, code_of, hash_between

_SPACE = ord(" ")


def word_codes(texts: pl.Series) -> tuple[Int64, Int64]:
    """(codes, start): the words between single spaces, those of a text in rising order and each once; null has none."""
    return _codes(*bytes_of(texts), texts.is_null().to_numpy(), *_table({}, ()))


def address_word_codes(captions: pl.Series) -> tuple[Int64, Int64]:
    """(codes, start): the same of ``address_words_column``."""
    texts = word_texts(captions)
    return _codes(*bytes_of(texts), texts.is_null().to_numpy(), *_address_table())


@cache
def _address_table() -> tuple[Int64, Int64]:
    return _table(*word_tables())


def _table(renamed: Mapping[str, str], dropped: Collection[str]) -> tuple[Int64, Int64]:
    """(words, what each stands for) by code, hashed: at the place that its last bits say, or the next free one. A word
    that is left out stands for nothing."""
    meant = dict.fromkeys(dropped, NOTHING)
    meant |= {word: NOTHING if other in dropped else code_of(other) for word, other in renamed.items()}
    size = 4 << len(meant).bit_length()
    table = np.full((2, size), NOTHING, np.int64)
    for word, other in meant.items():
        at = code_of(word) % size
        while table[0, at] != NOTHING:
            at = (at + 1) % size
        table[:, at] = code_of(word), other
    return table[0], table[1]


@nb.njit(cache=True, nogil=True)
def _codes(text: UInt8, start: Int64, missing: NDArray[np.bool_], known: Int64, meant: Int64) -> tuple[Int64, Int64]:
    """The codes of the words of every text, those of a text in rising order and each once. ``known`` words stand for
    what is ``meant``."""
    most = start.size - 1
    for byte in text:
        most += byte == _SPACE
    codes, code_start = np.empty(most, np.int64), np.zeros(start.size, np.int64)
    size = 0
    for row in range(start.size - 1):
        first, begin = size, start[row]
        while begin <= start[row + 1] and not missing[row]:
            end = begin
            while end < start[row + 1] and text[end] != _SPACE:
                end += 1
            code = _meaning(hash_between(text, begin, end), known, meant)
            if code != NOTHING:
                size = _put(codes, first, size, code)
            begin = end + 1
        code_start[row + 1] = size
    return codes[:size].copy(), code_start


@nb.njit(cache=True, nogil=True)
def _meaning(code: int | np.int64, known: Int64, meant: Int64) -> int:
    at = code & (known.size - 1)
    while known[at] != NOTHING:
        if known[at] == code:
            return int(meant[at])
        at = (at + 1) & (known.size - 1)
    return int(code)


@nb.njit(cache=True, nogil=True)
def _put(codes: Int64, first: int, size: int, code: int) -> int:
    """Put a code where it belongs among those of its row; the size afterwards."""
    at = size
    while at > first and codes[at - 1] > code:
        at -= 1
    if at > first and codes[at - 1] == code:
        return size
    for behind in range(size, at, -1):
        codes[behind] = codes[behind - 1]
    codes[at] = code
    return size + 1


@nb.njit(cache=True, nogil=True)
def each_once(rows: Int64) -> tuple[Int64, Int64]:
    """(codes, start): the codes of every row in rising order and each once, without ``NOTHING``."""
    codes, start = np.empty(rows.size, np.int64), np.zeros(rows.shape[0] + 1, np.int64)
    size = 0
    for row in range(rows.shape[0]):
        first = size
        for code in rows[row]:
            if code != NOTHING:
                size = _put(codes, first, size, code)
        start[row + 1] = size
    return codes[:size].copy(), start
