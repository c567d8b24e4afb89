"""An invented world: quality by kind of disguise, calibration, processor time and memory."""

from pathlib import Path

import polars as pl

from tests.benchmarks.resolution.answers import Answer, numbered
from tests.benchmarks.resolution.blocks import blocking_row, met_by_graphinv, pairs_of_clusters
from tests.benchmarks.resolution.figures import Row, Section
from tests.benchmarks.resolution.metrics import (
    PairCounts,
    bcubed,
    calibration_error,
    pair_counts,
    pair_counts_touching,
)
from tests.benchmarks.resolution.own_process import Measured, measured
from tests.benchmarks.resolution.tuning import Tuned
from tests.benchmarks.resolution.worlds import WorldRecords

_RIVALS = ("graphinv", "splink", "token_sort", "exact")
_SCORERS = ("graphinv", "splink")


def own_world(world: WorldRecords, tuned: Tuned, folder: Path) -> list[Section]:
    """Every resolver trains on the records themselves, without labels; thresholds come from another world."""
    found = {rival: measured(rival, world.records, folder / rival, tuned.least.get(rival, 0.0)) for rival in _RIVALS}
    count = f"{world.records.height:,} records, {world.cluster.n_unique():,} businesses"
    return [
        Section(f"Own world: {count}", tuple(_whole(world, rival, one) for rival, one in found.items())),
        Section(
            "Own world, by what happened to a record (pairs with at least one such record)", tuple(_kinds(world, found))
        ),
        Section("Own world: blocking (Splink's pairs from its least weight on)", tuple(_blocking(world, found))),
        Section("Own world: calibration (expected error of the probability)", tuple(_calibration(world, found))),
    ]


def _whole(world: WorldRecords, rival: str, one: Measured) -> Row:
    labels = one.answer.entity_of(world.records["record_id"])
    pairs, cubed = pair_counts(world.cluster, labels).score, bcubed(world.cluster, labels)
    fronts = pair_counts(world.truth["hands_id"], labels) - pair_counts(world.cluster, labels)
    measures = {
        "precision": pairs.precision, "recall": pairs.recall, "pairwise F1": pairs.f1,
        "B3 precision": cubed.precision, "B3 recall": cubed.recall, "B3 F1": cubed.f1,
        "other front merged": fronts.right / fronts.true if fronts.true else 0.0,
        "CPU s": one.usage.cpu_seconds, "peak MiB": one.usage.peak_mib,
    }  # fmt: skip
    return Row("all", rival, measures)


def _blocking(world: WorldRecords, found: dict[str, Measured]) -> list[Row]:
    true, count = pairs_of_clusters(world.records["record_id"], world.cluster), world.records.height
    met = {"graphinv": met_by_graphinv(world.records), "splink": found["splink"].answer.pairs}
    return [blocking_row("all", rival, met[rival], true, count) for rival in _SCORERS]


def _kinds(world: WorldRecords, found: dict[str, Measured]) -> list[Row]:
    roles = [(f"a {role}", world.truth["role"] == role) for role in ("importer", "seller", "consignee", "shipper")]
    marks = world.truth["marks"].explode().drop_nulls().unique().sort().to_list()
    told = [(mark, world.truth["marks"].list.contains(mark).fill_null(value=False)) for mark in marks if mark]
    labels = {rival: one.answer.entity_of(world.records["record_id"]) for rival, one in found.items()}
    return [
        Row(kind, rival, _measures(pair_counts_touching(world.cluster, labels[rival], which)))
        for kind, which in [*roles, *told]
        for rival in _SCORERS
    ]


def _measures(counts: PairCounts) -> dict[str, float]:
    score = counts.score
    return {"true pairs": counts.true, "precision": score.precision, "recall": score.recall, "F1": score.f1}


def _calibration(world: WorldRecords, found: dict[str, Measured]) -> list[Row]:
    """Over the pairs that each compared itself, and over those that both compared."""
    answers = {rival: found[rival].answer for rival in _SCORERS}
    keys = {rival: _unordered(answer) for rival, answer in answers.items()}
    shared = keys["graphinv"].join(keys["splink"], on=["low", "high"], suffix="_splink")
    rows = [_calibrated(world, "pairs it compared", rival, keys[rival]) for rival in _SCORERS]
    common = {"graphinv": shared, "splink": shared.with_columns(probability="probability_splink")}
    return [*rows, *(_calibrated(world, "pairs both compared", rival, common[rival]) for rival in _SCORERS)]


def _unordered(answer: Answer) -> pl.DataFrame:
    low, high = pl.min_horizontal("left", "right"), pl.max_horizontal("left", "right")
    return answer.pairs.select(low=low, high=high, probability="probability").unique(["low", "high"])


def _calibrated(world: WorldRecords, case: str, rival: str, pairs: pl.DataFrame) -> Row:
    ids, cluster = world.records["record_id"], world.cluster.rank("dense").to_numpy()
    one, other = numbered(pairs.rename({"low": "left", "high": "right"}), ids)
    true = cluster[one] == cluster[other]
    error = calibration_error(pairs["probability"].to_numpy(), true)
    return Row(case, rival, {"pairs": pairs.height, "truly one": float(true.mean()), "calibration error": error})
