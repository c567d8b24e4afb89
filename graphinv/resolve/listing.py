"""Names of watch lists as arrays, and how like them parties are: the same comparison in one batch or for one question.

A likeness to an entry is not an identity. Its score is the match model's probability, held below a limit that only
what agrees beside the name lifts: a name alone is for review, however rare it is, and a weak alias is less.
"""

from dataclasses import dataclass, replace

import numba as nb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.resolve.agreement import FIRM_NAME, NO_LEVEL, PERSON_NAME, Agreements, agreements
from graphinv.resolve.arrays import Float64, Int32, Int64
from graphinv.resolve.blocking import Worded, keys_by_name_and_place, worded
from graphinv.resolve.comparisons import COMPARISONS, Attribute
from graphinv.resolve.listed import HOW, WEAK_ALIAS
from graphinv.resolve.listed_arrays import ListedArrays, listed_arrays
from graphinv.resolve.model import NO_HUB, POPULATION, Model, untrained
from graphinv.resolve.parties import KINDS, MARK, ORGANISATION, Parties

#: The most that a name alone is worth: a look-up that has nothing else stays at "review".
NAME_ALONE = 0.5
#: The same where country and kind agree, which half the trade of a country has in common.
NAME_AND_COUNTRY = 0.6
#: A likeness below this is none; the very name of an entry is told however common it is.
SHOWN = 0.02
#: Parties at one building, or in one unit of it, from which on it is a place and no address of anybody.
CROWDED = 50
#: What each kind of corroboration lets a name be worth, and a weak alias; the surest first.
_LIMITS = (
    ("address", 1.0, 0.75),
    ("place", 0.8, 0.5),
    ("country and kind", NAME_AND_COUNTRY, 0.35),
    ("nothing", NAME_ALONE, 0.25),
)
#: The most that a name is worth alone that is only spelt alike.
_LIKE_NAME_ALONE = 0.4
#: How much less a weak alias tells than a name, in bits: it is generic, and brings false hits by the dozen.
_WEAK_BITS = 2.0
_ADDRESS, _PLACE, _COUNTRY, _NOTHING = range(len(_LIMITS))

_DIGITS = 4
#: Pairs compared at a time: what bounds the memory.
_AT_A_TIME = 200_000
_AT = {comparison.attribute: at for at, comparison in enumerate(COMPARISONS) if at != FIRM_NAME}
_AT_ADDRESS, _AT_COUNTRY = _AT[Attribute.ADDRESS], _AT[Attribute.COUNTRY]
_PERSON = KINDS["person"]


@dataclass(frozen=True)
class Likenesses:
    """Parties and entries that look alike, the best name of each pair. ``party``: position of the party; ``row``: the
    name among those listed; ``name``: the party's own, by its place among the values of names."""

    party: Int32
    row: Int32
    name: Int32
    score: Float64
    reasons: list[tuple[str, ...]]


_NO_ROWS: Int32 = np.zeros(0, np.int32)
_NOBODY = Likenesses(_NO_ROWS, _NO_ROWS, _NO_ROWS, np.zeros(0), [])


