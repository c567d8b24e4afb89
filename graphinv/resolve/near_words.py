"""The words on record that are spelt like one word, found without going through all of them.

Where one edit tells two words apart, their first two letters are equal or their last two; where two do, and neither
end is equal, each end has one of the edits and all letters between them are equal. So words are filed by three pieces
each, and of hundreds of thousands a question looks at a few thousand (Navarro and Baeza-Yates, A hybrid indexing method
for approximate string matching, J. of Discrete Algorithms 1, 2000, partition patterns in the same way). Words that are
too short for that are few.
"""

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.resolve.ahead import ask_ahead
from graphinv.resolve.arrays import Int32, Int64, UInt8
from graphinv.resolve.coding import starts_of
from graphinv.resolve.comparisons import LONG_WORD
from graphinv.resolve.parties import MOST_LETTERS
from graphinv.resolve.word_likeness import edits_from, letters_of, ones, places_of

#: Letters of a piece at either end.
_END = 2
#: From so many letters on no single edit changes both ends of a word: two letters that are swapped are one edit.
_FILED = 2 * _END + 1
_FIRST, _LAST, _INNER = 1, 2, 3
_NOWHERE = np.int64(-1)
_FEWEST_DRAWERS = 16
#: What one edit may do to an end (nothing that changes its length, a letter less, a letter more, its innermost letter
#: swapped with the next): where the letters between the ends begin, and whether the swapped letter stands before them.
_INWARD = ((0, False), (1, False), (-1, False), (1, True))
#: Two for each of five lengths, and one for what can be done to both ends.
_MOST_DRAWERS = 2 * 5 + len(_INWARD) ** 2
_OFFSET, _PRIME = np.uint64(14695981039346656037), np.uint64(1099511628211)


class Words(NamedTuple):
    """Arrays only, so that compiled code takes it as it is.

    ``letters`` by ``letter_start``: the words, the shorter before the longer. ``first_of_length``: where those of each
    length begin. ``mask``: a word's letters (``letters_of``). ``filed`` by ``filed_start``: the words by their pieces.
    """

    letters: UInt8
    letter_start: Int64
    first_of_length: Int64
    mask: NDArray[np.uint64]
    filed: Int32
    filed_start: Int32


def words_filed(letters: UInt8, lengths: Int64) -> Words:
    """Words, the shorter before the longer, with their lengths: filed so that ``like_words`` finds them."""
    letter_start = starts_of(lengths)
    return Words(
        letters,
        letter_start,
        np.searchsorted(lengths, np.arange(MOST_LETTERS + 2)),
        _masks_of(letters, letter_start),
        *_filed_by_pieces(letters, letter_start),
    )


@nb.njit(cache=True, nogil=True)
def _masks_of(letters: UInt8, start: Int64) -> NDArray[np.uint64]:
    """The letters of every word (``letters_of``)."""
    masks = np.zeros(start.size - 1, np.uint64)
    for word in range(masks.size):
        masks[word] = letters_of(letters[start[word] : start[word + 1]])
    return masks


@nb.njit(cache=True, nogil=True)
def _filed_by_pieces(letters: UInt8, start: Int64) -> tuple[Int32, Int32]:
    """(words, where each drawer begins): every word of some length in the drawers of its first letters, of its last,
    and of those between them. A drawer holds whatever is hashed into it; there are a power of two of them."""
    drawers = _FEWEST_DRAWERS
    while drawers < start.size - 1:
        drawers *= 2
    begin = np.zeros(drawers + 1, np.int32)
    for word in range(start.size - 1):
        for drawer in _drawers_of(letters[start[word] : start[word + 1]], drawers):
            if drawer != _NOWHERE:
                begin[drawer + 1] += 1
    begin = np.cumsum(begin).astype(np.int32)
    filed, end = np.empty(begin[-1], np.int32), begin[:-1].copy()
    for word in range(start.size - 1):
        for drawer in _drawers_of(letters[start[word] : start[word + 1]], drawers):
            if drawer != _NOWHERE:
                filed[end[drawer]] = word
                end[drawer] += 1
    return filed, begin


@nb.njit(cache=True, nogil=True)
def _drawers_of(word: UInt8, drawers: int) -> tuple[np.int64, np.int64, np.int64]:
    size = word.size
    if size < _FILED:
        return _NOWHERE, _NOWHERE, _NOWHERE
    first = _drawer(_folded(_begun(_FIRST, size), word[:_END]), drawers)
    last = _drawer(_folded(_begun(_LAST, size), word[size - _END :]), drawers)
    if size < LONG_WORD:
        return first, last, _NOWHERE
    return first, last, _drawer(_folded(_begun(_INNER, size), word[_END : size - _END]), drawers)


@nb.njit(cache=True, nogil=True)
def _begun(piece: int, length: int) -> np.uint64:
    """The code of a piece of words of a length, before its letters (FNV-1a)."""
    return (_OFFSET ^ np.uint64(4 * length + piece)) * _PRIME


@nb.njit(cache=True, nogil=True)
def _folded(code: np.uint64, letters: UInt8) -> np.uint64:
    for letter in letters:
        code = (code ^ np.uint64(letter)) * _PRIME
    return code


@nb.njit(cache=True, nogil=True)
def _drawer(code: np.uint64, drawers: int) -> np.int64:
    return np.int64((code ^ code >> np.uint64(32)) & np.uint64(drawers - 1))


