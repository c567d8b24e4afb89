"""The public truth sets: nothing is trained or tuned on their labels."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from tests.benchmarks.resolution.answers import Answer
from tests.benchmarks.resolution.blocks import blocking_row, met_by_graphinv, pairs_of_clusters
from tests.benchmarks.resolution.figures import Row, Section
from tests.benchmarks.resolution.metrics import PairCounts, Score, pair_counts
from tests.benchmarks.resolution.own_process import measured
from tests.benchmarks.resolution.truth_sets import LabelledPairs, LabelledRecords, factories, senzing
from tests.benchmarks.resolution.tuning import Tuned

_RIVALS = ("graphinv", "splink", "token_sort", "exact")


def public(tuned: Tuned, folder: Path) -> list[Section]:
    """Pairwise precision, recall and F1 of all resolvers on both sets, and how many true pairs meet in our blocks
    (the rivals compare all pairs of sets as small as these)."""
    sets = (senzing(), factories())
    rows = [row for told in sets for row in _cases(tuned, folder, told)]
    met = [
        blocking_row(told.name, "graphinv", met_by_graphinv(told.records), _true(told), told.records.height)
        for told in sets
    ]
    return [
        Section("Public truth: nothing trained or tuned on these labels", tuple(rows)),
        Section("Public truth: blocking", tuple(met)),
    ]


def _true(told: LabelledRecords | LabelledPairs) -> pl.DataFrame:
    if isinstance(told, LabelledPairs):
        return told.pairs.filter("same")
    return pairs_of_clusters(told.truth["record_id"], told.truth["cluster"])


def _cases(tuned: Tuned, folder: Path, told: LabelledRecords | LabelledPairs) -> Iterator[Row]:
    for rival in _RIVALS:
        least, model = tuned.least.get(rival, 0.0), tuned.model if rival == "splink" else None
        answer = measured(rival, told.records, folder / told.name / rival, least, model).answer
        score = _of_records(told, answer) if isinstance(told, LabelledRecords) else _of_pairs(told, answer)
        yield Row(told.name, rival, {"precision": score.precision, "recall": score.recall, "F1": score.f1})


def _of_records(told: LabelledRecords, answer: Answer) -> Score:
    return pair_counts(told.truth["cluster"], answer.entity_of(told.truth["record_id"])).score


def _of_pairs(told: LabelledPairs, answer: Answer) -> Score:
    """Only the judged pairs count."""
    joined = answer.entity_of(told.pairs["left"]) == answer.entity_of(told.pairs["right"])
    both: pl.Series = joined & told.pairs["same"]
    return PairCounts(int(both.sum()), int(joined.sum()), int(told.pairs["same"].sum())).score