@dataclass(frozen=True)
class Listing:
    """Listed names, compared by the table's own numbers: no record says which parties are on a list, so there is
    nothing to train on, and a likeness does not move when the model of who is who does."""

    listed: ListedArrays
    model: Model

    @classmethod
    def of(cls, names: pl.DataFrame) -> "Listing":
        """The listing of ``listed_names``."""
        return cls.over(listed_arrays(names))

    @classmethod
    def over(cls, listed: ListedArrays) -> "Listing":
        """The listing of names that were made arrays before."""
        crowded = tuple(
            (CROWDED, CROWDED) if attribute is Attribute.ADDRESS else (NO_HUB, NO_HUB) for attribute in Attribute
        )
        return cls(listed, replace(untrained(), hubs=crowded))

    def likenesses(self, parties: Parties) -> Likenesses:
        """Which parties look like which entries. Whoever counts users of a value, it is the listing."""
        names, places = parties.attributes[Attribute.NAME], parties.attributes[Attribute.ADDRESS]
        packed = _alike(self.listed.keys, self.listed.rows, worded(names), worded(places))
        if not len(packed):  # most parties have nothing in common with any list
            return _NOBODY
        one, other = (packed >> 32).astype(np.int32), (packed & 0xFFFFFFFF).astype(np.int32)
        asked = _uncounted(parties)
        parts = [
            self._compare(asked, one[at : at + _AT_A_TIME], other[at : at + _AT_A_TIME])
            for at in range(0, max(len(one), 1), _AT_A_TIME)
        ]
        found = _Found(*(np.concatenate([getattr(part, name) for part in parts]) for name in _Found.__annotations__))
        return self._best(found) if len(found.party) else _NOBODY

    def _compare(self, asked: Parties, one: Int32, other: Int32) -> "_Found":
        found = agreements(asked.attributes, self.listed.attributes, one, other, self.model.hub_array())
        level, names = _name_levels(found), asked.attributes[Attribute.NAME]
        mine = found.left[:, PERSON_NAME : FIRM_NAME + 1].max(axis=1)
        kind = np.where(mine >= 0, names.codes[mine, MARK], 0) if len(names.codes) else np.zeros(len(one), np.int64)
        agrees = _agreeing(found, kind == self.listed.told_kind[other])
        weak = self.listed.how[other] == HOW.index(WEAK_ALIAS)
        bits = self._bits(found, level, other) - np.where(weak, _WEAK_BITS, 0.0)
        probability = self.model.probability(bits)
        score: Float64 = np.minimum(probability, _limit(level, agrees, weak)).round(_DIGITS)
        apart = _kinds_apart(kind, self.listed.told_kind[other], level)
        told_anyway = _SAME_NAME[level] & ~weak
        kept = ((score >= SHOWN) | told_anyway) & ~apart & _enough(level, agrees, weak)
        told = np.stack([level, agrees, found.levels[:, _AT_ADDRESS], found.levels[:, _AT_COUNTRY]], axis=1)
        return _Found(one[kept], other[kept], mine[kept], score[kept], told[kept])

    def _bits(self, found: Agreements, level: NDArray[np.int64], row: Int32) -> Float64:
        """The match weight of every pair. A spelling says less than the very name would, however common that is; a list
        tells one of the places of a party, so another one is nothing against it."""
        bits = self.model.bits(found, self.listed.filled)
        bits[:, _AT_ADDRESS] = np.maximum(bits[:, _AT_ADDRESS], 0.0)
        everybody = max(int(self.listed.filled[Attribute.NAME]), POPULATION) - 1
        others = np.maximum(self.listed.users[row], 2) - 1
        very_name = np.log2(self.model.m[FIRM_NAME][0] * everybody / others)[:, None]
        names = bits[:, PERSON_NAME : FIRM_NAME + 1]
        bits[:, PERSON_NAME : FIRM_NAME + 1] = np.where(
            _SAME_NAME[level][:, None], names, np.minimum(names, np.maximum(very_name - 1.0, 0.0))
        )
        total: Float64 = bits.sum(axis=1)
        return total

    def _best(self, found: "_Found") -> Likenesses:
        """The best name of every party and entry; among equals the surest name, then the first."""
        entry = self.listed.entry[found.row]
        order = np.lexsort((found.row, -found.score, entry, found.party))
        first = np.ones(len(order), bool)
        first[1:] = (np.diff(found.party[order]) != 0) | (np.diff(entry[order]) != 0)
        kept = order[first]
        reasons = _reasons(self.listed.how[found.row[kept]], found.told[kept])
        return Likenesses(found.party[kept], found.row[kept], found.name[kept], found.score[kept], reasons)


@dataclass(frozen=True)
class _Found:
    """Pairs that count, before the best name of each entry is taken. ``told``: place in ``_NAME_LEVELS``, what agrees,
    levels of address and country."""

    party: Int32
    row: Int32
    name: Int32
    score: Float64
    told: NDArray[np.int64]


@nb.njit(cache=True, nogil=True)
def _alike(keys: Int64, rows: Int32, names: Worded, places: Worded) -> Int64:
    """Parties (upper half) and listed rows (lower half) that have a key in common, each pair once. A list tells nothing
    else that brings a key than names and addresses."""
    party, key = keys_by_name_and_place(names, places)
    begin, end = np.searchsorted(keys, key), np.searchsorted(keys, key, side="right")
    packed = np.empty((end - begin).sum(), np.int64)
    size = 0
    for at in range(key.size):
        for place in range(begin[at], end[at]):
            packed[size] = np.int64(party[at]) << 32 | rows[place]
            size += 1
    return np.unique(packed)


