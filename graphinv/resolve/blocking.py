"""Which pairs are worth comparing: parties that share a key, never all with all.

A key is a shared value (phone, mailbox, number, account, address), an equal name, or a rare word of a name or of an
address without a building. A block of a key that too many share is split by a second key (a mailbox shop's tenants by
the words of their names, the Wei Zhangs by their places); what is too big even then is left out and counted, but for
one name in one building: that many accounts are one owner's or nobody's, and meet in pieces which have one party in
common. So the work is bounded by the number of keys, and a look-up asks for the same blocks as a batch.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.resolve.arrays import Int32, Int64
from graphinv.resolve.coding import NOTHING, mixed, mixed_codes, starts_of
from graphinv.resolve.comparisons import Attribute
from graphinv.resolve.parties import FOURTH, PART, THIRD, WHOLE, Parties, Values, rare_limit

#: Most parties of a block: each key brings at most this many candidates.
MOST_IN_BLOCK = 50
#: Tells what a key was made of; part of the key, so that a phone is never taken for a postal code.
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

    def __add__(self, other: "Keys") -> "Keys":
        """Both."""
        return Keys(
            np.concatenate([self.party, other.party]),
            np.concatenate([self.key, other.key]),
            np.concatenate([self.named, other.named]),
        )

    def only(self, which: NDArray[np.bool_]) -> "Keys":
        """Some of the rows."""
        return Keys(self.party[which], self.key[which], self.named[which])


def first_keys(parties: Parties) -> Keys:
    """The keys of every party."""
    names, places = parties.attributes[Attribute.NAME], parties.attributes[Attribute.ADDRESS]
    keys = [
        _keys(names, names.codes[:, WHOLE], int(Attribute.NAME), named=True),
        _keys(names, names.codes[:, PART], _ALIKE_NAME, named=True),
        _rare_words(names),
        _keys(places, places.codes[:, PART], _BUILDING, named=False),
        _rare_places(places),
    ]
    for attribute in _SHARED:
        values = parties.attributes[attribute]
        if len(values.value):  # a question gives few of them, and each costs its time
            keys.append(_keys(values, values.codes[:, WHOLE], int(attribute), named=False))
    return Keys(
        np.concatenate([some.party for some in keys]),
        np.concatenate([some.key for some in keys]),
        np.concatenate([some.named for some in keys]),
    )


def second_keys(parties: Parties, too_big: Keys) -> Keys:
    """Keys that split blocks which are too big: a name by places, a value by the words of names. Of the keys that come
    of it, ``named`` are those of a name in a building."""
    names, places = parties.attributes[Attribute.NAME], parties.attributes[Attribute.ADDRESS]
    by_name = too_big.only(too_big.named)
    split = _crossed(too_big.only(~too_big.named), *_words_of(names))
    housed = _crossed(by_name, *codes_of_parties(places, places.codes[:, PART]))
    for column in (THIRD, FOURTH):
        split += _crossed(by_name, *codes_of_parties(places, places.codes[:, column]))
    return replace(split, named=np.zeros(len(split.key), bool)) + housed


def block(parties: Parties) -> Blocks:
    """The blocks of all parties."""
    first = first_keys(parties)
    blocks = _gather(first)
    big = blocks.sizes > MOST_IN_BLOCK
    too_big = first.only(np.isin(first.key, blocks.keys[big]))
    second = second_keys(parties, too_big)
    return _joined(_joined(blocks, _gather(second)), _pieces(second.only(second.named)))


def pairs_of(blocks: Blocks) -> tuple[Int32, Int32]:
    """Every pair of parties that share a block, once, the smaller first."""
    packed = np.unique(_packed_pairs(blocks.start, blocks.party))
    return (packed >> 32).astype(np.int32), (packed & 0xFFFFFFFF).astype(np.int32)


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
    first = first_keys(parties)
    at, big = _find(blocks, first.key)
    second = second_keys(parties, first.only(big))
    more, _ = _find(blocks, second.key)
    found = [blocks.party[blocks.start[i] : blocks.start[i + 1]] for i in np.concatenate([at, more]).tolist()]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int32)


def _find(blocks: Blocks, keys: Int64) -> tuple[Int64, NDArray[np.bool_]]:
    """(places of the keys that have a block, of one in pieces the last; which keys have one that is too big)."""
    if not len(blocks.keys):
        return np.zeros(0, np.int64), np.zeros(len(keys), bool)
    at = np.maximum(np.searchsorted(blocks.keys, keys, side="right") - 1, 0)
    there = blocks.keys[at] == keys
    return np.unique(at[there]), there & (blocks.sizes[at] > MOST_IN_BLOCK)


def _keys(values: Values, codes: Int64, tag: int, *, named: bool) -> Keys:
    party, code = codes_of_parties(values, codes)
    return Keys(party, _tagged(code, tag), np.full(len(party), named))


def codes_of_parties(values: Values, codes: Int64) -> tuple[Int32, Int64]:
    """(party, code), by party: the codes of every party's values; ``codes`` has a row a value, 0 for none."""
    party = np.repeat(np.arange(len(values.start) - 1, dtype=np.int32), np.diff(values.start))
    code = codes[values.value]
    there = code != 0
    return party[there], code[there]


