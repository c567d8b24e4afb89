"""How many parties use the values of some and have any, where others are counted elsewhere: everybody counts once."""

from collections.abc import Callable, Sequence

import numpy as np

from graphinv.resolve.arrays import Int32, Int64
from graphinv.resolve.coding import NOTHING, looked_up, mixed_codes, starts_of
from graphinv.resolve.parties import PART, WHOLE, Parties, Values

#: Parties that are counted elsewhere: their values by attribute, and where some parties are among them, -1 for nowhere.
Elsewhere = tuple[Sequence[Values], Int32]


def besides(parties: Parties, elsewhere: Sequence[Elsewhere]) -> Parties:
    """The parties, each value without those users who are counted elsewhere for it."""
    met = [(held, np.flatnonzero(at >= 0), at) for held, at in elsewhere if (at >= 0).any()]

    def counted(attribute: int, values: Values, column: int) -> Int32:
        everyone = np.arange(len(parties), dtype=np.int32)
        told, codes = _told(values, everyone, everyone, column)
        again = np.zeros(len(told), np.bool_)
        for held, known, at in met:
            again |= np.isin(told, _told(held[attribute], at[known], everyone[known], column)[0])
        return -_times(codes[again], values.codes[:, column])

    return _with(parties, counted) if met else parties


def without(parties: Parties, held: Sequence[Values], gone: Int32) -> Parties:
    """The parties, each value without the users among some who are counted elsewhere and say something else by now."""

    def counted(attribute: int, values: Values, column: int) -> Int32:
        return -_times(_told(held[attribute], gone, gone, column)[1], values.codes[:, column])

    return _with(parties, counted) if len(gone) else parties


def together(parties: Parties, others: Parties) -> Parties:
    """The parties, each value with its users among others, too."""

    def counted(attribute: int, values: Values, column: int) -> Int32:
        held = others.attributes[attribute]
        codes, first = np.unique(held.codes[:, column], return_index=True)
        return looked_up(codes, held.users[first, column], values.codes[:, column])

    return _with(parties, counted)


def filled(parties: Parties, elsewhere: Sequence[Elsewhere]) -> Int64:
    """How many parties have a value of each attribute, without those who are counted elsewhere for having one."""

    def count(attribute: int, values: Values) -> int:
        having = np.diff(values.start) > 0
        for held, at in elsewhere:
            known, start = np.flatnonzero(at >= 0), held[attribute].start
            having[known] &= start[at[known] + 1] == start[at[known]]
        return int(np.count_nonzero(having))

    return np.array([count(at, values) for at, values in enumerate(parties.attributes)], np.int64)


def _with(parties: Parties, counted: Callable[[int, Values, int], Int32]) -> Parties:
    """The parties with users added to each value: by attribute and column of codes."""

    def changed(attribute: int, values: Values) -> Values:
        if not len(values.codes):
            return values
        more = np.stack([counted(attribute, values, column) for column in (WHOLE, PART)], axis=1)
        return values._replace(users=values.users + more.astype(np.int32))

    return Parties(parties.uids, tuple(changed(at, values) for at, values in enumerate(parties.attributes)))


def _told(values: Values, parties: Int32, names: Int32, column: int) -> tuple[Int64, Int64]:
    """(a code a party and value that it told, the code of the value), each once; ``names`` tell the parties apart."""
    first = values.start[parties]
    size = values.start[parties + 1] - first
    rows = np.repeat(first - starts_of(size)[:-1], size) + np.arange(size.sum())
    codes = values.codes[values.value[rows], column]
    who = np.repeat(names, size).astype(np.int64)[codes != NOTHING]
    codes = codes[codes != NOTHING]
    told, once = np.unique(mixed_codes(who, codes), return_index=True)
    return told, codes[once]


def _times(codes: Int64, wanted: Int64) -> Int32:
    """How often each wanted code is among others."""
    told, times = np.unique(codes, return_counts=True)
    return looked_up(told, times.astype(np.int32), wanted)
