"""Likeness of names word by word, compiled: every word of the shorter name has one that resembles it in the longer.

Word by word, since likeness of whole texts overlooks the one word that differs: "Cedar Supply" is not "Alder Supply",
however many letters they share. Short words and words with digits must be equal; longer ones may be misspelt.
"""

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.resolve.arrays import UInt8
from graphinv.resolve.comparisons import LONG_WORD, TYPING_WORD

_SPACE, _ZERO, _NINE = ord(" "), ord("0"), ord("9")
_UNLIKE, _INITIAL, _LIKE = 0, 1, 2


@nb.njit(cache=True, nogil=True)
def words_alike(left: UInt8, right: UInt8, initials: bool) -> bool:
    """True when the words of the name with fewer words all resemble one of the other; with as many, both ways.

    ``initials`` lets a single letter stand for a word that begins with it, though not for all of them. One word alone
    resembles but one word alone, and never with ``initials``: a family name says nothing.
    """
    ours, theirs = _count(left), _count(right)
    if min(ours, theirs) == 1 and (initials or ours != theirs):
        return False
    if ours < theirs:
        return _covered(left, right, initials)
    if theirs < ours:
        return _covered(right, left, initials)
    return _covered(left, right, initials) and _covered(right, left, initials)


@nb.njit(cache=True, nogil=True)
def _covered(short: UInt8, long: UInt8, initials: bool) -> bool:
    solid = False
    begin = 0
    while begin < short.size:
        end = _end(short, begin)
        best = _UNLIKE
        other = 0
        while other < long.size and best != _LIKE:
            stop = _end(long, other)
            best = max(best, _resemblance(short[begin:end], long[other:stop], initials))
            other = stop + 1
        if best == _UNLIKE:
            return False
        solid = solid or best == _LIKE
        begin = end + 1
    return solid


@nb.njit(cache=True, nogil=True)
def _resemblance(one: UInt8, other: UInt8, initials: bool) -> int:
    shorter = min(one.size, other.size)
    if shorter == 0:
        return _UNLIKE
    if _same(one, other):
        return _LIKE
    if shorter == 1:
        return _INITIAL if initials and one[0] == other[0] else _UNLIKE
    allowed = 2 if shorter >= LONG_WORD else 1
    if shorter < TYPING_WORD or abs(one.size - other.size) > allowed or _has_digit(one) or _has_digit(other):
        return _UNLIKE
    return _LIKE if edits(one, other, allowed) <= allowed else _UNLIKE


@nb.njit(cache=True, nogil=True)
def _same(one: UInt8, other: UInt8) -> bool:
    if one.size != other.size:
        return False
    for at in range(one.size):  # noqa: SIM110 - compiled code knows no generators
        if one[at] != other[at]:
            return False
    return True


@nb.njit(cache=True, nogil=True)
def edits(one: UInt8, other: UInt8, allowed: int) -> int:
    """Letters to change, add, leave out or swap with the next (optimal string alignment); where lengths or letters
    tell that they are more than ``allowed``, one more than that. Words of at most 63 letters."""
    apart = abs(one.size - other.size)
    if apart > allowed or ones(letters_of(one) ^ letters_of(other)) > 2 * allowed - apart:
        return allowed + 1  # a letter that is another one changes two bits, one more or less changes one
    return edits_from(places_of(one), one.size, other)


@nb.njit(cache=True, nogil=True)
def letters_of(word: UInt8) -> np.uint64:
    """The letters of a word, and those that it has more than once, as bits: a letter more or less changes one."""
    once, again = np.uint64(0), np.uint64(0)
    for byte in word:
        letter = np.uint64(1) << np.uint64(byte & 63)
        again |= once & letter
        once |= letter
    return once | again >> np.uint64(32) | again << np.uint64(32)  # letters take but half of the bits


@nb.njit(cache=True, nogil=True)
def ones(bits: np.uint64) -> int:
    """How many bits are set (Warren, Hacker's Delight, section 5-1), which compilers make one instruction of."""
    bits = bits - ((bits >> np.uint64(1)) & np.uint64(0x5555555555555555))
    bits = (bits & np.uint64(0x3333333333333333)) + ((bits >> np.uint64(2)) & np.uint64(0x3333333333333333))
    bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((bits * np.uint64(0x0101010101010101)) >> np.uint64(56))


@nb.njit(cache=True, nogil=True)
def places_of(word: UInt8) -> NDArray[np.uint64]:
    """For every byte the places where the word has it, as bits."""
    places = np.zeros(256, np.uint64)
    for at in range(word.size):
        places[word[at]] |= np.uint64(1) << np.uint64(at)
    return places


@nb.njit(cache=True, nogil=True)
def edits_from(places: NDArray[np.uint64], size: int, other: UInt8) -> int:
    """``edits`` of a word of that size, by its ``places_of``: a column of the table at once, as bits (Hyyrö, A
    bit-vector algorithm for computing Levenshtein and Damerau edit distances, Nordic J. of Computing 10, 2003)."""
    if size == 0:
        return int(other.size)
    one, last = np.uint64(1), np.uint64(1) << np.uint64(size - 1)
    up, down, diagonal, before = ~np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
    edits = size
    for at in range(other.size):
        same = places[other[at]]
        swapped = ((~diagonal & same) << one) & before
        diagonal = (((same & up) + up) ^ up) | same | down | swapped
        more, fewer = down | ~(diagonal | up), diagonal & up
        edits += int((more & last) != 0) - int((fewer & last) != 0)
        more = (more << one) | one
        up, down = (fewer << one) | ~(diagonal | more), more & diagonal
        before = same
    return edits


@nb.njit(cache=True, nogil=True)
def _count(text: UInt8) -> int:
    words = 1 if text.size else 0
    for byte in text:
        if byte == _SPACE:
            words += 1
    return words


@nb.njit(cache=True, nogil=True)
def _end(text: UInt8, begin: int) -> int:
    while begin < text.size and text[begin] != _SPACE:
        begin += 1
    return begin


@nb.njit(cache=True, nogil=True)
def _has_digit(word: UInt8) -> bool:
    for byte in word:  # noqa: SIM110  (compiled code has no generators)
        if _ZERO <= byte <= _NINE:
            return True
    return False
