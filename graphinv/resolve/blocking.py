"""Which pairs are worth comparing: parties that share a key, never all with all.

A key is a shared value (phone, mailbox, number, account, address), an equal name, or a rare word of a name or of an
address without a building. A block of a key that too many share is split by a second key (a mailbox shop's tenants by
the words of their names, the Wei Zhangs by their places); what is too big even then is left out and counted, but for
one name in one building: that many accounts are one owner's or nobody's, and meet in pieces which have one party in
common. So the work is bounded by the number of keys, and a look-up asks for the same blocks as a batch.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.resolve.arrays import Int32, Int64, UInt8
from graphinv.resolve.coding import NOTHING, mixed, starts_of
from graphinv.resolve.comparisons import Attribute
from graphinv.resolve.grouping import numbered, users_of_words
from graphinv.resolve.parties import FOURTH, PART, WHOLE, Parties, Values, rare_limit
from graphinv.threads import in_threads

#: Most parties of a block: each key brings at most this many candidates.
MOST_IN_BLOCK = 50
#: So many keys are gathered side by side, in eight parts by their first three bits.
_MANY_KEYS = 500_000
_UP_TO_THREE_BITS = 61
#: Tells what a key was made of; part of the key, so that a phone is never taken for a postal code.
_WHOLE_NAME, _WHOLE_ADDRESS = int(Attribute.NAME), int(Attribute.ADDRESS)
_ALIKE_NAME, _RARE_WORD, _BUILDING, _RARE_PLACE = 101, 102, 103, 104
_SHARED = (
    Attribute.ADDRESS, Attribute.PHONE, Attribute.EMAIL, Attribute.WEBSITE, Attribute.NUMBER, Attribute.OFFICER,
    Attribute.BANK_ACCOUNT, Attribute.MID, Attribute.BIRTH_DATE,
)  # fmt: skip


class Blocks(NamedTuple):
    """Keys in rising order, and the parties of each (CSR). Too big blocks are empty; ``sizes`` tells how big. Pieces of
    one, if any, follow it under the same key."""

    keys: Int64
    start: Int64
    party: Int32
    sizes: Int32


@dataclass(frozen=True)
class Keys:
    """(party, key) rows. ``named`` says of each whether the key is of a name: too big ones are split by place then."""

    party: Int32
    key: Int64
    named: NDArray[np.bool_]

    def only(self, which: NDArray[np.bool_] | Int64) -> "Keys":
        """Some of the rows."""
        return Keys(self.party[which], self.key[which], self.named[which])


#: Of ``Values`` what makes keys of words: ``start``, ``value``, ``codes``, ``words``, ``word_start``. To hand all over
#: to compiled code takes longer than what is done with it for one question.
Worded = tuple[Int64, Int32, Int64, Int64, Int64]


def worded(values: Values) -> Worded:
    """What makes keys of words."""
    return values.start, values.value, values.codes, values.words, values.word_start


def first_keys(parties: Parties, *, any_place: bool = False) -> Keys:
    """The keys of every party; one that several values of a party have stands there as often.

    ``any_place`` takes every word of an address without a building for rare: the parties are asked about, and whom
    else somebody asks about tells nothing of them.
    """
    names, places = parties.attributes[Attribute.NAME], parties.attributes[Attribute.ADDRESS]
    parts = [
        _keys_of_names(worded(names), names.rare),
        _keys_of_places(worded(places), np.ones(len(places.words), bool) if any_place else _rare_places(places)),
    ]
    for attribute in _SHARED:
        values = parties.attributes[attribute]
        if len(values.value):  # a question gives few of them, and each costs its time
            parts.append(_tagged(*codes_of_parties(values.start, values.value, values.codes[:, WHOLE]), int(attribute)))
    party, key = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Keys(party, key, np.arange(len(party)) < len(parts[0][0]))


@nb.njit(cache=True, nogil=True)
def keys_by_name_and_place(names: Worded, places: Worded) -> tuple[Int32, Int64]:
    """(party, key): ``first_keys`` of parties that are asked about, by their names and addresses alone. Any of their
    words may be rare."""
    start, value, codes, place_words, _ = places
    _, _, _, name_words, _ = names
    named, name_key = _keys_of_names(names, np.ones(name_words.size, np.uint8))
    housed, place_key = _keys_of_places(places, np.ones(place_words.size, np.bool_))
    there, code = codes_of_parties(start, value, codes[:, WHOLE])
    whole, whole_key = _tagged(there, code, _WHOLE_ADDRESS)
    return np.concatenate((named, housed, whole)), np.concatenate((name_key, place_key, whole_key))


def second_keys(parties: Parties, too_big: Keys) -> Keys:
    """Keys that split blocks which are too big: a name by places, a value by the words of names. Of the keys that come
    of it, ``named`` are those of a name in a building."""
    names, places = parties.attributes[Attribute.NAME], parties.attributes[Attribute.ADDRESS]
    return Keys(*_split(too_big.party, too_big.key, too_big.named, names, places))


def block(parties: Parties) -> Blocks:
    """The blocks of all parties."""
    first = first_keys(parties)
    blocks, too_big = _gather(first)
    second = second_keys(parties, first.only(too_big))
    return _joined(blocks, _gather(second)[0], _pieces(second.only(second.named)))


def pairs_of(blocks: Blocks) -> tuple[Int32, Int32]:
    """Every pair of parties that share a block, once, the smaller first."""
    packed = _packed_pairs(blocks.start, blocks.party)
    packed.sort()
    return _unpacked(packed)


def left_out(blocks: Blocks) -> int:
    """How many keys were too big and were left out or split."""
    return int(np.count_nonzero(blocks.sizes > MOST_IN_BLOCK))


def reduction_ratio(parties: int, pairs: int) -> float:
    """The share of all pairs of so many parties that need not be compared."""
    everything = parties * (parties - 1) // 2
    return 1.0 - pairs / everything if everything else 0.0


def pairs_completeness(one: Int32, other: Int32, truth: Int64) -> float:
    """The share of true pairs that are compared, 1 where there are none; ``truth`` numbers the party behind each one.

    Christen, Data Matching (2012), chapter 7, for both measures.
    """
    _, sizes = np.unique(truth, return_counts=True)
    true = int((sizes.astype(np.int64) * (sizes - 1) // 2).sum())
    return float(np.count_nonzero(truth[one] == truth[other])) / true if true else 1.0


def ask(blocks: Blocks, parties: Parties) -> NDArray[np.int32]:
    """The parties that share a block with one that is asked about (``parties`` holds but it), each once."""
    first = first_keys(parties, any_place=True)
    names, places = parties.attributes[Attribute.NAME], parties.attributes[Attribute.ADDRESS]
    return _sharing(blocks, first.party, first.key, first.named, names, places)


@nb.njit(cache=True, nogil=True)
def _sharing(
    blocks: Blocks, party: Int32, key: Int64, named: NDArray[np.bool_], names: Values, places: Values
) -> Int32:
    at = _find(blocks, key)
    big = np.zeros(key.size, np.bool_)
    for row in range(key.size):
        big[row] = at[row] >= 0 and blocks.sizes[at[row]] > MOST_IN_BLOCK
    _, second, _ = _split(party[big], key[big], named[big], names, places)
    at = np.unique(np.concatenate((at, _find(blocks, second))))
    size = 0
    for place in at:
        if place >= 0:
            size += blocks.start[place + 1] - blocks.start[place]
    found = np.empty(size, np.int32)
    size = 0
    for place in at:
        if place >= 0:
            for other in blocks.party[blocks.start[place] : blocks.start[place + 1]]:
                found[size] = other
                size += 1
    return np.unique(found)


@nb.njit(cache=True, nogil=True)
def _find(blocks: Blocks, keys: Int64) -> Int64:
    """Where the block of each key is, -1 for none; of one in pieces the last."""
    at = np.searchsorted(blocks.keys, keys, side="right") - 1
    for row in range(keys.size):
        if at[row] >= 0 and blocks.keys[at[row]] != keys[row]:
            at[row] = -1
    return at


@nb.njit(cache=True, nogil=True)
def codes_of_parties(start: Int64, value: Int32, codes: Int64) -> tuple[Int32, Int64]:
    """(party, code), by party: the codes of every party's values; ``codes`` has a row a value, 0 for none."""
    party, code = np.empty(value.size, np.int32), np.empty(value.size, np.int64)
    size = 0
    for one in range(start.size - 1):
        for at in range(start[one], start[one + 1]):
            if codes[value[at]] != NOTHING:
                party[size], code[size] = one, codes[value[at]]
                size += 1
    return party[:size], code[:size]


