"""Rows put together by what they have in common: compiled, over codes of texts, in one pass.

Codes are those of ``resolve.coding``: equal texts have equal codes, wherever they stand.
"""

from typing import NamedTuple

import numba as nb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.resolve.arrays import Float64, Int32, Int64, UInt8
from graphinv.resolve.coding import NOTHING, bytes_of
from graphinv.schema import SOURCES_KEPT

Bools = NDArray[np.bool_]

#: Where a day or a moment is not known.
NO_DAY = np.int32(np.iinfo(np.int32).min)
NO_MOMENT = np.int64(np.iinfo(np.int64).min)
#: Above this the digits of texts are too many to be sorted one after the other.
_LONGEST = 64


class Groups(NamedTuple):
    """``of``: the group of every row, -1 for rows without a code. ``first``: the first row of every group, rising."""

    of: Int32
    first: Int64


class Tally(NamedTuple):
    """By group: how many ``records``, the earliest and the latest day (``NO_DAY`` where none is known), the earliest
    moment, the most that a source is trusted. ``source``: the rows of the smallest records, flat; ``start``: where
    those of a group begin."""

    records: Int64
    first: Int32
    last: Int32
    known: Int64
    confidence: Float64
    source: Int64
    start: Int64


@nb.njit(cache=True, nogil=True)
def groups_of(codes: Int64) -> Groups:
    """Number the groups of rows with equal codes in the order in which they come up; rows of ``NOTHING`` have none."""
    bits = 4
    while (1 << bits) < 2 * codes.size:
        bits += 1
    mask = np.int64((1 << bits) - 1)
    table = np.full(1 << bits, -1, np.int32)
    of = np.empty(codes.size, np.int32)
    first = np.empty(codes.size, np.int64)
    size = 0
    for row in range(codes.size):
        code = codes[row]
        if code == NOTHING:
            of[row] = -1
            continue
        at = (code >> np.int64(7)) & mask
        while table[at] >= 0 and codes[first[table[at]]] != code:
            at = (at + 1) & mask
        if table[at] < 0:
            table[at], first[size] = size, row
            size += 1
        of[row] = table[at]
    return Groups(of, first[:size].copy())


@nb.njit(cache=True, nogil=True)
def tally(group: Int32, size: int, order: Int64, rank: Int64, seen: Int32, known: Int64, confidence: Float64) -> Tally:
    """Add claims up by their ``group``. ``rank`` is the record's place among all; ``order`` is the order to take the
    rows in, those of one record together, since a record counts once however often it says the same."""
    count = np.zeros(size, np.int64)
    first, last = np.full(size, np.iinfo(np.int32).max, np.int32), np.full(size, NO_DAY)
    moment, trusted = np.full(size, np.iinfo(np.int64).max), np.zeros(size)
    newest = np.full(size, -1, np.int64)
    kept = np.empty((size, SOURCES_KEPT), np.int64)
    for at in range(order.size):
        row = order[at]
        g = group[row]
        if g < 0:
            continue
        if seen[row] != NO_DAY:
            first[g], last[g] = min(first[g], seen[row]), max(last[g], seen[row])
        if known[row] != NO_MOMENT:
            moment[g] = min(moment[g], known[row])
        trusted[g] = max(trusted[g], confidence[row])
        if newest[g] < 0 or rank[newest[g]] != rank[row]:
            _keep(kept[g], min(count[g], SOURCES_KEPT), row, rank)
            count[g] += 1
            newest[g] = row
    for g in range(size):
        if last[g] == NO_DAY:
            first[g] = NO_DAY
    source, start = _flat(kept, count)
    return Tally(count, first, last, moment, trusted, source, start)


@nb.njit(cache=True, nogil=True)
def _keep(kept: Int64, held: int, row: int, rank: Int64) -> None:
    """Put a row among the ``held`` ones of the smallest ranks, the largest of a full house leaving."""
    at = held
    if held == kept.size:
        if rank[kept[held - 1]] < rank[row]:
            return
        at = held - 1
    while at > 0 and rank[kept[at - 1]] > rank[row]:
        kept[at] = kept[at - 1]
        at -= 1
    kept[at] = row


@nb.njit(cache=True, nogil=True)
def _flat(kept: Int64, count: Int64) -> tuple[Int64, Int64]:
    start = np.zeros(count.size + 1, np.int64)
    for g in range(count.size):
        start[g + 1] = start[g] + min(count[g], kept.shape[1])
    flat = np.empty(start[-1], np.int64)
    for g in range(count.size):
        for at in range(start[g + 1] - start[g]):
            flat[start[g] + at] = kept[g, at]
    return flat, start


