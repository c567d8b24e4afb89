"""Codes in groups: where they begin, numbered, and how many users each has. By sorting, which numpy does with vector
instructions where its own ``unique`` keeps a table that no cache holds."""

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.resolve.arrays import Int32, Int64


def firsts(rising: Int64) -> Int64:
    """Where each run of equal values begins."""
    begins = np.ones(len(rising), bool)
    np.not_equal(rising[1:], rising[:-1], out=begins[1:])
    return np.flatnonzero(begins)


def numbered(values: Int64) -> tuple[Int32, int]:
    """(number, how many): equal values have one number, from 0 in rising order."""
    return _numbered(values, np.argsort(values))


@nb.njit(cache=True, nogil=True)
def users_of_groups(group: Int32, groups: int, order: Int64, user: Int64, start: Int64, value: Int32) -> Int32:
    """How many users each group of values has. ``order`` goes through all parties, those of one ``user`` in a row;
    ``start`` and ``value`` say which values a party has, ``group`` of which group each is (negative: of none)."""
    users, last = np.zeros(groups, np.int32), np.full(groups, -1, np.int64)
    for party in order:
        for at in range(start[party], start[party + 1]):
            one = group[value[at]]
            if one >= 0 and last[one] != user[party]:
                last[one] = user[party]
                users[one] += 1
    return users


@nb.njit(cache=True, nogil=True)
def users_of_words(
    word: Int32, words: int, start: Int64, value: Int32, word_start: Int64, asked: NDArray[np.bool_]
) -> Int32:
    """How many parties have each word in a value that is ``asked`` about; ``word`` numbers the words of all values."""
    users, last = np.zeros(words, np.int32), np.full(words, -1, np.int64)
    for party in range(start.size - 1):
        for at in range(start[party], start[party + 1]):
            if asked[value[at]]:
                for place in range(word_start[value[at]], word_start[value[at] + 1]):
                    one = word[place]
                    if last[one] != party:
                        last[one] = party
                        users[one] += 1
    return users


@nb.njit(cache=True, nogil=True)
def _numbered(values: Int64, order: Int64) -> tuple[Int32, int]:
    number = np.empty(values.size, np.int32)
    count = 0
    for at in range(order.size):
        if at > 0 and values[order[at]] != values[order[at - 1]]:
            count += 1
        number[order[at]] = count
    return number, count + 1 if values.size else 0