@nb.njit(cache=True, nogil=True)
def _tagged(party: Int32, code: Int64, tag: int) -> tuple[Int32, Int64]:
    """(party, key): the codes as keys of one kind."""
    key = np.empty(code.size, np.int64)
    for row in range(code.size):
        key[row] = mixed(code[row], tag)
    return party, key


@nb.njit(cache=True, nogil=True)
def _keys_of_names(names: Worded, rare: UInt8) -> tuple[Int32, Int64]:
    """(party, key) of whole names, of names read alike, and of their rare words."""
    start, value, codes, words, word_start = names
    most = 2 * value.size + _many_words(value, word_start)
    party, key = np.empty(most, np.int32), np.empty(most, np.int64)
    size = 0
    for one in range(start.size - 1):
        for name in value[start[one] : start[one + 1]]:
            for code, tag in ((codes[name, WHOLE], _WHOLE_NAME), (codes[name, PART], _ALIKE_NAME)):
                if code != NOTHING:
                    party[size], key[size] = one, mixed(code, tag)
                    size += 1
            for at in range(word_start[name], word_start[name + 1]):
                if rare[at]:
                    party[size], key[size] = one, mixed(words[at], _RARE_WORD)
                    size += 1
    return party[:size], key[:size]


@nb.njit(cache=True, nogil=True)
def _keys_of_places(places: Worded, rare: NDArray[np.bool_]) -> tuple[Int32, Int64]:
    """(party, key) of buildings, and of the rare words of addresses without one: no other key is theirs."""
    start, value, codes, words, word_start = places
    most = value.size + _many_words(value, word_start)
    party, key = np.empty(most, np.int32), np.empty(most, np.int64)
    size = 0
    for one in range(start.size - 1):
        for place in value[start[one] : start[one + 1]]:
            if codes[place, PART] != NOTHING:
                party[size], key[size] = one, mixed(codes[place, PART], _BUILDING)
                size += 1
                continue
            for at in range(word_start[place], word_start[place + 1]):
                if rare[at]:
                    party[size], key[size] = one, mixed(words[at], _RARE_PLACE)
                    size += 1
    return party[:size], key[:size]


