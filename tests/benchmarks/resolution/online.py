"""One record at a time against many: how long it takes, and whether what fits best is found."""

import time
from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.resolve.agreement import agreements
from graphinv.resolve.blocking import ask, block, pairs_of
from graphinv.resolve.declared import declared_by_records
from graphinv.resolve.parties import Parties, parties_of
from graphinv.resolve.training import train
from tests.benchmarks.resolution.figures import Row, Section
from tests.benchmarks.resolution.metrics import recall_at
from tests.benchmarks.resolution.splink_rival import OneByOne, prepared
from tests.benchmarks.resolution.tuning import Tuned
from tests.benchmarks.resolution.worlds import WorldRecords

BEST = 10
#: Of what comparing with everything finds best, only records of at least this probability must be found again.
_WORTH = 1e-3


class Ours:
    """The batch's blocks and its comparisons, asked for one record."""

    def __init__(self, records: pl.DataFrame) -> None:
        self._parties = parties_of(declared_by_records(records), records["record_id"])
        self._blocks = block(self._parties)
        self._model = train(self._parties, *pairs_of(self._blocks))
        self._filled = self._parties.filled

    def best(self, record: pl.DataFrame, k: int, *, everything: bool = False) -> list[str]:
        """The ids of the ``k`` likeliest records, from the record's blocks or from all records."""
        one = parties_of(declared_by_records(record), record["record_id"])
        others = np.arange(len(self._parties), dtype=np.int32) if everything else ask(self._blocks, one)
        bits = self._bits(one, others)
        if everything:
            worth = self._model.probability(bits) >= _WORTH
            others, bits = others[worth], bits[worth]
        first = others[np.lexsort((others, -bits))[:k]]
        found: list[str] = self._parties.uids.gather(first).to_list()
        return found

    def _bits(self, one: Parties, others: NDArray[np.int32]) -> NDArray[np.float64]:
        found = agreements(
            one.attributes, self._parties.attributes, np.zeros(len(others), np.int32), others, self._model.hub_array()
        )
        bits: NDArray[np.float64] = self._model.bits(found, self._filled).sum(axis=1)
        return bits


def online(world: WorldRecords, tuned: Tuned, queries: int) -> Section:
    """``queries`` records of as many businesses are held out and asked for among all the others.

    Recall@10 is of what comparing the record with everything finds best, by our own model; ``true found`` is of the
    other records of the same business, at most ten.
    """
    asked = _held_out(world, queries)
    rest = ~world.records["record_id"].is_in(asked["record_id"].implode())
    ours = Ours(world.records.filter(rest))
    records = [world.records[row] for row in asked["row"].to_list()]
    wanted = [ours.best(record, BEST, everything=True) for record in records]
    theirs = prepared(world.records)
    splink = OneByOne(theirs.filter(rest), tuned.model)
    singles = [theirs[row] for row in asked["row"].to_list()]
    true = _true_others(world, asked, rest)
    rows = (
        _timed("graphinv", lambda row: ours.best(records[row], BEST), wanted, true),
        _timed("splink", lambda row: splink.best(singles[row], BEST), wanted, true),
    )
    return Section(f"One record against {int(rest.sum()):,}: {len(records)} queries", rows)


def _timed(rival: str, best: Callable[[int], list[str]], wanted: list[list[str]], true: list[list[str]]) -> Row:
    best(0)
    found, took = [], np.empty(len(wanted))
    for row in range(len(wanted)):
        began = time.process_time()
        found.append(best(row))
        took[row] = (time.process_time() - began) * 1000
    p50, p90 = np.quantile(took, [0.5, 0.9])
    measures = {"p50 CPU ms": float(p50), "p90 CPU ms": float(p90), "true found": recall_at(BEST, found, true)}
    if rival == "graphinv":  # what fits best is a question of the model; Splink has its own
        measures["recall@10"] = recall_at(BEST, found, wanted)
    return Row("one record", rival, measures)


def _held_out(world: WorldRecords, queries: int) -> pl.DataFrame:
    """(row, record_id, business_id): one record of businesses that have others."""
    numbered = world.truth.with_row_index("row").filter(pl.len().over("business_id") > 1)
    one_each = numbered.unique("business_id", keep="last", maintain_order=True)
    return one_each.sample(min(queries, one_each.height), seed=1).select("row", "record_id", "business_id")


def _true_others(world: WorldRecords, asked: pl.DataFrame, rest: pl.Series) -> list[list[str]]:
    others = world.truth.filter(rest).group_by("business_id").agg(ids=pl.col("record_id").sort())
    told = asked.join(others, on="business_id", how="left", maintain_order="left")["ids"].to_list()
    return [list(ids or []) for ids in told]
