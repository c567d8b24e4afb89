"""Learning the table from the records themselves, without labels.

Expectation maximisation over all pairs: those that blocking brought together one by one, the rest by their number and
by what pairs at random agree in. So ``m`` (records of one party), ``u`` (of two) and the prior come out together, and
``u`` is not inflated by the duplicates among random pairs. Everything is seeded; a small workspace stays near the
table's own numbers, which count as so many observed pairs.

Winkler, Using the EM Algorithm for Weight Computation in the Fellegi-Sunter Model (1988).
"""

from dataclasses import dataclass, replace

import numpy as np

from graphinv.resolve.agreement import FIRM_NAME, NO_LEVEL, levels_of
from graphinv.resolve.arrays import Float64, Int8, Int32, Int64
from graphinv.resolve.coding import NOTHING
from graphinv.resolve.comparisons import COMPARISONS, VALUE, Attribute, Comparison
from graphinv.resolve.comparisons import PART as PART_OF
from graphinv.resolve.grouping import firsts
from graphinv.resolve.hubs import hub_limits
from graphinv.resolve.model import POPULATION, Model, untrained
from graphinv.resolve.parties import MARK, ORGANISATION, PART, WHOLE, Parties

SEED = 20_240_229
RANDOM_PAIRS = 500_000
#: Of the pairs that blocking found, at most so many are looked at.
TRAINING_PAIRS = 600_000
_ROUNDS = 200
_SETTLED = 1e-4
#: As many observed pairs the table's own numbers count for.
_OWN_MATCHES = 40.0
_OWN_RANDOM = 20_000.0
_LEAST_OF_OWN = 0.1


@dataclass(frozen=True)
class _Told:
    """What the records tell a round of learning: combinations of levels with how many pairs have them (``patterns``,
    ``times``), how many pairs there are, compared or not (``pairs``), how many of them have each comparison
    (``filled``), and pairs at every level that were not compared (``elsewhere``)."""

    patterns: Int8
    times: Float64
    pairs: float
    filled: Float64
    elsewhere: tuple[Float64, ...]


def train(parties: Parties, one: Int32, other: Int32) -> Model:
    """The model for these parties; ``one`` and ``other`` are the pairs that blocking found."""
    model = untrained()
    if len(parties) < 2 or not len(one):
        return model
    rng = np.random.default_rng(SEED)
    model = replace(model, hubs=hub_limits(parties, rng))
    equal = tuple(_equal_pairs(parties, comparison, model) for comparison in COMPARISONS)
    told = _told(parties, one, other, model, equal, rng)
    shared = tuple(
        (_usual(comparison, VALUE, whole, filled), _usual(comparison, PART_OF, part, filled))
        for comparison, (whole, part), filled in zip(COMPARISONS, equal, told.filled, strict=True)
    )
    trained = _learn(replace(model, shared=shared), told, len(parties))
    return replace(trained, pairs=int(min(len(one), TRAINING_PAIRS)))


def relearned_hubs(model: Model, parties: Parties) -> Model:
    """The model as it was trained, with the hubs of today: an agent's customers grow with every load."""
    return replace(model, hubs=hub_limits(parties, np.random.default_rng(SEED)))


def _equal_pairs(parties: Parties, comparison: Comparison, model: Model) -> tuple[float, float]:
    """How many pairs of parties have the same value, hubs left out; how many the same part."""
    values = parties.attributes[comparison.attribute]
    asked = np.ones(len(values.codes), bool)
    if comparison.attribute is Attribute.NAME:
        asked = (values.codes[:, MARK] == ORGANISATION) == (comparison is COMPARISONS[FIRM_NAME])
    hubs = model.hubs[comparison.attribute]
    whole, part = (
        _pairs_of_users(values.codes[asked, column], values.users[asked, column], hubs[column])
        for column in (WHOLE, PART)
    )
    return whole, part


def _pairs_of_users(codes: Int64, users: Int32, hub: int) -> float:
    order = np.argsort(codes)
    first = order[firsts(codes[order])]
    times = users[first].astype(float)
    times = times[(times <= hub) & (codes[first] != NOTHING)]
    return float((times * (times - 1.0)).sum()) / 2.0


def _usual(comparison: Comparison, rarity: str, equal: float, filled: float) -> float:
    """The probability that two parties share a value, or a part, by which rarity is measured."""
    own = next((level.u for level in comparison.levels if level.rarity == rarity), 1.0)
    return (equal + own * _OWN_RANDOM) / (filled + _OWN_RANDOM)