@nb.njit(cache=True, nogil=True)
def _many_words(value: Int32, word_start: Int64) -> int:
    total = 0
    for one in value:
        total += word_start[one + 1] - word_start[one]
    return total


@nb.njit(cache=True, nogil=True)
def _split(
    party: Int32, key: Int64, named: NDArray[np.bool_], names: Values, places: Values
) -> tuple[Int32, Int64, NDArray[np.bool_]]:
    """Each key with what splits its block, of the same party."""
    parties, keys, housed = [np.int32(0)][:0], [np.int64(0)][:0], [False][:0]
    for row in range(key.size):
        split = places if named[row] else names
        for value in split.value[split.start[party[row]] : split.start[party[row] + 1]]:
            if named[row]:
                codes = split.codes[value, PART : FOURTH + 1]
            else:
                codes = split.words[split.word_start[value] : split.word_start[value + 1]]
            for at in range(codes.size):
                if codes[at] != NOTHING:
                    parties.append(party[row])
                    keys.append(mixed(key[row], codes[at]))
                    housed.append(named[row] and at == 0)
    return np.array(parties), np.array(keys), np.array(housed)


def _rare_places(places: Values) -> NDArray[np.bool_]:
    """Which words hardly anyone has in an address without a building."""
    word, words = numbered(places.words)
    unkeyed = places.codes[:, PART] == NOTHING
    users = users_of_words(word, words, places.start, places.value, places.word_start, unkeyed)
    rare: NDArray[np.bool_] = ((users > 0) & (users <= rare_limit(len(places.start) - 1)))[word]
    return rare


def _within(lengths: Int64) -> Int64:
    """0, 1, 2 ... for every row of a flat array: where it stands in its group."""
    return np.arange(int(lengths.sum())) - np.repeat(starts_of(lengths)[:-1], lengths)


def _gather(keys: Keys) -> tuple[Blocks, NDArray[np.bool_]]:
    """(blocks, rows): those of some keys, and which rows are of a key that too many share."""
    if len(keys.key) < _MANY_KEYS:
        return _gathered(keys)
    part = (keys.key >> _UP_TO_THREE_BITS).astype(np.int8)
    rows = np.argsort(part, kind="stable")
    parts = np.split(rows, np.cumsum(np.bincount(part.astype(np.int64) + 4, minlength=8))[:-1])
    done = in_threads(lambda some: _gathered(keys.only(some)), parts)
    shared = np.zeros(len(keys.key), bool)
    for some, (_, too_big) in zip(parts, done, strict=True):
        shared[some] = too_big
    found, lengths, party, sizes = (
        np.concatenate(arrays)
        for arrays in zip(*((one.keys, np.diff(one.start), one.party, one.sizes) for one, _ in done), strict=True)
    )
    return Blocks(found, starts_of(lengths), party, sizes), shared


