"""How good a resolution is: pairwise and B-cubed scores, by kind of record, calibration, and recall at k.

Clusterings are given as one label a record, in the same order for truth and answer; labels may be anything that polars
can group by.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray


@dataclass(frozen=True)
class Score:
    """Precision and recall between 0 and 1; both are 1 where there was nothing to find or nothing was claimed."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return (
            2 * self.precision * self.recall / (self.precision + self.recall) if self.precision + self.recall else 0.0
        )


@dataclass(frozen=True)
class PairCounts:
    """Unordered pairs of records: claimed to be one party and truly so, claimed at all, truly one party."""

    right: int
    claimed: int
    true: int

    @property
    def score(self) -> Score:
        """Pairwise precision and recall."""
        return Score(_ratio(self.right, self.claimed), _ratio(self.right, self.true))

    def __sub__(self, other: "PairCounts") -> "PairCounts":
        return PairCounts(self.right - other.right, self.claimed - other.claimed, self.true - other.true)


def pair_counts(truth: pl.Series, answer: pl.Series) -> PairCounts:
    """Pairs counted from the sizes of clusters and of their overlaps, so that no pair is ever listed."""
    labels = pl.DataFrame({"truth": truth, "answer": answer})
    return PairCounts(_pairs(labels, ["truth", "answer"]), _pairs(labels, ["answer"]), _pairs(labels, ["truth"]))


def pair_counts_touching(truth: pl.Series, answer: pl.Series, marked: pl.Series) -> PairCounts:
    """The pairs of which at least one record is ``marked``."""
    return pair_counts(truth, answer) - pair_counts(truth.filter(~marked), answer.filter(~marked))


def bcubed(truth: pl.Series, answer: pl.Series) -> Score:
    """Mean over records of how pure the record's answer is and how much of its true cluster that holds.

    Bagga and Baldwin 1998, "Entity-based cross-document coreferencing using the vector space model".
    """
    labels = pl.DataFrame({"truth": truth, "answer": answer})
    shared = pl.len().over("truth", "answer")
    means = labels.select(
        (shared / pl.len().over("answer")).mean(), (shared / pl.len().over("truth")).mean().alias("r")
    )
    precision, recall = means.row(0)
    return Score(float(precision), float(recall))


def calibration_error(probabilities: NDArray[np.float64], true: NDArray[np.bool_], bins: int = 15) -> float:
    """Expected calibration error: over ``bins`` equal intervals of [0, 1], the distance between mean probability and
    share of true pairs, weighted by how many pairs lie in the interval; nan without pairs."""
    if not len(probabilities):
        return float("nan")
    place = np.minimum((probabilities * bins).astype(np.int64), bins - 1)
    said = np.bincount(place, weights=probabilities, minlength=bins)
    was = np.bincount(place, weights=true.astype(np.float64), minlength=bins)
    return float(np.abs(said - was).sum() / len(probabilities))


def recall_at(k: int, found: Sequence[Sequence[str]], wanted: Sequence[Sequence[str]]) -> float:
    """Share of the first ``k`` of each wanted list that the first ``k`` of the found list hold; queries that want
    nothing do not count, and nan where none wants anything."""
    shares = [
        len(set(best[:k]) & set(mine[:k])) / len(set(best[:k]))
        for mine, best in zip(found, wanted, strict=True)
        if len(best)
    ]
    return float(np.mean(shares)) if shares else float("nan")


def recall_by_weight(k: int, found: Sequence[Sequence[float]], wanted: Sequence[Sequence[float]]) -> float:
    """Recall at k of what weighs most, both given by falling weight: of equals any is as good, since who of fifty
    namesakes comes first is chance. Queries that want nothing do not count, and nan where none wants anything."""
    shares = [
        sum(weight >= best[:k][-1] for weight in mine[:k]) / len(best[:k])
        for mine, best in zip(found, wanted, strict=True)
        if len(best)
    ]
    return float(np.mean([min(share, 1.0) for share in shares])) if shares else float("nan")


def _pairs(labels: pl.DataFrame, columns: list[str]) -> int:
    size = labels.group_by(columns).len()["len"].cast(pl.Int64)
    return int((size * (size - 1) // 2).sum())


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
