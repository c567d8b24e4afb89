"""Whom one question may mean although they share no block with it: names misspelt, names that many bear, thin records.

A batch cannot afford these, one question can. Names: the words of all names on record are few, so each word of the
question is compared with all of them, and the names that hold enough words like it are read whole. Places: parties
without a name, and for a question without a name any parties. Of too many, those that tell least about themselves come
first: they have the least that speaks against them.
"""

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.resolve.arrays import Int32, Int64, UInt8
from graphinv.resolve.blocking import codes_of_parties
from graphinv.resolve.coding import mixed_codes, starts_of
from graphinv.resolve.comparisons import LONG_WORD, Attribute
from graphinv.resolve.likeness import within_one
from graphinv.resolve.parties import FOURTH, MOST_LETTERS, PART, THIRD, Parties, Values
from graphinv.resolve.word_likeness import edits_from, letters_of, ones, places_of, words_alike

#: Most parties of one name, and of one place.
MOST_OF_NAME, MOST_OF_PLACE = 40, 30
#: Most parties that one name of the question brings.
_MOST_NAMED = 200
_SPACE = ord(" ")
#: What a word in common counts for; the very word counts one more.
_ONE_WORD = 16
#: Tells the keys of places apart: parties without a name there, and all parties there.
_NAMELESS, _ANYBODY = 201, 202
_PLACES = (PART, THIRD, FOURTH)
#: Columns of names that have been met, the rows that there is room for at first, and how many there are for each name:
#: nearly all names that are looked for there have not been met, which a free row tells at once.
_NAME, _LIKENESS, _LAST, _COLUMNS = 0, 1, 2, 3
_FEWEST_PLACES, _SPARSE = 2048, 4
#: The golden ratio of 2^32.
_SPREAD = 2654435769
#: Words whose letters are compared together.
_AT_A_TIME = 64


class Nearby(NamedTuple):
    """Arrays only, so that compiled code takes it as it is; everything after the name of what it starts is CSR.

    ``letters`` by ``letter_start``: the words of all names, the shorter before the longer. ``first_of_length``: where
    those of each length begin. ``mask``: a word's letters (``letters_of``). ``name`` by ``name_start``: the names with
    a word, as rows of the attribute's values, those of the fewest words first; ``words``: how many each name has.
    ``named`` by ``named_start``: the parties of a name. ``placed`` by ``placed_start``: the parties of each of
    ``places`` (keys in rising order).
    """

    letters: UInt8
    letter_start: Int64
    first_of_length: Int64
    mask: NDArray[np.uint64]
    name: Int32
    name_start: Int64
    words: Int32
    named: Int32
    named_start: Int64
    places: Int64
    placed: Int32
    placed_start: Int64


def nearby(parties: Parties) -> Nearby:
    """The index of parties on record."""
    names = parties.attributes[Attribute.NAME]
    order = _thinnest_first(parties)
    row, begin, end, code = _spelled(names.text, names.text_start)
    _, first, word = np.unique(code, return_index=True, return_inverse=True)
    by_length = np.argsort(end[first] - begin[first], kind="stable")
    word, first = np.argsort(by_length)[word], first[by_length]
    lengths = end[first] - begin[first]
    letters = names.text[np.repeat(begin[first] - starts_of(lengths)[:-1], lengths) + np.arange(lengths.sum())]
    has = np.unique(word.astype(np.int64) << 32 | row)
    of_word, name = has >> 32, (has & 0xFFFFFFFF).astype(np.int32)
    words = np.bincount(name, minlength=len(names.codes)).astype(np.int32)
    named, named_start = _of_names(names, order)
    places, placed, placed_start = _of_places(parties, order)
    return Nearby(
        letters=letters,
        letter_start=starts_of(lengths),
        first_of_length=np.searchsorted(lengths, np.arange(MOST_LETTERS + 2)),
        mask=_masks(letters, starts_of(lengths)),
        name=name[np.lexsort((words[name], of_word))],
        name_start=starts_of(np.bincount(of_word, minlength=len(first))),
        words=words,
        named=named,
        named_start=named_start,
        places=places,
        placed=placed,
        placed_start=placed_start,
    )