def _told(
    parties: Parties,
    one: Int32,
    other: Int32,
    model: Model,
    equal: tuple[tuple[float, float], ...],
    rng: np.random.Generator,
) -> _Told:
    hubs = model.hub_array()
    scale = max(1.0, len(one) / TRAINING_PAIRS)
    chosen = np.sort(rng.choice(len(one), TRAINING_PAIRS, replace=False)) if scale > 1.0 else np.arange(len(one))
    compared = levels_of(parties.attributes, one[chosen], other[chosen], hubs)
    patterns, times = _patterns(compared)
    pairs = len(parties) * (len(parties) - 1) / 2.0
    drawn = int(min(RANDOM_PAIRS, pairs))
    some, more = (rng.integers(0, len(parties), drawn, dtype=np.int32) for _ in range(2))
    apart = some != more
    random = levels_of(parties.attributes, some[apart], more[apart], hubs)
    filled, elsewhere = [], []
    for at, comparison in enumerate(COMPARISONS):
        seen = _counts(random[:, at], len(comparison.levels)) * pairs / max(int(apart.sum()), 1)
        if comparison.levels[0].rarity == VALUE:  # equal values are too rare to be met at random, and can be counted
            seen[0] = min(equal[at][0], seen.sum())
        filled.append(float(seen.sum()))
        elsewhere.append(np.maximum(seen - _counts(compared[:, at], len(comparison.levels)) * scale, 0.0))
    return _Told(patterns, times.astype(np.float64) * scale, pairs, np.array(filled), tuple(elsewhere))


def _learn(model: Model, told: _Told, parties: int) -> Model:
    """Rounds of expectation and maximisation until the prior settles."""
    m = [np.array(row) for row in model.m]
    u = [np.array(row) for row in model.u]
    prior = model.prior
    for _ in range(_ROUNDS):
        matched = told.times * _matched(told.patterns, m, u, prior)
        before = prior
        prior = _prior(float(matched.sum()), told.pairs, parties)
        for at, comparison in enumerate(COMPARISONS):
            levels = told.patterns[:, at]
            m[at] = _learned_m(comparison, _counts(levels, len(m[at]), matched))
            u[at] = _learned_u(comparison, _counts(levels, len(u[at]), told.times - matched) + told.elsewhere[at])
        if abs(np.log(prior / before)) < _SETTLED:
            break
    return replace(
        model, m=tuple(tuple(row.tolist()) for row in m), u=tuple(tuple(row.tolist()) for row in u), prior=prior
    )


def _matched(patterns: Int8, m: list[Float64], u: list[Float64], prior: float) -> Float64:
    """The probability that pairs with each combination of levels are one party."""
    odds = np.full(len(patterns), np.log(prior / (1.0 - prior)))
    for at in range(patterns.shape[1]):
        there = patterns[:, at] != NO_LEVEL
        odds[there] += np.log(m[at] / u[at])[patterns[there, at]]
    matched: Float64 = 1.0 / (1.0 + np.exp(-np.clip(odds, -40.0, 40.0)))
    return matched


def _prior(matches: float, pairs: float, parties: int) -> float:
    """The share of all pairs that are one party, in a population of which a small workspace is a sample."""
    share = (matches + 1.0) / (pairs + 1.0) * min(1.0, (parties - 1) / POPULATION)
    return float(np.clip(share, 1e-12, 0.01))


def _learned_m(comparison: Comparison, counts: Float64) -> Float64:
    """m from expected matches at every level, held by the table's own numbers.

    The matches that are easily told are those that agree in most, so disagreement among them is rarer than among all:
    no level is believed to be ten times rarer than the table says.
    """
    own = np.array([level.m for level in comparison.levels])
    fixed = np.array([level.fixed for level in comparison.levels])
    learned = (counts + own * _OWN_MATCHES) / (counts.sum() + _OWN_MATCHES)
    learned = np.maximum(learned, own * _LEAST_OF_OWN)
    learned[fixed] = np.minimum(own[fixed], learned[fixed])
    total: Float64 = learned / learned.sum()
    return total


def _learned_u(comparison: Comparison, counts: Float64) -> Float64:
    """u from expected pairs of two parties at every level."""
    own = np.array([level.u for level in comparison.levels])
    learned: Float64 = (counts + own * _OWN_RANDOM) / (counts.sum() + _OWN_RANDOM)
    return learned


def _counts(levels: Int8, size: int, weight: Float64 | None = None) -> Float64:
    there = levels != NO_LEVEL
    counted = np.bincount(levels[there], None if weight is None else weight[there], minlength=size)
    return counted.astype(float)


def _patterns(levels: Int8) -> tuple[Int8, Int64]:
    """(rows, times): every combination of levels once. Four bits a comparison make one number of a row."""
    packed = np.zeros(len(levels), np.int64)
    for at in range(levels.shape[1]):
        packed = packed << 4 | (levels[:, at].astype(np.int64) - NO_LEVEL)
    _, first, times = np.unique(packed, return_index=True, return_counts=True)
    return levels[first], times
