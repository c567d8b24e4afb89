"""What is chosen before anything is measured: Splink's model and every threshold, on a world that is not measured."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from tests.benchmarks.resolution.answers import Answer, clustered
from tests.benchmarks.resolution.metrics import bcubed, pair_counts
from tests.benchmarks.resolution.own_process import in_own_process, resolved
from tests.benchmarks.resolution.worlds import WorldRecords

#: Weights that are tried: bits for Splink, the mean ratio for token-sort.
_TRIED = {"splink": np.arange(-6.0, 8.0, 0.5), "token_sort": np.arange(70.0, 99.0, 1.0)}


@dataclass(frozen=True)
class Tuned:
    """Splink's trained model, and the weight from which each rival takes two records for one party."""

    model: Path
    least: dict[str, float]


def tune(world: WorldRecords, folder: Path) -> Tuned:
    """The weight with the best mean of pairwise and B-cubed F1 on this world."""
    model = folder / "splink_model.json"
    in_own_process("train", world.records, folder / "train", 0.0, model)
    scored = {rival: resolved(rival, world.records, float(tried[0]), model) for rival, tried in _TRIED.items()}
    return Tuned(model, {"exact": 1.0, **{rival: _best(world, answer, rival) for rival, answer in scored.items()}})


def _best(world: WorldRecords, answer: Answer, rival: str) -> float:
    return float(max(_TRIED[rival], key=lambda least: _quality(world, answer, least)))


def _quality(world: WorldRecords, answer: Answer, least: float) -> float:
    ids: pl.Series = world.records["record_id"]
    labels = clustered(ids, answer.pairs, least).entity_of(ids)
    return (pair_counts(world.cluster, labels).score.f1 + bcubed(world.cluster, labels).f1) / 2