def ask_nearby(near: Nearby, names: Values, asked: Parties) -> Int32:
    """Parties that the one party of ``asked`` may be; ``names`` are the names of those on record."""
    told = asked.attributes[Attribute.NAME]
    found = [_of_name(near, names, told, value) for value in told.value.tolist()]
    keys = _place_keys(asked, _ANYBODY if not len(told.value) else _NAMELESS)[1]
    at = np.searchsorted(near.places, keys)
    for place, key in zip(at.tolist(), keys.tolist(), strict=True):
        if place < len(near.places) and near.places[place] == key:
            found.append(near.placed[near.placed_start[place] : near.placed_start[place + 1]])
    return np.concatenate(found) if found else np.zeros(0, np.int32)


def _of_name(near: Nearby, names: Values, told: Values, value: int) -> Int32:
    text = told.text[told.text_start[value] : told.text_start[value + 1]][:MOST_LETTERS]
    return _bearers(text, near, names.text, names.text_start)


def _thinnest_first(parties: Parties) -> Int64:
    """The rank of every party: those first that tell least beside a name and a country."""
    telling = [one for one in Attribute if one not in (Attribute.NAME, Attribute.COUNTRY)]
    tells = np.zeros(len(parties), np.int64)
    for attribute in telling:
        tells += np.diff(parties.attributes[attribute].start) > 0
    return np.argsort(np.argsort(tells, kind="stable"))


def _of_names(names: Values, order: Int64) -> tuple[Int32, Int64]:
    party = np.repeat(np.arange(len(names.start) - 1, dtype=np.int32), np.diff(names.start))
    value, kept, sizes = _first_of(names.value.astype(np.int64), party, order, MOST_OF_NAME)
    lengths = np.zeros(len(names.codes), np.int64)
    lengths[value] = sizes
    return kept, starts_of(lengths)


def _of_places(parties: Parties, order: Int64) -> tuple[Int64, Int32, Int64]:
    party, key = _place_keys(parties, _ANYBODY)
    nobody, unnamed = _place_keys(parties, _NAMELESS)
    nameless = np.diff(parties.attributes[Attribute.NAME].start)[nobody] == 0
    both = np.concatenate([key, unnamed[nameless]]), np.concatenate([party, nobody[nameless]])
    places, kept, sizes = _first_of(*both, order, MOST_OF_PLACE)
    return places, kept, starts_of(sizes)


def _place_keys(parties: Parties, tag: int) -> tuple[Int32, Int64]:
    """(party, key) of the buildings, cities and postal codes of every party."""
    places = parties.attributes[Attribute.ADDRESS]
    told = [codes_of_parties(places.start, places.value, places.codes[:, column]) for column in _PLACES]
    tags = [np.full(len(code), tag * 10 + column, np.int64) for column, (_, code) in zip(_PLACES, told, strict=True)]
    party, code = (np.concatenate(part) for part in zip(*told, strict=True))
    return party, mixed_codes(code, np.concatenate(tags))


def _first_of(key: Int64, party: Int32, order: Int64, most: int) -> tuple[Int64, Int32, Int64]:
    """(keys in rising order, at most so many parties of each, how many)."""
    rows = np.lexsort((order[party], key))
    key, party = key[rows], party[rows]
    once = np.ones(len(key), bool)
    once[1:] = (key[1:] != key[:-1]) | (party[1:] != party[:-1])
    key, party = key[once], party[once]
    found, begin, sizes = np.unique(key, return_index=True, return_counts=True)
    kept = np.arange(len(key)) - np.repeat(begin, sizes) < most
    return found, party[kept], np.minimum(sizes, most)


@nb.njit(cache=True, nogil=True)
def _spelled(text: UInt8, start: Int64) -> tuple[Int32, Int64, Int64, Int64]:
    """(row, begin, end, code) of every word of every text."""
    rows, begins, ends, codes = [np.int32(0)][:0], [0][:0], [0][:0], [np.int64(0)][:0]
    for row in range(start.size - 1):
        stop = min(start[row + 1], start[row] + MOST_LETTERS)
        at = start[row]
        while at < stop:
            begin, code = at, np.uint64(14695981039346656037)
            while at < stop and text[at] != _SPACE:
                code = (code ^ np.uint64(text[at])) * np.uint64(1099511628211)
                at += 1
            if at > begin:
                rows.append(np.int32(row))
                begins.append(begin)
                ends.append(at)
                codes.append(np.int64(code))
            at += 1
    return np.array(rows), np.array(begins), np.array(ends), np.array(codes)