@nb.njit(cache=True, nogil=True)
def like_words(word: UInt8, words: Words) -> tuple[Int64, int]:
    """The words spelt like one of two letters or more, each once and in rising order, its initial among them; and
    which is the very word, -1 for none."""
    letters, starts, first_of_length = words.letters, words.letter_start, words.first_of_length
    places, near = places_of(word), _lettered(word, words)
    like, very = 0, -1
    for other in near:
        ask_ahead(starts, other)
    for other in near:
        ask_ahead(letters, starts[other])
    for other in near:  # what is kept is never ahead of what is read
        length = starts[other + 1] - starts[other]
        allowed = 2 if min(word.size, length) >= LONG_WORD else 1
        edited = edits_from(places, word.size, letters[starts[other] : starts[other + 1]])
        if edited <= allowed:
            near[like] = other
            like += 1
        if edited == 0:
            very = int(other)
    initials = np.arange(first_of_length[1], first_of_length[2])
    same = initials[letters[starts[initials]] == word[0]]
    return each_once(np.concatenate((near[:like], same))), very


@nb.njit(cache=True, nogil=True)
def each_once(some: NDArray[Any]) -> NDArray[Any]:
    """Numbers in rising order, each once, in the place of what was given."""
    some.sort()
    size = 0
    for one in some:
        if size == 0 or some[size - 1] != one:
            some[size] = one
            size += 1
    return some[:size]


@nb.njit(cache=True, nogil=True)
def _lettered(word: UInt8, words: Words) -> Int64:
    """All that may be spelt alike and whose letters differ in few enough, some of them more than once."""
    starts, first_of_length = words.filed_start, words.first_of_length
    drawers, mosts = _drawers_asked(word, starts.size - 1)
    short, long = _unfiled_lengths(word.size, first_of_length.size - 1)
    room = first_of_length[long] - first_of_length[short]
    for drawer in drawers:
        ask_ahead(words.filed, starts[drawer])
        room += starts[drawer + 1] - starts[drawer]
    found, size, mask, masks = np.empty(room, np.int64), 0, letters_of(word), words.mask
    for nth in range(drawers.size):
        filed = words.filed[starts[drawers[nth]] : starts[drawers[nth] + 1]]
        size = _add_lettered(mask, mosts[nth], masks, filed, found, size)
    for length in range(short, long):
        most = np.uint64(2 - abs(length - word.size))
        every = np.arange(first_of_length[length], first_of_length[length + 1])
        size = _add_lettered(mask, most, masks, every, found, size)
    return found[:size]


@nb.njit(cache=True, nogil=True)
def _unfiled_lengths(size: int, longest: int) -> tuple[int, int]:
    """From which length on, and below which, words are looked through that one edit may make of one of this size: all
    where either is too short for pieces."""
    below = size + 2 if size < _FILED else _FILED
    first = min(max(size - 1, 2), longest)
    return first, max(first, min(below, longest))


@nb.njit(cache=True, nogil=True)
def _drawers_asked(word: UInt8, drawers: int) -> tuple[Int64, NDArray[np.uint64]]:
    """(drawers, in how many letters a word there may differ): wherever there may be words spelt like this one."""
    found, most = np.empty(_MOST_DRAWERS, np.int64), np.empty(_MOST_DRAWERS, np.uint64)
    size = 0
    for length in range(max(word.size - 2, _FILED), word.size + 3):
        apart = abs(length - word.size)
        allowed = 2 if min(word.size, length) >= LONG_WORD else 1
        if word.size < _FILED or apart > allowed:
            continue
        found[size] = _drawer(_folded(_begun(_FIRST, length), word[:_END]), drawers)
        found[size + 1] = _drawer(_folded(_begun(_LAST, length), word[word.size - _END :]), drawers)
        most[size : size + 2] = 2 * allowed - apart  # letters that so many edits may bring in or take out
        size += 2
    for first in _INWARD:
        for last in _INWARD:
            code, length = _inner(word, first, last)
            if min(word.size, length) >= LONG_WORD:
                found[size], most[size] = _drawer(code, drawers), 4 - abs(length - word.size)
                size += 1
    return found[:size], most[:size]


@nb.njit(cache=True, nogil=True)
def _inner(word: UInt8, first: tuple[int, bool], last: tuple[int, bool]) -> tuple[np.uint64, int]:
    """(code, length) of the piece between the ends of the words that one edit at either end makes of this one."""
    begin, end = _END + first[0], word.size - _END - last[0]
    length = end - begin + int(first[1]) + int(last[1]) + 2 * _END
    code = _begun(_INNER, length)
    if first[1]:
        code = _folded(code, word[_END - 1 : _END])
    code = _folded(code, word[begin:end])
    if last[1]:
        code = _folded(code, word[word.size - _END :][:1])
    return code, int(length)


@nb.njit(cache=True, nogil=True)
def _add_lettered(
    mask: np.uint64, most: np.uint64, masks: NDArray[np.uint64], some: NDArray[Any], found: Int64, size: int
) -> int:
    """Put those whose letters differ in so few behind what was found. Hardly any are, and which are is not foreseen:
    each is written, and kept by counting it."""
    for word in some:
        ask_ahead(masks, word)
    for word in some:
        found[size] = word
        size += int(ones(mask ^ masks[word]) <= most)
    return size
