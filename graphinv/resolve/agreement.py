"""The level of every comparison for pairs of parties, compiled: the one place where two parties are compared.

Batch resolution, training, the online look-up and explanations all call ``agreements``, so one pair has one answer.
The levels are those of ``comparisons.COMPARISONS``, in its order; a test compares both with Splink's SQL.
"""

from typing import NamedTuple

import numba as nb
import numpy as np

from graphinv.resolve.ahead import ask_ahead
from graphinv.resolve.arrays import Int8, Int32, Int64, UInt8
from graphinv.resolve.comparisons import ALIKE_WORDS, CLOSE, COMPARISONS, ENOUGH_WORDS, SOME_WORDS, Attribute
from graphinv.resolve.likeness import is_close, within_one
from graphinv.resolve.parties import FOURTH, MARK, MOST_LETTERS, ORGANISATION, PART, PERSON, THIRD, WHOLE, Values
from graphinv.resolve.unowned import unowned
from graphinv.resolve.word_likeness import words_alike
from graphinv.threads import in_threads

#: The level of a comparison that could not be made: one side has nothing, or they share but a hub's value.
NO_LEVEL = -1

#: Pairs compared at a time, which bounds the memory that comparing takes.
AT_A_TIME = 50_000

_WIDTH = len(COMPARISONS)
#: Columns of the two comparisons of names.
PERSON_NAME, FIRM_NAME = 0, 1
_FIRST = np.array([[c.attribute for c in COMPARISONS].index(attribute) for attribute in Attribute], np.int64)
_NAME, _ADDRESS, _PHONE, _EMAIL, _OFFICER, _BIRTH_DATE = (
    int(Attribute.NAME), int(Attribute.ADDRESS), int(Attribute.PHONE), int(Attribute.EMAIL), int(Attribute.OFFICER),
    int(Attribute.BIRTH_DATE),
)  # fmt: skip
_UNSET = 127
#: How many places the starts of one party's values take.
_OF_ONE = 2
_SPACE = ord(" ")


class Agreements(NamedTuple):
    """What ``agreements`` finds, a row a pair, a column a comparison.

    ``levels``: index of the level, NO_LEVEL where there is none. ``users``: parties that use the shared value, or its
    part, where the level is corrected by rarity; else 0. ``left`` and ``right``: the values compared, -1 for none.
    """

    levels: Int8
    users: Int32
    left: Int32
    right: Int32


def agreements(
    left: tuple[Values, ...], right: tuple[Values, ...], one: Int32, other: Int32, hubs: Int64
) -> Agreements:
    """Compare pairs: party ``one[i]`` of ``left`` with party ``other[i]`` of ``right``; the two may be the same arrays.

    ``hubs`` (attributes, 2): with more users than this a value, or a part, joins nobody. The best level over all
    values of both parties counts; among equal levels the value with the fewest users, then the first comparison.
    """
    found = _nothing_found(len(one))
    for attribute in Attribute:
        if not len(left[attribute].value) or not len(right[attribute].value):
            continue  # a question gives a few attributes of the many: nothing is compared where one side has none
        _compare_all(int(attribute), left[attribute], right[attribute], one, other, hubs[attribute], *found)
    return found


def levels_of(parties: tuple[Values, ...], one: Int32, other: Int32, hubs: Int64) -> Int8:
    """The levels alone of many pairs of one crowd, compared side by side."""

    def found(start: int) -> Int8:
        some = slice(start, start + AT_A_TIME)
        return agreements(parties, parties, one[some], other[some], hubs).levels

    none = np.zeros((0, _WIDTH), np.int8)
    return np.concatenate([none, *in_threads(found, range(0, len(one), AT_A_TIME))])


def compare(
    left: tuple[Values, ...], right: tuple[Values, ...], one: Int32, other: Int32, hubs: Int64, attribute: Attribute
) -> Agreements:
    """``agreements`` of one attribute alone."""
    found = _nothing_found(len(one))
    _compare_all(int(attribute), left[attribute], right[attribute], one, other, hubs[attribute], *found)
    return found


def _nothing_found(pairs: int) -> Agreements:
    shape = (pairs, _WIDTH)
    return Agreements(
        np.full(shape, NO_LEVEL, np.int8),
        np.zeros(shape, np.int32),
        np.full(shape, -1, np.int32),
        np.full(shape, -1, np.int32),
    )


