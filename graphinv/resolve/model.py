"""The trained table: how often records of one party, and of two, agree at every level, and what follows for a pair."""

import hashlib
import json
import math
from dataclasses import asdict, dataclass, replace
from functools import cached_property

import numpy as np

from graphinv.errors import InvalidInput
from graphinv.resolve.agreement import Agreements
from graphinv.resolve.arrays import Float64, Int64
from graphinv.resolve.comparisons import COMPARISONS, MOST_LEVELS, PART, VALUE, Attribute
from graphinv.resolve.comparisons import NONE as NEVER
from graphinv.resolve.weighing import hold_names, weights_of

#: From this probability on two identities are called one party.
MATCH = 0.5
#: A workspace is a sample of at least so many parties: a value that two of twenty share is not common for that, and two
#: of twenty are not likelier one party than two of ten thousand.
POPULATION = 10_000
#: More users than anybody counts: no hub.
NO_HUB = 2**31 - 1


_ATTRIBUTES = np.array([comparison.attribute for comparison in COMPARISONS], np.int64)
#: So far below even odds (log2) a pair stays that has but names in common, or everything but the name.
_UNLIKELY = 2.0
_NUMBER = next(at for at, comparison in enumerate(COMPARISONS) if comparison.attribute is Attribute.NUMBER)
#: A number that one party alone has names it, whatever else is on record: one time in a hundred it is mistyped, or
#: somebody else's who told nothing beside it.
_NUMBER_BITS = float(np.log2(99.0))


