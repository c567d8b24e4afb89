"""Claims added up to relationships: one row a relationship, with its provenance.

A claim is (src, dst, record_id, seen, known_at, confidence). Adding claims up is commutative, so the order in which
files and batches arrive cannot matter.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby

import numpy as np
import polars as pl
import pyarrow as pa

from graphinv.load.feed_rows import FeedRows
from graphinv.load.grouping import NO_DAY, Tally, come_together, groups_of, tally
from graphinv.resolve.arrays import Float64, Int32, Int64
from graphinv.resolve.coding import NOTHING, mixed_codes

#: The columns of a claim.
CLAIM = ("src", "dst", "record_id", "seen", "known_at", "confidence")
_MOMENT = pl.Datetime("us", "UTC")


@dataclass(frozen=True)
class End:
    """Whom the rows of a feed name at one end of a relationship: ``codes`` tell them apart (``NOTHING`` where nobody is
    named), ``uids`` gives the uids at some rows."""

    codes: Int64
    uids: Callable[[Int64], pl.Series]


@dataclass(frozen=True)
class Part:
    """Claims of one type by the rows of one feed, about those who have ``role`` in its records."""

    rows: FeedRows
    src: End
    dst: End
    confidence: Float64
    role: str = ""

    def frame(self) -> pl.DataFrame:
        """One row a claim."""
        at = np.flatnonzero((self.src.codes != NOTHING) & (self.dst.codes != NOTHING))
        told = self.rows.frame.select("record_id", "seen", "known_at")[at]
        return told.select(
            self.src.uids(at).alias("src"),
            self.dst.uids(at).alias("dst"),
            pl.col("record_id") + self.role,
            "seen",
            "known_at",
            pl.Series("confidence", self.confidence[at]),
        )


@dataclass(frozen=True)
class Claims:
    """Claims of one relationship type; the parts of a feed stand together."""

    type: str
    parts: tuple[Part, ...]

    @property
    def rows(self) -> pl.DataFrame:
        """One row a claim."""
        return pl.concat(part.frame() for part in self.parts)


def relations(claims: Claims) -> pl.DataFrame:
    """One row per (src, dst) with provenance: sources (the smallest few), count, days, known_at, confidence."""
    return _added_up(claims.parts)[0]


def aggregate(rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    """``relations`` of claims that are rows of a table; ``by`` are columns that tell relationships apart besides, such
    as their type."""
    told = FeedRows("", rows)
    kinds = reduce(mixed_codes, (told.code(name) for name in by), told.code("dst"))
    ends = End(told.code("src"), rows["src"].gather), End(kinds, rows["dst"].gather)
    found, first = _added_up([Part(told, *ends, rows["confidence"].to_numpy())])
    return found.with_columns(rows[name].gather(first) for name in by)


def single(rows: pl.DataFrame) -> pl.DataFrame:
    """The same columns for claims of which there is one a relationship."""
    return rows.select(
        "src",
        "dst",
        pl.concat_list("record_id").alias("sources"),
        pl.lit(1, dtype=pl.Int64).alias("count"),
        pl.col("seen").alias("first_seen"),
        pl.col("seen").alias("last_seen"),
        "known_at",
        "confidence",
    )


def _added_up(parts: Sequence[Part]) -> tuple[pl.DataFrame, Int64]:
    """The relationships, and of each the first row that claims it, counted over all parts."""
    pairs = np.concatenate([_pairs(part) for part in parts])
    group, first = groups_of(pairs)
    rank, order = _in_order(parts)
    found = tally(
        group,
        len(first),
        order,
        rank,
        np.concatenate([part.rows.days() for part in parts]),
        np.concatenate([part.rows.moments() for part in parts]),
        np.concatenate([part.confidence for part in parts]),
    )
    start = np.cumsum([0, *(len(part.confidence) for part in parts)])
    frame = pl.DataFrame(
        {
            "src": pl.concat(list(_named([part.src for part in parts], first, start))),
            "dst": pl.concat(list(_named([part.dst for part in parts], first, start))),
            "sources": _sources(parts, found, start),
            "count": found.records,
            "first_seen": _days(found.first),
            "last_seen": _days(found.last),
            "known_at": pl.Series(found.known).cast(_MOMENT),
            "confidence": found.confidence,
        }
    )
    return frame, first


def _pairs(part: Part) -> Int64:
    codes = mixed_codes(part.src.codes, part.dst.codes)
    codes[(part.src.codes == NOTHING) | (part.dst.codes == NOTHING)] = NOTHING
    return codes


def _in_order(parts: Sequence[Part]) -> tuple[Int64, Int64]:
    """(rank, order): the place of every row's record among all, and the rows with those of one record together."""
    ranks: list[Int64] = []
    orders: list[Int64] = []
    before = rows = 0
    for _, several in groupby(sorted(parts, key=_feed), key=_feed):
        rank = np.concatenate([part.rows.rank(part.role) for part in several])
        order = np.arange(len(rank)) if come_together(rank) else np.argsort(rank, kind="stable")
        ranks.append(rank + before)
        orders.append(order + rows)
        before += int(rank.max(initial=-1)) + 1
        rows += len(rank)
    return np.concatenate(ranks), np.concatenate(orders)


def _feed(part: Part) -> str:
    return part.rows.feed


def _named(ends: Sequence[End], first: Int64, start: Int64) -> Iterator[pl.Series]:
    """The uids at some rows in rising order, part by part."""
    cuts = np.searchsorted(first, start)
    for at, end in enumerate(ends):
        yield end.uids(first[cuts[at] : cuts[at + 1]] - start[at]).alias("uid")


def _sources(parts: Sequence[Part], found: Tally, start: Int64) -> pl.Series:
    ids = pl.concat([part.rows.frame["record_id"] for part in parts]).rechunk().gather(found.source)
    if any(part.role for part in parts):
        roles = pl.Series([part.role for part in parts]).gather(np.searchsorted(start, found.source, side="right") - 1)
        ids = ids + roles
    lists = pa.LargeListArray.from_arrays(found.start, ids.rechunk().to_arrow(compat_level=pl.CompatLevel.newest()))
    return pl.Series("sources", lists)


def _days(days: Int32) -> pl.Series:
    told = pl.Series("day", days)
    return told.set(told == int(NO_DAY), None).cast(pl.Date)