@nb.njit(cache=True, nogil=True)
def _compare_all(
    attribute: int,
    left: Values,
    right: Values,
    one: Int32,
    other: Int32,
    hubs: Int64,
    levels: Int8,
    users: Int32,
    best_left: Int32,
    best_right: Int32,
) -> None:
    left, right, first = unowned(left), unowned(right), _FIRST[attribute]
    if left.start.size == _OF_ONE:  # somebody asks for a few who lie far apart; of a crowd they lie near each other
        _fetch(right, other)
    for row in range(one.size):
        best, fewest, at, mine, theirs = _UNSET, 0, first, -1, -1
        for i in range(left.start[one[row]], left.start[one[row] + 1]):
            for j in range(right.start[other[row]], right.start[other[row] + 1]):
                a, b = left.value[i], right.value[j]
                comparison, level, shared = _compare(attribute, left, a, right, b, hubs)
                if level != NO_LEVEL and (level, shared, comparison) < (best, fewest, at):
                    best, fewest, at, mine, theirs = level, shared, comparison, a, b
        if best != _UNSET:
            levels[row, at], users[row, at] = best, fewest
            best_left[row, at], best_right[row, at] = mine, theirs


@nb.njit(cache=True, nogil=True)
def _fetch(values: Values, parties: Int32) -> None:
    """Have the first value of each party fetched, all at once: one after the other each would be waited for."""
    start, value, codes, users = values.start, values.value, values.codes, values.users
    for party in parties:
        ask_ahead(start, party)
    for party in parties:
        ask_ahead(value, start[party])
    told = parties[start[parties] < start[parties + 1]]
    for party in told:
        one = value[start[party]]
        ask_ahead(codes, one * codes.shape[1])
        ask_ahead(users, one * users.shape[1])
        ask_ahead(values.text_start, one)
        ask_ahead(values.word_start, one)
    for party in told:
        one = value[start[party]]
        ask_ahead(values.text, values.text_start[one])
        ask_ahead(values.words, values.word_start[one])


@nb.njit(cache=True, nogil=True, forceinline=True)
def _compare(attribute: int, left: Values, a: int, right: Values, b: int, hubs: Int64) -> tuple[int, int, int]:
    """(comparison, level, users of what is shared) of two values."""
    first = _FIRST[attribute]
    if attribute == _NAME:
        return _compare_names(left, a, right, b, hubs)
    if attribute == _ADDRESS:
        level, shared = _compare_addresses(left, a, right, b, hubs)
        return first, level, shared
    if left.codes[a, WHOLE] == right.codes[b, WHOLE]:
        shared = _users(left, a, right, b, WHOLE)
        return first, NO_LEVEL if shared > hubs[WHOLE] else 0, shared
    if attribute in (_PHONE, _BIRTH_DATE):
        return first, 1 if within_one(_text(left, a), _text(right, b)) else 2, 0
    if attribute == _EMAIL:
        level, shared = _compare_mailboxes(left, a, right, b, hubs)
        return first, level, shared
    if attribute == _OFFICER:
        return first, 1 if is_close(_text(left, a), _text(right, b), CLOSE) else 2, 0
    return first, 1, 0


@nb.njit(cache=True, nogil=True, forceinline=True)
def _compare_names(left: Values, a: int, right: Values, b: int, hubs: Int64) -> tuple[int, int, int]:
    mine, theirs = left.codes[a, MARK], right.codes[b, MARK]
    firms = ORGANISATION in (mine, theirs) and PERSON not in (mine, theirs)
    comparison = FIRM_NAME if firms else PERSON_NAME
    if left.codes[a, WHOLE] == right.codes[b, WHOLE]:
        shared = _users(left, a, right, b, WHOLE)
        return comparison, NO_LEVEL if shared > hubs[WHOLE] else 0, shared
    if left.codes[a, PART] == right.codes[b, PART]:
        return comparison, 1, 0
    common, rare = _common_words(left, a, right, b)
    fewest = min(_size(left.word_start, a), _size(right.word_start, b))
    contained = common >= 2 and common == fewest
    if firms:
        if contained:
            return comparison, 2, 0
        if words_alike(_text(left, a), _text(right, b), False):
            return comparison, 3, 0
        return comparison, 4 if rare > 0 else 5, 0
    if _has_form(left, a, right, b) or _has_form(right, b, left, a):
        return comparison, 2, 0
    if contained:
        return comparison, 3, 0
    if words_alike(_text(left, a), _text(right, b), True):
        return comparison, 4, 0
    return comparison, 5 if within_one(_text(left, a), _text(right, b)) else 6, 0