def _gathered(keys: Keys) -> tuple[Blocks, NDArray[np.bool_]]:
    order = np.argsort(keys.key)
    rising = keys.key[order]
    found, sizes, party = _members(rising, keys.party[order])
    fits = sizes <= MOST_IN_BLOCK
    blocks = Blocks(found, starts_of(np.where(fits, sizes, 0)), party[np.repeat(fits, sizes)], sizes)
    return blocks, _rows_of(rising, order, found[~fits])


def _pieces(keys: Keys) -> Blocks:
    """The blocks that are too big, in pieces that all begin with the block's first party."""
    order = np.argsort(keys.key)
    found, counted, members = _members(keys.key[order], keys.party[order])
    sizes, first = counted.astype(np.int64), starts_of(counted)[:-1]
    big = sizes > MOST_IN_BLOCK
    found, first, others = found[big], first[big], sizes[big] - 1
    pieces = -(-others // _IN_PIECE)
    key, begin = np.repeat(found, pieces), np.repeat(first, pieces)
    nth = _within(pieces)
    lengths = np.minimum(np.repeat(others, pieces) - nth * _IN_PIECE, _IN_PIECE)
    at = np.repeat(begin + 1 + nth * _IN_PIECE, lengths) + _within(lengths)
    party = np.insert(members[at], starts_of(lengths)[:-1], members[begin])
    return Blocks(key, starts_of(lengths + 1), party.astype(np.int32), (lengths + 1).astype(np.int32))


#: Parties of a piece beside the one that all pieces have.
_IN_PIECE = MOST_IN_BLOCK - 1


@nb.njit(cache=True, nogil=True)
def _members(rising: Int64, party: Int32) -> tuple[Int64, Int32, Int32]:
    """(keys, how many parties each has, the parties of each in rising order); of rows by their keys. ``party`` is
    written over."""
    found, sizes = np.empty(rising.size, np.int64), np.empty(rising.size, np.int32)
    blocks, size, begin = 0, 0, 0
    while begin < rising.size:
        end = begin + 1
        while end < rising.size and rising[end] == rising[begin]:
            end += 1
        if end - begin > 1:  # most have one
            party[begin:end].sort()
        before = size
        for at in range(begin, end):  # what is kept is never ahead of what is read
            if size == before or party[size - 1] != party[at]:
                party[size] = party[at]
                size += 1
        found[blocks], sizes[blocks] = rising[begin], size - before
        blocks, begin = blocks + 1, end
    return found[:blocks].copy(), sizes[:blocks].copy(), party[:size].copy()


@nb.njit(cache=True, nogil=True)
def _rows_of(rising: Int64, order: Int64, asked: Int64) -> NDArray[np.bool_]:
    """Which rows have one of the keys asked for; both keys in rising order, ``order`` says which row each is of."""
    rows = np.zeros(order.size, np.bool_)
    next_ = 0
    for at in range(order.size):
        while next_ < asked.size and asked[next_] < rising[at]:
            next_ += 1
        if next_ == asked.size:
            break
        rows[order[at]] = asked[next_] == rising[at]
    return rows


def _joined(*some: Blocks) -> Blocks:
    """All blocks by their keys; those of one key as they are given."""
    keys = np.concatenate([one.keys for one in some])
    order = np.argsort(keys, kind="stable")
    lengths = np.concatenate([np.diff(one.start) for one in some])
    at = np.repeat(starts_of(lengths)[:-1][order], lengths[order]) + _within(lengths[order])
    party, sizes = np.concatenate([one.party for one in some]), np.concatenate([one.sizes for one in some])
    return Blocks(keys[order], starts_of(lengths[order]), party[at], sizes[order])


@nb.njit(cache=True, nogil=True)
def _packed_pairs(start: Int64, party: Int32) -> Int64:
    total = 0
    for at in range(start.size - 1):
        size = start[at + 1] - start[at]
        total += size * (size - 1) // 2
    out = np.empty(total, np.int64)
    row = 0
    for at in range(start.size - 1):
        for i in range(start[at], start[at + 1]):
            for j in range(i + 1, start[at + 1]):
                out[row] = np.int64(party[i]) << 32 | np.int64(party[j])
                row += 1
    return out


@nb.njit(cache=True, nogil=True)
def _unpacked(packed: Int64) -> tuple[Int32, Int32]:
    """Both halves of numbers in rising order, each once."""
    one, other = np.empty(packed.size, np.int32), np.empty(packed.size, np.int32)
    size = 0
    for at in range(packed.size):
        if at == 0 or packed[at] != packed[at - 1]:
            one[size], other[size] = packed[at] >> 32, packed[at] & 0xFFFFFFFF
            size += 1
    return one[:size].copy(), other[:size].copy()