#: The levels of both comparisons of names, one after the other.
_NAME_LEVELS = tuple(COMPARISONS[PERSON_NAME].levels + COMPARISONS[FIRM_NAME].levels)
_FIRMS_FROM = len(COMPARISONS[PERSON_NAME].levels)
_SAME_NAME = np.array([level.name == "same" for level in _NAME_LEVELS])
_RARE_WORD = np.array([level.name == "rare_word" for level in _NAME_LEVELS])
_OTHER_NAME = np.array([level.name == "different" for level in _NAME_LEVELS])
_ADDRESS_LEVELS = COMPARISONS[_AT_ADDRESS].levels
_SAME_PLACE = next(at for at, level in enumerate(_ADDRESS_LEVELS) if level.name == "same_place")


def _uncounted(parties: Parties) -> Parties:
    """Parties as one that is asked about: nobody is counted, and any word may be rare."""
    told = [
        values._replace(users=np.zeros_like(values.users)) if len(values.users) else values
        for values in parties.attributes
    ]
    told[Attribute.NAME] = told[Attribute.NAME]._replace(rare=np.ones(len(told[Attribute.NAME].words), np.uint8))
    return Parties(parties.uids, tuple(told))


def _name_levels(found: Agreements) -> NDArray[np.int64]:
    """The level of the names by its place in ``_NAME_LEVELS``; -1 for none."""
    person, firm = found.levels[:, PERSON_NAME].astype(np.int64), found.levels[:, FIRM_NAME].astype(np.int64)
    return np.where(firm != NO_LEVEL, firm + _FIRMS_FROM, person)


def _agreeing(found: Agreements, same_kind: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The surest of what agrees beside the name, by its place in ``_LIMITS``."""
    address, country = found.levels[:, _AT_ADDRESS], found.levels[:, _AT_COUNTRY]
    return np.select(
        [(address != NO_LEVEL) & (address < _SAME_PLACE), address == _SAME_PLACE, (country == 0) & same_kind],
        [_ADDRESS, _PLACE, _COUNTRY],
        _NOTHING,
    )


def _limit(level: NDArray[np.int64], agrees: NDArray[np.int64], weak: NDArray[np.bool_]) -> Float64:
    limits = np.array([[name, weakly] for _, name, weakly in _LIMITS])
    limit = limits[agrees, weak.astype(np.int64)]
    alone_and_alike = (agrees == _NOTHING) & ~_SAME_NAME[level]
    return np.where(alone_and_alike, np.minimum(limit, _LIKE_NAME_ALONE), limit)


def _enough(level: NDArray[np.int64], agrees: NDArray[np.int64], weak: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether a name counts at all. A rare word needs an address beside it, since it may be a misspelt city's; a
    spelling like a weak alias needs a place."""
    some_name = (level >= 0) & ~_OTHER_NAME[level]
    housed, placed = agrees == _ADDRESS, agrees <= _PLACE
    enough: NDArray[np.bool_] = some_name & (housed | ~_RARE_WORD[level]) & (placed | ~weak | _SAME_NAME[level])
    return enough


def _kinds_apart(kind: NDArray[np.int64], told: NDArray[np.int64], level: NDArray[np.int64]) -> NDArray[np.bool_]:
    """A firm is no person of a list. That a name without business words is a person's is a guess: for a firm of a list
    it counts unless the two names are the same."""
    firm_for_person = (told == _PERSON) & (kind == ORGANISATION)
    apart: NDArray[np.bool_] = firm_for_person | ((told == ORGANISATION) & (kind == _PERSON) & ~_SAME_NAME[level])
    return apart


def _reasons(how: NDArray[np.int64], told: NDArray[np.int64]) -> list[tuple[str, ...]]:
    """What is told of every pair; there are few different answers, each worded once."""
    answers, which = np.unique(np.column_stack([how, told]), axis=0, return_inverse=True)
    worded = [_worded(*answer) for answer in answers.tolist()]
    return [worded[at] for at in which.ravel().tolist()]


def _worded(how: int, level: int, agrees: int, address: int, country: int) -> tuple[str, ...]:
    told = [_NAME_LEVELS[level].meaning]
    if how:
        told.append(HOW[how])
    if agrees == _ADDRESS:
        told.append(f"address agrees: {_ADDRESS_LEVELS[address].meaning}")
    elif agrees == _PLACE:
        told.append(f"place agrees: {_ADDRESS_LEVELS[address].meaning}")
    if country != NO_LEVEL:
        told.append("country agrees" if country == 0 else "another country")
    if agrees == _COUNTRY:
        told.append("kind agrees")
    if agrees == _NOTHING:
        told.append("nothing but the name agrees" if country != 0 else "nothing but name and country agree")
    return tuple(told)
