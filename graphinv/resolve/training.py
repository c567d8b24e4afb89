"""Learning the table from the records themselves, without labels.

``u`` comes from pairs taken at random, and for equal values from how often each is used. ``m`` comes from expectation
maximisation on pairs that share one key, once for each key, leaving out what was compared to make the key. The prior is
the share of pairs that the trained table takes for one party. Everything is seeded; a small workspace stays near the
table's own numbers, which count as so many observed pairs.

Winkler, Using the EM Algorithm for Weight Computation in the Fellegi-Sunter Model (1988); the training sessions are
those of Splink (Linacre et al., IJPDS 7, 2022).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from graphinv.resolve.agreement import FIRM_NAME, NO_LEVEL, PERSON_NAME, Agreements, agreements, compare
from graphinv.resolve.arrays import Float64, Int8, Int32, Int64
from graphinv.resolve.blocking import codes_of_parties
from graphinv.resolve.coding import starts_of
from graphinv.resolve.comparisons import COMPARISONS, VALUE, Attribute, Comparison
from graphinv.resolve.model import NO_HUB, POPULATION, Model, untrained
from graphinv.resolve.parties import PART, WHOLE, Parties, Values

SEED = 20_240_229
RANDOM_PAIRS = 500_000
#: Pairs of one session are a sample of at most so many.
SESSION_PAIRS = 100_000
_ROUNDS = 60
_SETTLED = 1e-5
#: As many observed pairs the table's own numbers count for.
_OWN_MATCHES = 40.0
_OWN_RANDOM = 20_000.0
_LEAST_OF_OWN = 0.1
#: Which shared attributes open a session.
_SESSIONS = (
    Attribute.NAME, Attribute.ADDRESS, Attribute.PHONE, Attribute.EMAIL, Attribute.BANK_ACCOUNT, Attribute.NUMBER,
)  # fmt: skip
#: A value is a hub where fewer than this share of the pairs that share it agree in their names.
_TELLING = 0.02
_HUB_FROM = 16
#: So many hubs are looked at, and so many pairs of each one's users.
_HUBS_ASKED = 3_000
_PAIRS_A_HUB = 20
_WITH_PARTS = frozenset({Attribute.ADDRESS, Attribute.EMAIL})
_NEVER_HUBS = frozenset({Attribute.NAME, Attribute.COUNTRY, Attribute.BIRTH_DATE})


@dataclass(frozen=True)
class Compared:
    """Pairs and their levels: what training looks at. ``one`` and ``other`` are positions of parties."""

    one: Int32
    other: Int32
    found: Agreements

    def only(self, which: Int64) -> "Compared":
        """Some of the pairs."""
        return Compared(self.one[which], self.other[which], Agreements._make(column[which] for column in self.found))


def train(parties: Parties, one: Int32, other: Int32) -> Model:
    """The model for these parties; ``one`` and ``other`` are the pairs that blocking found."""
    model = untrained()
    if len(parties) < 2 or not len(one):
        return model
    rng = np.random.default_rng(SEED)
    shared = tuple(_shared(parties, comparison.attribute) for comparison in COMPARISONS)
    u = _random_levels(parties, shared, rng)
    usual = tuple((row[0], part) for row, (_, part) in zip(u, shared, strict=True))
    model = replace(model, shared=usual, u=u)
    model = replace(model, hubs=_hubs(parties, rng))
    sample = _sample(parties, one, other, model, rng)
    model = replace(model, m=_matched_levels(sample, model), pairs=len(sample.one))
    return replace(model, prior=_prior(model, sample, len(one) / len(sample.one), parties))


def _sample(parties: Parties, one: Int32, other: Int32, model: Model, rng: np.random.Generator) -> Compared:
    most = SESSION_PAIRS * len(_SESSIONS)
    chosen = np.sort(rng.choice(len(one), most, replace=False)) if len(one) > most else np.arange(len(one))
    one, other = one[chosen], other[chosen]
    return Compared(one, other, agreements(parties.attributes, parties.attributes, one, other, model.hub_array()))


def _shared(parties: Parties, attribute: Attribute) -> tuple[float, float]:
    """The probability that two parties that have such a value have the same one; the same of its part."""
    values = parties.attributes[attribute]
    filled = int(np.count_nonzero(np.diff(values.start)))
    return _agreeing(values.codes[:, 0], values.users[:, 0], filled), _agreeing(
        values.codes[:, 1], values.users[:, 1], filled
    )


def _agreeing(codes: Int64, users: Int32, filled: int) -> float:
    _, first = np.unique(codes, return_index=True)
    times = users[first].astype(float)
    pairs = float((times * (times - 1.0)).sum())
    return max(pairs, 1.0) / max(filled * (filled - 1.0), 2.0)


def _random_levels(
    parties: Parties, shared: tuple[tuple[float, float], ...], rng: np.random.Generator
) -> tuple[tuple[float, ...], ...]:
    """How often two parties at random agree at every level: u."""
    drawn = min(RANDOM_PAIRS, len(parties) * (len(parties) - 1) // 2)
    one, other = (rng.integers(0, len(parties), drawn, dtype=np.int32) for _ in range(2))
    apart = one != other
    no_hubs = untrained().hub_array()
    found = agreements(parties.attributes, parties.attributes, one[apart], other[apart], no_hubs)
    rows = []
    for at, comparison in enumerate(COMPARISONS):
        own = np.array([level.u for level in comparison.levels])
        seen = _counts(found.levels[:, at], len(own))
        u = (seen + own * _OWN_RANDOM) / (seen.sum() + _OWN_RANDOM)
        if comparison.levels[0].rarity == VALUE:  # equal values are too rare to be met at random, and can be counted
            told = seen.sum() / (seen.sum() + _OWN_RANDOM)
            u[0] = told * shared[at][0] + (1.0 - told) * own[0]
        rows.append(_normal(u))
    return tuple(rows)


def _counts(levels: Int8, size: int, weight: Float64 | None = None) -> Float64:
    there = levels != NO_LEVEL
    counted = np.bincount(levels[there], None if weight is None else weight[there], minlength=size)
    return counted[:size].astype(np.float64)


def _normal(levels: Float64) -> tuple[float, ...]:
    total = levels.sum()
    return tuple(float(value) for value in levels / total)


def _hubs(parties: Parties, rng: np.random.Generator) -> tuple[tuple[int, int], ...]:
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
    party, code = codes_of_parties(values, values.codes[:, column])
    _, group, sizes = np.unique(code, return_inverse=True, return_counts=True)
    order = np.argsort(group, kind="stable")
    start = starts_of(sizes)
    busy = np.flatnonzero(sizes >= _HUB_FROM)
    if len(busy) > _HUBS_ASKED:
        busy = rng.choice(busy, _HUBS_ASKED, replace=False)
    asked = np.repeat(busy, _PAIRS_A_HUB)
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


def _matched_levels(sample: Compared, model: Model) -> tuple[tuple[float, ...], ...]:
    """How often records of one party agree at every level: m, averaged over the sessions by their matches."""
    seen = [np.zeros(len(comparison.levels)) for comparison in COMPARISONS]
    for attribute in _SESSIONS:
        inside = _sharing(sample.found, attribute)
        if inside.any():
            for at, counts in enumerate(_session(sample.only(np.flatnonzero(inside)), attribute, model)):
                seen[at] += counts
    return tuple(_learned(comparison, counts) for comparison, counts in zip(COMPARISONS, seen, strict=True))


def _learned(comparison: Comparison, counts: Float64) -> tuple[float, ...]:
    """m from expected matches at every level, held by the table's own numbers.

    The matches that share a key are the easy ones, so disagreement among them is rarer than among all: no level is
    believed to be ten times rarer than the table says.
    """
    own = np.array([level.m for level in comparison.levels])
    fixed = np.array([level.fixed for level in comparison.levels])
    learned = (counts + own * _OWN_MATCHES) / (counts.sum() + _OWN_MATCHES)
    learned = np.maximum(learned, own * _LEAST_OF_OWN)
    learned[fixed] = np.minimum(own[fixed], learned[fixed])
    return _normal(learned)


def _sharing(found: Agreements, attribute: Attribute) -> NDArray[np.bool_]:
    columns = [at for at, comparison in enumerate(COMPARISONS) if comparison.attribute is attribute]
    shares: NDArray[np.bool_] = (found.levels[:, columns] == 0).any(axis=1)
    return shares


def _session(sample: Compared, attribute: Attribute, model: Model) -> list[Float64]:
    """Expected matches at every level among pairs that share one attribute's value; of that attribute none."""
    patterns, times = _patterns(sample.found.levels)
    m = [np.array(row) for row in model.m]
    used = [at for at, comparison in enumerate(COMPARISONS) if comparison.attribute is not attribute]
    prior = 0.5
    counts = [np.zeros(len(row)) for row in m]
    for _ in range(_ROUNDS):
        odds = np.full(len(patterns), np.log(prior / (1.0 - prior)))
        for at in used:
            there = patterns[:, at] != NO_LEVEL
            odds[there] += np.log(m[at] / np.array(model.u[at]))[patterns[there, at]]
        matched = times / (1.0 + np.exp(-np.clip(odds, -40.0, 40.0)))
        before = prior
        prior = float(np.clip(matched.sum() / times.sum(), 1e-6, 1.0 - 1e-6))
        for at in used:
            counts[at] = _counts(patterns[:, at], len(m[at]), matched)
            m[at] = np.array(_learned(COMPARISONS[at], counts[at]))
        if abs(prior - before) < _SETTLED:
            break
    return counts


def _patterns(levels: Int8) -> tuple[Int8, Int64]:
    """(rows, times): every combination of levels once. Four bits a comparison make one number of a row."""
    packed = np.zeros(len(levels), np.int64)
    for at in range(levels.shape[1]):
        packed = packed << 4 | (levels[:, at].astype(np.int64) - NO_LEVEL)
    _, first, times = np.unique(packed, return_index=True, return_counts=True)
    return levels[first], times


def _prior(model: Model, sample: Compared, scale: float, parties: Parties) -> float:
    """The share of all pairs that are one party: what the table says of the compared ones, asked until it agrees."""
    pairs = len(parties) * (len(parties) - 1) / 2.0
    bits = model.bits(sample.found, parties.filled).sum(axis=1)
    prior = model.prior
    for _ in range(_ROUNDS):
        matches = float(replace(model, prior=prior).probability(bits).sum()) * scale
        asked = float(np.clip((matches + 1.0) / (pairs + 1.0), 1e-12, 1.0 / POPULATION))
        if abs(np.log(asked / prior)) < _SETTLED:
            break
        prior = asked
    return prior