@nb.njit(cache=True, nogil=True)
def _masks(letters: UInt8, start: Int64) -> NDArray[np.uint64]:
    masks = np.zeros(start.size - 1, np.uint64)
    for word in range(masks.size):
        masks[word] = letters_of(letters[start[word] : start[word + 1]])
    return masks


@nb.njit(cache=True, nogil=True)
def _bearers(asked: UInt8, near: Nearby, text: UInt8, start: Int64) -> Int32:
    """Parties with a name like the asked one, the likest names first."""
    rows, likeness = _alike(asked, near, text, start)
    found = np.empty(_MOST_NAMED, np.int32)
    size = 0
    for at in np.argsort(-likeness, kind="mergesort"):
        for party in near.named[near.named_start[rows[at]] : near.named_start[rows[at] + 1]]:
            if size < found.size:
                found[size] = party
                size += 1
    return found[:size]


@nb.njit(cache=True, nogil=True)
def _alike(asked: UInt8, near: Nearby, text: UInt8, start: Int64) -> tuple[Int64, Int64]:
    """(rows, likeness) of the names that resemble the asked one, or lack a few of its words."""
    begins, ends = _words(asked)
    initials, words = asked[begins[ends - begins == 1]], near.words
    met = _names_with(asked, begins, ends, near)
    rows, likeness = np.empty(len(met), np.int64), np.empty(len(met), np.int64)
    kept = 0
    for at in range(len(met)):
        if met[at, _NAME] == 0:
            continue
        row, alike = np.int64(met[at, _NAME] - 1), np.int64(met[at, _LIKENESS])
        enough = _ONE_WORD * min(begins.size, words[row])
        if alike + initials.size * (_ONE_WORD + 1) < enough:
            continue
        name = text[start[row] : min(start[row + 1], start[row] + MOST_LETTERS)]
        for initial in initials:  # looked for only in names that have something else in common
            alike += _likeness_of_initial(initial, name)
        if alike < enough:
            continue
        if words_alike(asked, name, True) or words_alike(asked, name, False) or within_one(asked, name):
            rows[kept], likeness[kept] = row, alike
            kept += 1
    order = np.argsort(rows[:kept])
    return rows[order], likeness[order]


@nb.njit(cache=True, nogil=True)
def _words(text: UInt8) -> tuple[Int64, Int64]:
    """(begin, end) of every word."""
    begins, ends = np.empty(text.size, np.int64), np.empty(text.size, np.int64)
    begin, size = 0, 0
    while begin < text.size:
        end = begin
        while end < text.size and text[end] != _SPACE:
            end += 1
        begins[size], ends[size] = begin, end
        begin, size = end + 1, size + 1
    return begins[:size], ends[:size]


@nb.njit(cache=True, nogil=True)
def _likeness_of_initial(initial: np.uint8, name: UInt8) -> int:
    """What an initial of the question counts for a name: 16 where a word begins so, 1 more for the very initial."""
    begins, ends = _words(name)
    likeness = 0
    for word in range(begins.size):
        if name[begins[word]] == initial:
            likeness = max(likeness, _ONE_WORD + int(ends[word] - begins[word] == 1))
    return likeness


@nb.njit(cache=True, nogil=True)
def _names_with(asked: UInt8, begins: Int64, ends: Int64, near: Nearby) -> Int32:
    """The names that have a word like a whole one of the question, as ``_count`` files them.

    The words that the fewest have come first: a name that has none of those needs to have fewer words itself, and of
    the common words' many names nearly all have more.
    """
    whole = np.flatnonzero(ends - begins > 1)
    like = [_like_words(asked[begins[word] : ends[word]], near) for word in whole]
    names = np.array([_many_names(others, near) for others, _ in like], np.int64)
    order = np.argsort(names, kind="mergesort")
    met = np.zeros((_FEWEST_PLACES, _COLUMNS), np.int32)
    size = 0
    for nth in range(order.size):
        left = begins.size - nth
        most = left + left // _ONE_WORD if nth else MOST_LETTERS  # words of a name that can have enough in common yet
        others, very = like[order[nth]]
        for other in others:
            met, size = _count(near, other, nth + 1, other == very, most, met, size)
    return met


