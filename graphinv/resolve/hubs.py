"""Which shared values are hubs: so common that sharing them says nothing. Learned from the records, without labels."""

import numpy as np

from graphinv.resolve.agreement import FIRM_NAME, NO_LEVEL, PERSON_NAME, compare
from graphinv.resolve.arrays import Float64, Int32, Int64
from graphinv.resolve.blocking import codes_of_parties
from graphinv.resolve.comparisons import Attribute
from graphinv.resolve.grouping import firsts
from graphinv.resolve.model import NO_HUB, untrained
from graphinv.resolve.parties import PART, WHOLE, Parties, Values

#: A value is a hub where fewer than this share of the pairs that share it agree in their names.
_TELLING = 0.02
_HUB_FROM = 16
#: So many hubs are looked at, and so many pairs of their users: at least a few of each one's, of few hubs many.
_HUBS_ASKED = 3_000
_PAIRS_ASKED = 60_000
_MOST_PAIRS_A_HUB = 200
_WITH_PARTS = frozenset({Attribute.ADDRESS, Attribute.EMAIL})
_NEVER_HUBS = frozenset({Attribute.NAME, Attribute.COUNTRY, Attribute.BIRTH_DATE})


def hub_limits(parties: Parties, rng: np.random.Generator) -> tuple[tuple[int, int], ...]:
    """Most users of a value, and of a part, that tells anything, learned by what its users have in common otherwise.

    Pairs of users of one value, taken at random, are sorted by how many users it has, in octaves; from the octave on
    where hardly any of them agree in their names, the value is a hub. Names themselves are never hubs: rarity tells.
    """
    found = []
    for attribute in Attribute:
        values = parties.attributes[attribute]
        columns = (WHOLE, PART) if attribute in _WITH_PARTS else (WHOLE,)
        limits = [NO_HUB, NO_HUB]
        for column in columns if attribute not in _NEVER_HUBS else ():
            one, other, users = _users_at_random(values, column, rng)
            limits[column] = _limit(users, _names_agree(parties, one, other))
        found.append((limits[0], limits[1]))
    return tuple(found)


def _users_at_random(values: Values, column: int, rng: np.random.Generator) -> tuple[Int32, Int32, Int64]:
    """(one, other, users): pairs of parties that share a value with many users, a few for each such value."""
    party, code = codes_of_parties(values.start, values.value, values.codes[:, column])
    order = np.argsort(code, kind="stable")
    start = np.append(firsts(code[order]), len(code))
    sizes = np.diff(start)
    busy = np.flatnonzero(sizes >= _HUB_FROM)
    first = party[order[start[busy]]]  # codes of hashed numbers differ from workspace to workspace
    busy = busy[np.lexsort((sizes[busy], first))]
    if len(busy) > _HUBS_ASKED:
        busy = rng.choice(busy, _HUBS_ASKED, replace=False)
    asked = np.repeat(busy, min(_PAIRS_ASKED // max(len(busy), 1), _MOST_PAIRS_A_HUB))
    one, other = (
        party[order[start[asked] + (rng.random(len(asked)) * sizes[asked]).astype(np.int64)]] for _ in range(2)
    )
    apart = one != other
    return one[apart], other[apart], sizes[asked][apart]


def _names_agree(parties: Parties, one: Int32, other: Int32) -> Float64:
    """1.0 where the names of a pair agree well, 0.0 where they do not, NaN where one has none."""
    levels = compare(parties.attributes, parties.attributes, one, other, untrained().hub_array(), Attribute.NAME).levels
    agree = np.full(len(one), np.nan)
    for at, telling in ((PERSON_NAME, 5), (FIRM_NAME, 4)):
        there = levels[:, at] != NO_LEVEL
        agree[there] = levels[there, at] < telling
    return agree


def _limit(users: Int64, alike: Float64) -> int:
    told = ~np.isnan(alike)
    octave = np.log2(users[told]).astype(np.int64)
    limit = NO_HUB
    for step in sorted(set(octave.tolist()), reverse=True):
        if alike[told][octave == step].mean() >= _TELLING:
            break
        limit = 2**step - 1
    return limit
