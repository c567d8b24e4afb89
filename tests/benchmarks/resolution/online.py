"""One record at a time against many: how long it takes, and whether what fits best is found."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from graphinv.resolve.asked import Asked, AskedAddress, asked_parties
from graphinv.resolve.blocking import block, pairs_of
from graphinv.resolve.declared import declared_by_records
from graphinv.resolve.match_index import Matched, MatchIndex
from graphinv.resolve.nearby import nearby
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
_NOBODY = np.zeros(0, np.int32)


class Ours:
    """The look-up's index over records, asked for one record as the look-up asks."""

    def __init__(self, records: pl.DataFrame) -> None:
        parties = parties_of(declared_by_records(records), records["record_id"])
        blocks = block(parties)
        model = train(parties, *pairs_of(blocks))
        self._uids = parties.uids
        self._index = MatchIndex(
            model, parties.attributes, blocks, parties.filled, np.arange(len(parties), dtype=np.int32), nearby(parties)
        )

    def best(self, record: dict[str, Any], k: int) -> list[str]:
        """The ids of the ``k`` likeliest records of those that share a block with this one."""
        return self._first(self._index.match(_asked(record), _NOBODY), k, least=0.0)

    def best_of_all(self, record: dict[str, Any], k: int) -> list[str]:
        """The same from all records, without unlikely ones."""
        everybody = np.arange(len(self._uids), dtype=np.int32)
        return self._first(self._index.match(_asked(record), everybody), k, least=_WORTH)

    def _first(self, matched: Matched, k: int, least: float) -> list[str]:
        order = np.lexsort((matched.party, -matched.bits.sum(axis=1)))[:k]
        first = matched.party[order[matched.probability[order] >= least]]
        found: list[str] = self._uids.gather(first).to_list()
        return found


def _asked(record: dict[str, Any]) -> Parties:
    """One normalised record as the look-up takes it."""
    caption = " ".join(record["address_words"] or ())
    place = {name: record[name] for name in ("building_key", "unit_key", "locality", "postal_code")}
    single = {f"{name}s": _only(record[name]) for name in ("phone", "email", "website", "number", "officer", "mid")}
    return asked_parties(
        Asked(
            names=((record["name_key"], record["name_kind"]),) if record["name_key"] else (),
            addresses=(AskedAddress(**place, caption=caption),) if caption or any(place.values()) else (),
            bank_accounts=_only(record["bank_account"]),
            countries=_only(record["country"]),
            birth_dates=_only(record["birth_date"]),
            **single,
        )
    )


def _only(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


def online(world: WorldRecords, tuned: Tuned, queries: int) -> Section:
    """``queries`` records of as many businesses are held out and asked for among all the others.

    Recall@10 is of what comparing the record with everything finds best, by our own model; ``true found`` is of the
    other records of the same business, at most ten.
    """
    asked = _held_out(world, queries)
    rest = ~world.records["record_id"].is_in(asked["record_id"].implode())
    ours = Ours(world.records.filter(rest))
    records = world.records[asked["row"]].to_dicts()
    wanted = [ours.best_of_all(record, BEST) for record in records]
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
