"""Ties of a generated graph with planted groups, as the clusters are made of."""

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.clusters.ties import LeftOut, Pairs, Ties

Labels = NDArray[np.int64]


def planted(groups: int, seed: int, *, within: float = 0.75, between: float = 1.0) -> tuple[Ties, Labels]:
    """Groups of two to twelve: members tied with probability ``within`` by .2 to .8; besides, on average ``between``
    weak ties (.02 to .08) a party with anybody. Returns the ties and the group of every vertex."""
    rng = np.random.default_rng(seed)
    truth = np.repeat(np.arange(groups), rng.integers(2, 13, groups))
    size = len(truth)
    steps = [np.arange(size - step) for step in range(1, 12)]
    one = np.concatenate(steps)
    other = np.concatenate([step + at for at, step in enumerate(steps, start=1)])
    told = (truth[one] == truth[other]) & ((rng.random(len(one)) < within) | (other == one + 1))
    noise = rng.integers(0, size, (int(size * between), 2))
    noise = noise[truth[noise[:, 0]] != truth[noise[:, 1]]]
    ends = np.concatenate([np.stack([one[told], other[told]], axis=1), np.sort(noise, axis=1)])
    weight = np.concatenate([rng.uniform(0.2, 0.8, int(told.sum())), rng.uniform(0.02, 0.08, len(noise))])
    mixed = rng.permutation(size)  # neighbours in a group must not be neighbours in the arrays
    return ties(size, np.sort(mixed[ends], axis=1), weight), truth[np.argsort(mixed)]


def ties(size: int, ends: NDArray[np.int64], weight: NDArray[np.float64]) -> Ties:
    """Ties from edges; the first of several between the same two counts."""
    _, first = np.unique(ends[:, 0] * size + ends[:, 1], return_index=True)
    one, other = (ends[first, side].astype(np.int32) for side in (0, 1))
    names = pl.Series([f"importer:{at:08}" for at in range(size)])
    nobody = np.zeros(0, np.int32)
    pairs = Pairs(nobody, nobody, nobody, np.zeros(0))
    return Ties(names, np.arange(size, dtype=np.int32), one, other, weight[first], pairs, LeftOut(0, 0, 0))


def changed(given: Ties, share: float, seed: int) -> Ties:
    """Half of the share of the edges is gone, as many new ones stand between parties taken at random."""
    rng = np.random.default_rng(seed)
    kept = rng.random(len(given.one)) >= share / 2
    size = len(given.entities)
    new = rng.integers(0, size, (int((~kept).sum()), 2))
    new = np.sort(new[new[:, 0] != new[:, 1]], axis=1)
    ends = np.concatenate([np.stack([given.one[kept], given.other[kept]], axis=1).astype(np.int64), new])
    weight = np.concatenate([given.weight[kept], rng.choice(given.weight, len(new))])
    return replace(ties(size, ends, weight), entities=given.entities)


def rand_index(one: Labels, other: Labels) -> float:
    """The adjusted Rand index of two partitions (L. Hubert, P. Arabie, Comparing partitions, Journal of Classification
    2, 1985): 1 for the same partition, 0 for two that agree no more than by chance."""

    def pairs(labels: Labels) -> float:
        count = np.unique(labels, return_counts=True)[1].astype(np.float64)
        return float((count * (count - 1) / 2).sum())

    both = pairs(one * (int(other.max()) + 1) + other)
    expected = pairs(one) * pairs(other) / (len(one) * (len(one) - 1) / 2)
    return (both - expected) / ((pairs(one) + pairs(other)) / 2 - expected)