@dataclass(frozen=True)
class Model:
    """``m`` and ``u``: a row a comparison, a column a level.

    ``prior``: the probability that two parties taken at random are one. ``shared`` (comparisons, 2): the probability
    that two parties share a value, and a part, by which rarity is corrected. ``hubs`` (attributes, 2): most users of a
    value, and of a part, that joins anybody. ``pairs``: on how many compared pairs it was trained.
    """

    m: tuple[tuple[float, ...], ...]
    u: tuple[tuple[float, ...], ...]
    prior: float
    shared: tuple[tuple[float, float], ...]
    hubs: tuple[tuple[int, int], ...]
    pairs: int = 0

    @property
    def id(self) -> str:
        """A digest of the numbers: answers that name the same id were weighed alike."""
        return "sha256:" + hashlib.sha256(self.to_json().encode()).hexdigest()

    @cached_property
    def prior_bits(self) -> float:
        """The prior as the logarithm of its odds, base 2."""
        return float(np.log2(self.prior / (1.0 - self.prior)))

    def hub_array(self) -> Int64:
        """``hubs`` as compiled comparison takes it."""
        return self._hubs

    def bits(self, found: Agreements, filled: Int64) -> Float64:
        """The match weight (log2 of m over u) of every comparison of every pair, 0 where there was none.

        ``filled`` says of every attribute how many parties on record have one: a value that few of them have weighs
        more (term frequency). Of those, one less than its users share it with a party that has it.
        """
        population = np.maximum(filled[_ATTRIBUTES], POPULATION)
        bits: Float64 = weights_of(found.levels, found.users, self._weights, self._rarity, population)
        return bits

    def identity_bits(self, found: Agreements, filled: Int64) -> Float64:
        """``bits`` as they tell who is one party: a person's name is never enough for that, however rare it is.

        Where nothing beside names speaks for a pair of people, their names leave it unlikely. A firm's name is chosen
        to be its own; how much it tells is learned. Two with different names are never one party, however many
        contacts they share (they are linked), unless they have one number.
        """
        bits = self.bits(found, filled)
        hold_names(bits, found.levels, -self.prior_bits - _UNLIKELY)
        return bits

    def of_questions(self, filled: Int64) -> "Model":
        """The model for a party that is asked about and those on record, of whom ``filled`` tells how many have a value
        of each attribute.

        Who asks means somebody on record as often as not, so that each of n is meant with odds of 1 / n at least. That
        two records are one may be far less likely: where every party is on record once, no pair is.
        """
        least = 1.0 / (1.0 + max(int(filled.max()), POPULATION))
        return self if self.prior >= least else replace(self, prior=least)

    def question_bits(self, found: Agreements, filled: Int64, most: Float64) -> Float64:
        """``identity_bits`` of one question with parties on record; of the model that ``of_questions`` gives.

        A value that is only like another weighs no more than the value itself would that one party has (``most``, of
        ``most_bits``). A number names its holder, or its holders, however many are on record.
        """
        bits = self.identity_bits(found, filled)
        np.minimum(bits, most, out=bits)
        same = np.flatnonzero(found.levels[:, _NUMBER] == 0)
        if len(same):
            holders = np.maximum(found.users[same, _NUMBER] - 1, 1)
            naming = _NUMBER_BITS - self.prior_bits - np.log2(holders)
            bits[same, _NUMBER] = np.maximum(bits[same, _NUMBER], naming)
        return bits

    def most_bits(self, filled: Int64) -> Float64:
        """What the very value of one party weighs in each comparison; no bound where rarity corrects nothing."""
        population = np.maximum(filled[_ATTRIBUTES], POPULATION)
        usual = self._rarity[:, 0]
        most: Float64 = self._weights[:, 0] + np.log2(np.where(usual > 0.0, usual, np.inf) * (population - 1))
        return most

    def probability(self, bits: Float64) -> Float64:
        """The probability that a pair is one party, from the sum of its weights."""
        odds = np.minimum(np.maximum(self.prior_bits + bits, -60.0), 60.0)  # np.clip takes far longer for a few
        told: Float64 = 1.0 / (1.0 + np.exp2(-odds))
        return told

    def probability_of(self, bits: float) -> float:
        """``probability`` of one pair."""
        return 1.0 / (1.0 + math.exp2(-min(max(self.prior_bits + bits, -60.0), 60.0)))

    def to_json(self) -> str:
        """The model as text, with the names of what was compared."""
        names = [[comparison.name, *(level.name for level in comparison.levels)] for comparison in COMPARISONS]
        return json.dumps({"table": names, **asdict(self)}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Model":
        """Read what ``to_json`` wrote. Raises InvalidInput for a model of another table."""
        read = json.loads(text)
        table = [[comparison.name, *(level.name for level in comparison.levels)] for comparison in COMPARISONS]
        if read.pop("table", None) != table:
            raise InvalidInput("the model was trained for another table of comparisons; train it again")
        pairs = {name: tuple(tuple(row) for row in read[name]) for name in ("m", "u", "shared", "hubs")}
        return cls(prior=read["prior"], pairs=read["pairs"], **pairs)

    @cached_property
    def _hubs(self) -> Int64:
        return np.array(self.hubs, np.int64)

    @cached_property
    def _weights(self) -> Float64:
        """log2 of m over u; the last column is that of NO_LEVEL."""
        weights = np.zeros((len(COMPARISONS), MOST_LEVELS + 1))
        for row, (m, u) in enumerate(zip(self.m, self.u, strict=True)):
            weights[row, : len(m)] = np.log2(np.array(m) / np.array(u))
        return weights

    @cached_property
    def _rarity(self) -> Float64:
        """The usual frequency at every level that rarity corrects, 0 elsewhere."""
        usual = np.zeros((len(COMPARISONS), MOST_LEVELS + 1))
        for row, comparison in enumerate(COMPARISONS):
            for at, level in enumerate(comparison.levels):
                if level.rarity != NEVER:
                    usual[row, at] = self.shared[row][1 if level.rarity == PART else 0]
        return usual


def untrained() -> Model:
    """The table's own numbers, for a workspace with too little to learn from."""
    return Model(
        m=tuple(tuple(level.m for level in comparison.levels) for comparison in COMPARISONS),
        u=tuple(tuple(level.u for level in comparison.levels) for comparison in COMPARISONS),
        prior=1.0 / POPULATION,
        shared=tuple(
            (
                next((level.u for level in comparison.levels if level.rarity == VALUE), 1.0),
                next((level.u for level in comparison.levels if level.rarity == PART), 1.0),
            )
            for comparison in COMPARISONS
        ),
        hubs=tuple((NO_HUB, NO_HUB) for _ in Attribute),
    )
