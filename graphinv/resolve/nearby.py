"""Whom one question may mean although they share no block with it: names misspelt, names that many bear, thin records.

A batch cannot afford these, one question can. Names: the words of all names on record are few, so each word of the
question is compared with those that may be like it, and the names that hold enough of those are read whole. Places:
parties without a name, and for a question without a name any parties. Of too many, those that tell least about
themselves come first: they have the least that speaks against them.
"""

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.resolve.ahead import ask_ahead
from graphinv.resolve.arrays import Int32, Int64, UInt8
from graphinv.resolve.blocking import codes_of_parties
from graphinv.resolve.coding import mixed_codes, starts_of
from graphinv.resolve.comparisons import Attribute
from graphinv.resolve.likeness import within_one
from graphinv.resolve.near_words import Words, like_words, words_filed
from graphinv.resolve.parties import FOURTH, MOST_LETTERS, PART, THIRD, Parties, Values
from graphinv.resolve.word_likeness import words_alike

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
#: Places for names that have been met: how many there are at least, and for each name; as many bits for each place.
_FEWEST_PLACES, _SPARSE = 64, 4
#: Bits of a number.
_BITS = 64
#: The golden ratio of 2^32.
_SPREAD = 2654435769


class _Met(NamedTuple):
    """Names that have been met, a row each: ``name``, its ``likeness``, the ``last`` word of the question that counted.

    ``place``: the row of a name, and 1, where it is hashed to. ``seen``: a bit where one is hashed to, so that hardly
    any that has not been met is looked for. ``again``: room for those that are.
    """

    place: Int32
    seen: NDArray[np.uint64]
    again: Int32
    name: Int32
    likeness: Int32
    last: Int32


class Nearby(NamedTuple):
    """Arrays, and those of the words, so that compiled code takes it as it is; everything after the name of what it
    starts is CSR.

    ``vocabulary``: the words of all names. ``name`` by ``name_start``: the names with a word, as rows of the
    attribute's values, those of the fewest words first; ``words``: how many each name has.
    ``named`` by ``named_start``: the parties of a name. ``placed`` by ``placed_start``: the parties of each of
    ``places`` (keys in rising order).
    """

    vocabulary: Words
    name: Int32
    name_start: Int64
    words: Int32
    named: Int32
    named_start: Int64
    places: Int64
    placed: Int32
    placed_start: Int64


#: What of it is an array of its own.
ARRAYS = tuple(name for name in Nearby._fields if name != "vocabulary")