@nb.njit(cache=True, nogil=True, forceinline=True)
def _compare_addresses(left: Values, a: int, right: Values, b: int, hubs: Int64) -> tuple[int, int]:
    mine, theirs = left.codes[a], right.codes[b]
    building = mine[PART] != 0 and mine[PART] == theirs[PART]
    housed = _users(left, a, right, b, PART) if building else 0
    if building and mine[WHOLE] == theirs[WHOLE]:
        shared = _users(left, a, right, b, WHOLE)
        if shared <= hubs[WHOLE]:
            return 0, shared
        return NO_LEVEL, 0
    near = (mine[FOURTH] != 0 and mine[FOURTH] == theirs[FOURTH]) or (mine[THIRD] != 0 and mine[THIRD] == theirs[THIRD])
    if building:
        if housed > hubs[PART]:  # a mailbox shop's street number: its tenants have the city in common, no more
            return 5 if near else 7, 0
        return 1 if mine[MARK] != theirs[MARK] else 4, housed
    streets = mine[PART] != 0 and theirs[PART] != 0
    if streets and near and _one_street(_text(left, a), _text(right, b)):
        return 2, 0
    common, _ = _common_words(left, a, right, b)
    together = _size(left.word_start, a) + _size(right.word_start, b) - common
    if common >= ENOUGH_WORDS and common >= ALIKE_WORDS * together:
        return 3, 0
    if near:
        return 5, 0
    return 6 if common >= 2 and common >= SOME_WORDS * together else 7, 0


@nb.njit(cache=True, nogil=True, forceinline=True)
def _one_street(left: UInt8, right: UInt8) -> bool:
    """The same house number, and a street misspelt: neighbours live in one street, too."""
    at = 0
    while at < min(left.size, right.size) and left[at] == right[at] and left[at] != _SPACE:
        at += 1
    numbered = at < min(left.size, right.size) and left[at] == _SPACE and right[at] == _SPACE
    return numbered and is_close(left, right, CLOSE)


@nb.njit(cache=True, nogil=True, forceinline=True)
def _compare_mailboxes(left: Values, a: int, right: Values, b: int, hubs: Int64) -> tuple[int, int]:
    mine, theirs = left.codes[a], right.codes[b]
    if mine[PART] != 0 and mine[PART] == theirs[PART]:
        shared = _users(left, a, right, b, PART)
        if shared <= hubs[PART]:
            return 1, shared
    same_local = mine[THIRD] != 0 and mine[THIRD] == theirs[THIRD]
    return 2 if same_local else 3, 0


@nb.njit(cache=True, nogil=True, forceinline=True)
def _users(left: Values, a: int, right: Values, b: int, column: int) -> int:
    """Parties with the shared value; the side that has it on record knows."""
    users: int = max(left.users[a, column], right.users[b, column])
    return users


@nb.njit(cache=True, nogil=True, forceinline=True)
def _common_words(left: Values, a: int, right: Values, b: int) -> tuple[int, int]:
    """How many words two values have in common, and how many of those are rare."""
    i, j = left.word_start[a], right.word_start[b]
    common, rare = 0, 0
    while i < left.word_start[a + 1] and j < right.word_start[b + 1]:
        if left.words[i] == right.words[j]:
            common += 1
            if right.rare.size and left.rare.size and (left.rare[i] and right.rare[j]):
                rare += 1
            i += 1
            j += 1
        elif left.words[i] < right.words[j]:
            i += 1
        else:
            j += 1
    return common, rare


@nb.njit(cache=True, nogil=True, forceinline=True)
def _has_form(left: Values, a: int, right: Values, b: int) -> bool:
    """True when one of the left name's forms with initials is the right name."""
    for at in range(left.form_start[a], left.form_start[a + 1]):  # noqa: SIM110 - compiled code knows no generators
        if left.forms[at] == right.codes[b, WHOLE]:
            return True
    return False


@nb.njit(cache=True, nogil=True, forceinline=True)
def _text(values: Values, at: int) -> UInt8:
    """What likeness looks at of a value: so many bytes, since in some scripts a letter is several."""
    return values.text[values.text_start[at] : min(values.text_start[at + 1], values.text_start[at] + MOST_LETTERS)]


@nb.njit(cache=True, nogil=True, forceinline=True)
def _size(start: Int64, at: int) -> int:
    size: int = start[at + 1] - start[at]
    return size
