"""Candidates who cannot all be the party that is asked about: a party is one party, so their probabilities share one.

Rivals are candidates whom resolution, and the match model between the two, hold for different parties. Identities of
one entity are none, nor are two who may well be one and were not joined, nor is who holds an account that the question
gives: a party has several, and buys from others'. Each candidate's odds were weighed as if
nobody else were on record. That the party is this one has the odds of this one against all its rivals and nobody,
p = o / (1 + o + the rivals' odds), where a group that is one party counts once, by its likeliest record.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from graphinv.links.index import LinkIndex
from graphinv.resolve.arrays import Float64, Int32

#: Two candidates are no rivals from this probability on that they are one party. Half a small world's shipments, asked
#: about in an index of before: from .1 on candidates are told best (log loss), and from .5 on much worse.
_MAY_BE_ONE = 0.1
#: Odds beyond are as good as certain, and would leave nothing of the others' in a sum.
_MOST_BITS = 40.0


def bounded(index: LinkIndex, parties: Int32, nodes: list[int], bits: Float64, rivals: NDArray[np.bool_]) -> Float64:
    """The probabilities of candidates, by the logarithm (base 2) of the odds of each as if it were the only one; the
    likeliest of ``rivals`` sum to at most 1, the others stand alone."""
    odds = np.exp2(np.minimum(np.maximum(bits, -_MOST_BITS), _MOST_BITS))
    told: Float64 = odds / (1.0 + odds)
    rows = np.flatnonzero(rivals)
    entities = [index.nodes.text("entity", nodes[row]) or nodes[row] for row in rows.tolist()]
    if len(set(entities)) < 2:
        return told
    group = _groups(index, parties[rows], entities)
    best = np.zeros(len(rows))
    np.maximum.at(best, group, odds[rows])
    told[rows] = odds[rows] / (1.0 + odds[rows] + (best.sum() - best)[group])
    return told


@cache
def _pairs(candidates: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Each two of so many."""
    return np.triu_indices(candidates, 1)


def _groups(index: LinkIndex, parties: Int32, entities: list[str | int]) -> NDArray[np.int64]:
    """A number for each candidate, the same for those who are, or may be, one party."""
    texts = [str(entity) for entity in entities]
    numbers = {text: number for number, text in enumerate(sorted(set(texts)))}
    group = np.array([numbers[text] for text in texts])
    one, other = _pairs(len(parties))
    apart = group[one] != group[other]
    one, other = one[apart], other[apart]
    joined = index.match.between(parties[one], parties[other]) >= _MAY_BE_ONE
    for a, b in zip(one[joined].tolist(), other[joined].tolist(), strict=True):
        group[group == group[b]] = group[a]
    return group