def _words_of(names: Values) -> tuple[Int32, Int64]:
    """(party, word) of every name of every party."""
    return _spread(names, np.ones(len(names.words), bool))


def _rare_words(names: Values) -> Keys:
    party, word = _spread(names, names.rare.astype(bool))
    return Keys(party, _tagged(word, _RARE_WORD), np.ones(len(party), bool))


def _rare_places(places: Values) -> Keys:
    """The words that hardly anyone has in an address, of addresses without a building: no other key is theirs."""
    unkeyed = np.repeat(places.codes[:, PART] == NOTHING, np.diff(places.word_start))
    told = np.unique(np.stack(_spread(places, unkeyed)[::-1], axis=1), axis=0)
    _, at, users = np.unique(told[:, 0], return_inverse=True, return_counts=True)
    word, party = told[users[at] <= rare_limit(len(places.start) - 1)].T
    return Keys(party.astype(np.int32), _tagged(np.ascontiguousarray(word), _RARE_PLACE), np.zeros(len(party), bool))


def _spread(names: Values, wanted: NDArray[np.bool_]) -> tuple[Int32, Int64]:
    lengths = np.diff(names.word_start)[names.value]
    party = np.repeat(np.repeat(np.arange(len(names.start) - 1, dtype=np.int32), np.diff(names.start)), lengths)
    at = np.repeat(names.word_start[names.value], lengths) + _within(lengths)
    return party[wanted[at]], names.words[at][wanted[at]]


def _within(lengths: Int64) -> Int64:
    """0, 1, 2 ... for every row of a flat array: where it stands in its group."""
    return np.arange(int(lengths.sum())) - np.repeat(starts_of(lengths)[:-1], lengths)


def _gather(keys: Keys) -> Blocks:
    packed = _each_once(keys)
    found, sizes = np.unique(packed[:, 0], return_counts=True)
    fits = np.repeat(sizes <= MOST_IN_BLOCK, sizes)
    kept = np.where(sizes <= MOST_IN_BLOCK, sizes, 0)
    return Blocks(found, starts_of(kept), packed[fits, 1].astype(np.int32), sizes.astype(np.int32))


def _pieces(keys: Keys) -> Blocks:
    """The blocks that are too big, in pieces that all begin with the block's first party."""
    packed = _each_once(keys)
    found, first, sizes = np.unique(packed[:, 0], return_index=True, return_counts=True)
    big = sizes > MOST_IN_BLOCK
    found, first, others = found[big], first[big], sizes[big] - 1
    pieces = -(-others // _IN_PIECE)
    key, begin = np.repeat(found, pieces), np.repeat(first, pieces)
    nth = _within(pieces)
    lengths = np.minimum(np.repeat(others, pieces) - nth * _IN_PIECE, _IN_PIECE)
    at = np.repeat(begin + 1 + nth * _IN_PIECE, lengths) + _within(lengths)
    party = np.insert(packed[at, 1], starts_of(lengths)[:-1], packed[begin, 1])
    return Blocks(key, starts_of(lengths + 1), party.astype(np.int32), (lengths + 1).astype(np.int32))


#: Parties of a piece beside the one that all pieces have.
_IN_PIECE = MOST_IN_BLOCK - 1


def _each_once(keys: Keys) -> Int64:
    """(key, party) rows in rising order."""
    return np.unique(np.stack([keys.key, keys.party.astype(np.int64)], axis=1), axis=0)


def _joined(one: Blocks, other: Blocks) -> Blocks:
    order = np.argsort(np.concatenate([one.keys, other.keys]), kind="stable")
    lengths = np.concatenate([np.diff(one.start), np.diff(other.start)])
    begin = np.concatenate([one.start[:-1], other.start[:-1] + len(one.party)])[order]
    party = np.concatenate([one.party, other.party])
    at = np.repeat(begin, lengths[order]) + _within(lengths[order])
    keys, sizes = np.concatenate([one.keys, other.keys]), np.concatenate([one.sizes, other.sizes])
    return Blocks(keys[order], starts_of(lengths[order]), party[at], sizes[order])


@nb.njit(cache=True, nogil=True)
def _tagged(codes: Int64, tag: int) -> Int64:
    out = np.empty(codes.size, np.int64)
    for row in range(codes.size):
        out[row] = mixed(codes[row], tag)
    return out


def _crossed(keys: Keys, party: Int32, code: Int64) -> Keys:
    """Each key of a party with each code of it. ``party`` is in rising order."""
    start = np.searchsorted(party, keys.party, side="left")
    lengths = np.searchsorted(party, keys.party, side="right") - start
    at = np.repeat(start, lengths) + _within(lengths)
    crossed = mixed_codes(np.repeat(keys.key, lengths), code[at])
    return Keys(np.repeat(keys.party, lengths), crossed, np.repeat(keys.named, lengths))


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