@nb.njit(cache=True, nogil=True)
def _many_names(words: list[np.int64], near: Nearby) -> int:
    names = 0
    for word in words:
        names += near.name_start[word + 1] - near.name_start[word]
    return names


@nb.njit(cache=True, nogil=True)
def _count(
    near: Nearby, word: np.int64, number: int, very: bool, most: int, met: Int32, size: int
) -> tuple[Int32, int]:
    """Count a word for all names that have it: 16 once for a word of the question (``number``), 1 more for the very
    word. Names with more than ``most`` words only where they have been ``met``; they are hashed into its rows: the name
    and 1, its likeness, the last word of the question that was counted."""
    names, words, new = near.name[near.name_start[word] : near.name_start[word + 1]], near.words, 0
    while new < names.size and words[names[new]] <= most:  # those of the fewest words come first
        new += 1
    while _SPARSE * (size + new) > len(met):
        met = _in_more_room(met)
    for nth in range(names.size):
        name = names[nth]
        at = _place(met, name)
        if met[at, _NAME] == 0:
            if nth >= new:
                continue
            met[at, _NAME] = name + 1
            size += 1
        if met[at, _LAST] != number:
            met[at, _LAST] = number
            met[at, _LIKENESS] += _ONE_WORD
        met[at, _LIKENESS] += int(very)
    return met, size


@nb.njit(cache=True, nogil=True)
def _place(met: Int32, name: int) -> int:
    """Where a name is, or the free row where it would be (Knuth, The Art of Computer Programming 3, section 6.4:
    multiplicative hashing, linear probing)."""
    last = np.int64(len(met) - 1)
    at = (np.int64(name) * _SPREAD >> 15) & last
    while met[at, _NAME] != 0 and met[at, _NAME] != name + 1:
        at = (at + 1) & last
    return int(at)


@nb.njit(cache=True, nogil=True)
def _in_more_room(met: Int32) -> Int32:
    """The same names in four times the rows."""
    more = np.zeros((4 * len(met), _COLUMNS), np.int32)
    for at in range(len(met)):
        if met[at, _NAME] != 0:
            more[_place(more, met[at, _NAME] - 1)] = met[at]
    return more


@nb.njit(cache=True, nogil=True)
def _like_words(word: UInt8, near: Nearby) -> tuple[list[np.int64], int]:
    """The words spelt alike, the initial among them, and which is the very word, -1 for none. Arrays are named once:
    compiled code counts every use of one that is part of something else."""
    others, very = [np.int64(0)][:0], -1
    mask, places = letters_of(word), places_of(word)
    masks, letters, starts, first_of_length = near.mask, near.letters, near.letter_start, near.first_of_length
    for initial in range(first_of_length[1], first_of_length[2]):
        if letters[starts[initial]] == word[0]:
            others.append(np.int64(initial))
    for length in range(max(word.size - 2, 2), min(word.size + 3, first_of_length.size - 1)):
        allowed = 2 if min(word.size, length) >= LONG_WORD else 1
        most = 2 * allowed - abs(length - word.size)  # letters that so many edits may bring in or take out
        if most < allowed:
            continue
        for other in _lettered(mask, np.uint64(most), masks, first_of_length[length], first_of_length[length + 1]):
            edited = edits_from(places, word.size, letters[starts[other] : starts[other + 1]])
            if edited <= allowed:
                others.append(other)
            if edited == 0:
                very = int(other)
    return others, very


@nb.njit(cache=True, nogil=True)
def _lettered(mask: np.uint64, most: np.uint64, masks: NDArray[np.uint64], first: int, end: int) -> list[np.int64]:
    """The words from ``first`` to ``end`` whose letters differ in so few. Hardly any do, and a processor looks at
    several at a time as long as it only counts them: one by one they are looked at where it counted some."""
    found = [np.int64(0)][:0]
    for begin in range(first, end, _AT_A_TIME):
        stop, like = min(begin + _AT_A_TIME, end), np.int64(0)
        for at in range(np.uint64(begin), np.uint64(stop)):  # unsigned: nothing is counted from the end
            like += ones(mask ^ masks[at]) <= most
        if like:
            for at in range(np.uint64(begin), np.uint64(stop)):
                if ones(mask ^ masks[at]) <= most:
                    found.append(np.int64(at))
    return found
