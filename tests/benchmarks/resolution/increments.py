"""Do records that arrive in ten batches become the same parties as all of them at once?"""

import time
from functools import reduce

import numpy as np
import polars as pl

from graphinv.resolve.declared import declared_by_records
from graphinv.resolve.resolution import Kept, resolve
from tests.benchmarks.resolution.blocks import shuffled
from tests.benchmarks.resolution.figures import Row, Section
from tests.benchmarks.resolution.metrics import bcubed, pair_counts
from tests.benchmarks.resolution.worlds import WorldRecords

PARTS = 10


def increments(world: WorldRecords) -> Section:
    """Pairwise and B-cubed agreement of both, and each against the truth. Records arrive in random order, so that those
    of one business are spread over the batches."""
    records, ids = world.records, world.records["record_id"]
    began = time.process_time()
    once = _entity(resolve(declared_by_records(records)).kept, ids)
    batch_took, began = time.process_time() - began, time.process_time()
    parts = shuffled(records.height, PARTS, seed=7)
    arrived, order = np.cumsum([len(part) for part in parts]), np.concatenate(parts)
    steps = [records[np.sort(order[:until])] for until in arrived.tolist()]
    kept = reduce(lambda so_far, known: resolve(declared_by_records(known), kept=so_far).kept, steps, _NOTHING)
    assert kept is not None  # there are steps
    ten, ten_took = _entity(kept, ids), time.process_time() - began
    return Section(
        f"{PARTS} increments against one batch: {records.height:,} records",
        (
            _row("to each other", once, ten),
            Row("one batch", "graphinv", {**_row("", world.cluster, once).measures, "CPU s": batch_took}),
            Row("in increments", "graphinv", {**_row("", world.cluster, ten).measures, "CPU s": ten_took}),
        ),
    )


_NOTHING: Kept | None = None


def _entity(kept: Kept, ids: pl.Series) -> pl.Series:
    told = pl.DataFrame({"uid": ids}).join(kept.entities, on="uid", how="left", maintain_order="left")
    return told.select(pl.coalesce("entity", "uid")).to_series()


def _row(case: str, truth: pl.Series, answer: pl.Series) -> Row:
    return Row(
        case, "graphinv", {"pairwise F1": pair_counts(truth, answer).score.f1, "B3 F1": bcubed(truth, answer).f1}
    )