def nearby(parties: Parties) -> Nearby:
    """The index of parties on record."""
    names = parties.attributes[Attribute.NAME]
    order = _thinnest_first(parties)
    row, begin, end, code = _spelled(names.text, names.text_start)
    _, first, word = np.unique(code, return_index=True, return_inverse=True)
    in_order = np.argsort(_length_and_end(names.text, begin[first], end[first]), kind="stable")
    word, first = np.argsort(in_order)[word], first[in_order]
    lengths = end[first] - begin[first]
    letters = names.text[np.repeat(begin[first] - starts_of(lengths)[:-1], lengths) + np.arange(lengths.sum())]
    has = np.unique(word.astype(np.int64) << 32 | row)
    of_word, name = has >> 32, (has & 0xFFFFFFFF).astype(np.int32)
    words = np.bincount(name, minlength=len(names.codes)).astype(np.int32)
    named, named_start = _of_names(names, order)
    places, placed, placed_start = _of_places(parties, order)
    return Nearby(
        vocabulary=words_filed(letters, lengths),
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


def _length_and_end(text: UInt8, begin: Int64, end: Int64) -> Int64:
    """Keys by which the shorter words come before the longer, and those of a length that end alike in a row: a question
    looks through them together."""
    last = [text[np.maximum(end - back, begin)].astype(np.int64) for back in (1, 2)]
    return (end - begin) << 16 | last[0] << 8 | last[1]


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
    initials = asked[begins[ends - begins == 1]]
    names, met = _names_with(asked, begins, ends, near)
    names, met = _worth_reading(names, met, begins.size, initials.size, near.words)
    rows, likeness = np.empty(names.size, np.int64), np.empty(names.size, np.int64)
    for row in names:
        ask_ahead(start, row)
    for row in names:
        ask_ahead(text, start[row])
    kept = 0
    for at in range(names.size):
        row, alike = np.int64(names[at]), np.int64(met[at])
        name = text[start[row] : min(start[row + 1], start[row] + MOST_LETTERS)]
        for initial in initials:  # looked for only in names that have something else in common
            alike += _likeness_of_initial(initial, name)
        if alike < _enough(begins.size, near.words[row]):
            continue
        if words_alike(asked, name, True) or words_alike(asked, name, False) or within_one(asked, name):
            rows[kept], likeness[kept] = row, alike
            kept += 1
    order = np.argsort(rows[:kept])
    return rows[order], likeness[order]


@nb.njit(cache=True, nogil=True)
def _worth_reading(names: Int32, likeness: Int32, asked: int, initials: int, words: Int32) -> tuple[Int32, Int32]:
    """Those that may have enough in common with a name of so many words, and so many initials among them."""
    for name in names:
        ask_ahead(words, name)
    kept = 0
    for at in range(names.size):
        if likeness[at] + initials * (_ONE_WORD + 1) >= _enough(asked, words[names[at]]):
            names[kept], likeness[kept] = names[at], likeness[at]
            kept += 1
    return names[:kept], likeness[:kept]


@nb.njit(cache=True, nogil=True)
def _enough(asked: int, words: int) -> int:
    """What two names of so many words must have in common."""
    return int(_ONE_WORD * min(asked, words))


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
def _names_with(asked: UInt8, begins: Int64, ends: Int64, near: Nearby) -> tuple[Int32, Int32]:
    """(names, likeness) of all that have a word like a whole one of the question and may have enough in common with it.

    A word of the question counts 16 once, and 1 more where it is the very word. The words that the fewest have come
    first: a name that has none of those needs to have fewer words itself, and of the common words' many names nearly
    all have more.
    """
    whole = np.flatnonzero(ends - begins > 1)
    like = [like_words(asked[begins[word] : ends[word]], near.vocabulary) for word in whole]
    names = np.array([_many_names(others, near) for others, _ in like], np.int64)
    order = np.argsort(names, kind="mergesort")
    new = [
        _names_to_meet(like[one][0], begins.size - nth if nth else MOST_LETTERS, near) for nth, one in enumerate(order)
    ]
    met, size = _nobody_met(new, names.max() if names.size else 0), 0
    for nth, one in enumerate(order):
        others, very = like[one]
        for at in range(others.size):
            size = _count(near, others[at], nth + 1, others[at] == very, new[nth][at], met, size)
    return met.name[:size], met.likeness[:size]


@nb.njit(cache=True, nogil=True)
def _many_names(words: Int64, near: Nearby) -> int:
    names = 0
    for word in words:
        names += near.name_start[word + 1] - near.name_start[word]
    return names


@nb.njit(cache=True, nogil=True)
def _names_to_meet(words: Int64, left: int, near: Nearby) -> Int64:
    """How many of each word's names have so few words that ``left`` words of the question may be enough in common:
    those of the fewest words come first."""
    most = left + left // _ONE_WORD
    found = np.empty(words.size, np.int64)
    for at in range(words.size):
        begin, end = near.name_start[words[at]], near.name_start[words[at] + 1]
        few, many = begin, end
        while few < many and most < MOST_LETTERS:
            middle = (few + many) // 2
            if near.words[near.name[middle]] <= most:
                few = middle + 1
            else:
                many = middle
        found[at] = many - begin
    return found


@nb.njit(cache=True, nogil=True)
def _nobody_met(new: list[Int64], longest: int) -> _Met:
    """Room for so many ``new`` ones; a word has ``longest`` names at most."""
    names = 0
    for some in new:
        names += some.sum()
    places = _FEWEST_PLACES
    while places < _SPARSE * names:
        places *= 2
    return _Met(
        place=np.zeros(places, np.int32),
        seen=np.zeros(places * _SPARSE // _BITS, np.uint64),
        again=np.empty(longest, np.int32),
        name=np.empty(names, np.int32),
        likeness=np.zeros(names, np.int32),
        last=np.zeros(names, np.int32),
    )


@nb.njit(cache=True, nogil=True)
def _count(near: Nearby, word: np.int64, number: int, very: bool, new: np.int64, met: _Met, size: int) -> int:
    """Count a word, like one of the question (``number``), for all names that have it; of those that have not been met
    only for the first few (``new``). How many have been met then."""
    names = near.name[near.name_start[word] : near.name_start[word + 1]]
    place, name, likeness, last = met.place, met.name, met.likeness, met.last
    for some, are_new in ((names[:new], True), (_maybe_met(names[new:], met.seen, met.again), False)):
        for one in some:
            at = _place(place, name, one)
            if place[at] == 0:
                if not are_new:
                    continue
                name[size] = one
                size += 1
                place[at] = size
                bit = _hashed(one, met.seen.size * _BITS)
                met.seen[bit // _BITS] |= np.uint64(1) << np.uint64(bit % _BITS)
            row = place[at] - 1
            if last[row] != number:
                last[row] = number
                likeness[row] += _ONE_WORD
            likeness[row] += int(very)
    return size


@nb.njit(cache=True, nogil=True)
def _maybe_met(names: Int32, seen: NDArray[np.uint64], again: Int32) -> Int32:
    """Those that may have been met, in ``again``. Of the common words' many names nearly none have, and which have is
    not foreseen: each is written, and kept by counting it."""
    bits, size = seen.size * _BITS, np.int64(0)
    for name in names:
        bit = _hashed(name, bits)
        again[size] = name
        size += np.int64(seen[bit // _BITS] >> np.uint64(bit % _BITS) & np.uint64(1))
    return again[:size]


@nb.njit(cache=True, nogil=True)
def _place(place: Int32, met: Int32, name: np.int32) -> np.int64:
    """Where a name is, or the free place where it would be (Knuth, The Art of Computer Programming 3, section 6.4:
    linear probing)."""
    at = _hashed(name, place.size)
    while place[at] != 0 and met[place[at] - 1] != name:
        at = (at + 1) & (place.size - 1)
    return at


@nb.njit(cache=True, nogil=True)
def _hashed(name: np.int32, places: int) -> np.int64:
    """One of so many places, a power of two (Knuth, the same: multiplicative hashing)."""
    return np.int64(name) * _SPREAD >> 15 & (places - 1)
