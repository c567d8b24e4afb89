"""One record at a time against many: how long it takes, and whether what fits best is found."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

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
from tests.benchmarks.resolution.metrics import recall_at, recall_by_weight
from tests.benchmarks.resolution.splink_rival import OneByOne, prepared
from tests.benchmarks.resolution.tuning import Tuned
from tests.benchmarks.resolution.worlds import WorldRecords

BEST = 10
#: Of what comparing with everything finds best, only records of at least this probability must be found again.
_WORTH, _LIKELY = 1e-3, 0.05
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

    def best(self, record: dict[str, Any], k: int) -> "Best":
        """The ``k`` likeliest records of those that are compared with this one."""
        return self._first(self._index.match(_asked(record), _NOBODY), k, least=0.0)

    def best_of_all(self, record: dict[str, Any], k: int, least: float) -> "Best":
        """The same from all records, without those of a lower probability than ``least``."""
        everybody = np.arange(len(self._uids), dtype=np.int32)
        return self._first(self._index.match(_asked(record), everybody), k, least)

    def _first(self, matched: Matched, k: int, least: float) -> "Best":
        bits = matched.bits.sum(axis=1)
        order = np.lexsort((matched.party, -bits))[:k]
        first = order[matched.probability[order] >= least]
        found: list[str] = self._uids.gather(matched.party[first]).to_list()
        return Best(found, bits[first].tolist(), matched.probability[first].tolist())


@dataclass(frozen=True)
class Best:
    """Records by falling match weight (bits), with their probability."""

    ids: list[str]
    bits: list[float]
    probability: list[float]

    def likely(self, least: float) -> list[float]:
        """The weights of those of at least this probability."""
        return [bits for bits, probability in zip(self.bits, self.probability, strict=True) if probability >= least]


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

    Recall@10 is of what comparing the record with everything finds best, by our own model, whatever is likelier than
    one in a thousand. Most of that is chance: at this size one namesake anywhere in the country, or one record without
    a name in the same city, is as likely as the next. So of records of equal weight any is as good (which of fifty
    namesakes comes first, their order in the file tells), and the share is also given of what is likelier than one in
    twenty. ``true found`` is of the other records of the same business, at most ten.
    """
    asked = held_out(world, queries)
    rest = ~world.records["record_id"].is_in(asked["record_id"].implode())
    ours = Ours(world.records.filter(rest))
    records = world.records[asked["row"]].to_dicts()
    wanted = [ours.best_of_all(record, BEST, _WORTH) for record in records]
    theirs = prepared(world.records)
    splink = OneByOne(theirs.filter(rest), tuned.model)
    singles = [theirs[row] for row in asked["row"].to_list()]
    true = true_others(world, asked, rest)
    found, took = timed(lambda row: ours.best(records[row], BEST), len(records))
    recall = {
        "recall@10": recall_by_weight(BEST, [one.bits for one in found], [one.bits for one in wanted]),
        "of likely ones": recall_by_weight(BEST, [one.bits for one in found], [one.likely(_LIKELY) for one in wanted]),
        "the very ids": recall_at(BEST, [one.ids for one in found], [one.ids for one in wanted]),
    }
    mine = {**took, "true found": recall_at(BEST, [one.ids for one in found], true), **recall}
    by_splink, took = timed(lambda row: splink.best(singles[row], BEST), len(records))
    rows = (
        Row("one record", "graphinv", mine),  # what fits best is a question of the model; Splink has its own
        Row("one record", "splink", {**took, "true found": recall_at(BEST, by_splink, true)}),
    )
    return Section(f"One record against {int(rest.sum()):,}: {len(records)} queries", rows)


T = TypeVar("T")


def timed(best: Callable[[int], T], queries: int) -> tuple[list[T], dict[str, float]]:
    """What is found for each query, and the CPU milliseconds that it takes."""
    best(0)
    found, took = [], np.empty(queries)
    for row in range(queries):
        began = time.process_time()
        found.append(best(row))
        took[row] = (time.process_time() - began) * 1000
    p50, p90 = np.quantile(took, [0.5, 0.9])
    return found, {"p50 CPU ms": float(p50), "p90 CPU ms": float(p90)}


def held_out(world: WorldRecords, queries: int) -> pl.DataFrame:
    """(row, record_id, business_id): one record of businesses that have others."""
    numbered = world.truth.with_row_index("row").filter(pl.len().over("business_id") > 1)
    one_each = numbered.unique("business_id", keep="last", maintain_order=True)
    return one_each.sample(min(queries, one_each.height), seed=1).select("row", "record_id", "business_id")


def true_others(world: WorldRecords, asked: pl.DataFrame, rest: pl.Series) -> list[list[str]]:
    """The records of the same business among those that are not held out."""
    others = world.truth.filter(rest).group_by("business_id").agg(ids=pl.col("record_id").sort())
    told = asked.join(others, on="business_id", how="left", maintain_order="left")["ids"].to_list()
    return [list(ids or []) for ids in told]