@nb.njit(cache=True, nogil=True)
def newest_rows(group: Int32, size: int, known: Int64, rank: Int64, there: Bools) -> Int64:
    """By group the row of the latest moment among those that are ``there``, of several the last by rank; or -1."""
    best = np.full(size, -1, np.int64)
    for row in range(group.size):
        g = group[row]
        if g < 0 or not there[row]:
            continue
        held = best[g]
        if held < 0 or known[row] > known[held] or (known[row] == known[held] and rank[row] > rank[held]):
            best[g] = row
    return best


def least_rows(group: Int32, size: int, texts: pl.Series) -> Int64:
    """By group the row of the smallest text, -1 where there is none."""
    text, start = bytes_of(texts)
    return _least_rows(group, size, text, start, texts.is_not_null().to_numpy())


def taken(values: pl.Series, rows: Int64) -> pl.Series:
    """The values of some rows, null for -1."""
    return values.gather(pl.Series(rows).set(pl.Series(rows < 0), None))


def ranks_of(texts: pl.Series) -> Int64:
    """The place of every text among all in the order of their bytes; equal texts share one."""
    text, start = bytes_of(texts)
    if len(texts) and int(np.diff(start).max()) > _LONGEST:
        return texts.rank("dense").cast(pl.Int64).to_numpy() - 1
    return _dense_ranks(_text_order(text, start), text, start)


@nb.njit(cache=True, nogil=True)
def come_together(ranks: Int64) -> bool:
    """Do rows of equal rank follow each other? Ranks begin at 0."""
    seen = np.zeros(ranks.max() + 1 if ranks.size else 0, np.bool_)
    for row in range(ranks.size):
        if row and ranks[row] == ranks[row - 1]:
            continue
        if seen[ranks[row]]:
            return False
        seen[ranks[row]] = True
    return True


@nb.njit(cache=True, nogil=True)
def _least_rows(group: Int32, size: int, text: UInt8, start: Int64, there: Bools) -> Int64:
    best = np.full(size, -1, np.int64)
    for row in range(group.size):
        g = group[row]
        if g < 0 or not there[row]:
            continue
        if best[g] < 0 or _compared(text, start, row, best[g]) < 0:
            best[g] = row
    return best


@nb.njit(cache=True, nogil=True)
def _compared(text: UInt8, start: Int64, one: int, other: int) -> np.int64:
    """Below, equal to or above 0 as one text stands to the other."""
    a, b = start[one], start[other]
    length = min(start[one + 1] - a, start[other + 1] - b)
    for at in range(length):
        if text[a + at] != text[b + at]:
            return np.int64(text[a + at]) - np.int64(text[b + at])
    return np.int64((start[one + 1] - a) - (start[other + 1] - b))


@nb.njit(cache=True, nogil=True)
def _text_order(text: UInt8, start: Int64) -> Int64:
    """Rows in the order of their bytes: by the last place first, places where all agree left out."""
    rows = start.size - 1
    order, taken = np.arange(rows), np.empty(rows, np.int64)
    begin = np.empty(258, np.int64)
    for place in range(np.diff(start).max() - 1 if rows else -1, -1, -1):
        begin[:] = 0
        for row in range(rows):
            begin[_digit(text, start, row, place) + 1] += 1
        if begin.max() == rows:
            continue
        for value in range(1, 258):
            begin[value] += begin[value - 1]
        for at in range(rows):
            digit = _digit(text, start, order[at], place)
            taken[begin[digit]] = order[at]
            begin[digit] += 1
        order, taken = taken, order
    return order


@nb.njit(cache=True, nogil=True)
def _digit(text: UInt8, start: Int64, row: int, place: int) -> np.int64:
    """The byte of a text at a place, and 1; 0 behind its end."""
    at = start[row] + place
    return np.int64(text[at]) + np.int64(1) if at < start[row + 1] else np.int64(0)


@nb.njit(cache=True, nogil=True)
def _dense_ranks(order: Int64, text: UInt8, start: Int64) -> Int64:
    rank = np.empty(order.size, np.int64)
    place = -1
    for at in range(order.size):
        if at == 0 or _compared(text, start, order[at], order[at - 1]) != 0:
            place += 1
        rank[order[at]] = place
    return rank
