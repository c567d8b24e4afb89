"""What is chosen before anything is measured: Splink's model and every threshold, on a world that is not measured."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.resolution.answers import Answer, components, numbered
from tests.benchmarks.resolution.metrics import bcubed, pair_counts
from tests.benchmarks.resolution.own_process import in_own_process, resolved
from tests.benchmarks.resolution.worlds import WorldRecords

#: Weights that are tried: bits for Splink, the mean ratio for token-sort.
_TRIED = {"splink": np.arange(-6.0, 18.0, 1.0), "token_sort": np.arange(76.0, 100.0, 2.0)}


@dataclass(frozen=True)
class Tuned:
    """Splink's trained model, and the weight from which each rival takes two records for one party."""

    model: Path
    least: dict[str, float]


def tune(world: WorldRecords, folder: Path) -> Tuned:
    """The weights with the best mean of pairwise and B-cubed F1 on this world. What is best for few records joins too
    much among many, so tune on as many records as are measured."""
    model = folder / "splink_model.json"
    in_own_process("train", world.records, folder / "train", 0.0, model)
    least = {
        rival: _best(world, resolved(rival, world.records, float(tried[0]), model), tried)
        for rival, tried in _TRIED.items()
    }
    return Tuned(model, {"exact": 1.0, **least})


def _best(world: WorldRecords, answer: Answer, tried: NDArray[np.float64]) -> float:
    weight = answer.pairs["weight"].to_numpy()
    left, right = numbered(answer.pairs, world.records["record_id"])

    def quality(least: float) -> float:
        labels = components(world.records.height, left[weight >= least], right[weight >= least])
        return pair_counts(world.cluster, labels).score.f1 + bcubed(world.cluster, labels).f1

    best: float = max(tried.tolist(), key=quality)
    return best
