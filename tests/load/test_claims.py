"""Claims add up to relationships in any order, and in any parts."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from graphinv.load.relations import aggregate, single
from graphinv.schema import SOURCES_KEPT

DAY = date(2024, 1, 1)
MOMENT = datetime(2024, 1, 1, tzinfo=UTC)
SCHEMA = pl.Schema(
    [
        ("src", pl.String()),
        ("dst", pl.String()),
        ("record_id", pl.String()),
        ("seen", pl.Date()),
        ("known_at", pl.Datetime("us", "UTC")),
        ("confidence", pl.Float64()),
    ]
)

claims = st.lists(
    st.tuples(
        st.sampled_from(["importer:a", "importer:b"]),
        st.sampled_from(["phone:+1", "phone:+2"]),
        st.integers(0, 12).map("shipments:X{}".format),
        st.none() | st.integers(0, 400).map(lambda days: DAY + timedelta(days=days)),
        st.integers(0, 400).map(lambda hours: MOMENT + timedelta(hours=hours)),
        st.sampled_from([0.75, 0.85, 0.95]),
    ),
    max_size=40,
)


def _frame(rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort("src", "dst")


@settings(deadline=None)
@given(claims, st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(rows: list[tuple[object, ...]], chance: Random) -> None:
    shuffled = [*rows, *rows[: len(rows) // 2]]  # a claim told twice is one claim
    chance.shuffle(shuffled)
    assert_frame_equal(_sorted(aggregate(_frame(shuffled))), _sorted(aggregate(_frame(rows))), check_exact=True)


@settings(deadline=None)
@given(claims, st.integers(0, 12))
def test_records_counted_apart_add_up_to_the_whole(rows: list[tuple[object, ...]], border: int) -> None:
    """Of two parts without a record in common the provenance adds up; the sources are the smallest of both."""
    whole = _frame(rows)
    first = pl.col("record_id").str.strip_prefix("shipments:X").cast(pl.Int64) < border
    parts = pl.concat([aggregate(whole.filter(first)), aggregate(whole.filter(~first))])
    added = parts.group_by("src", "dst").agg(
        pl.col("sources").explode().sort().head(SOURCES_KEPT),
        pl.col("count").sum(),
        pl.col("first_seen").min(),
        pl.col("last_seen").max(),
        pl.col("known_at").min(),
        pl.col("confidence").max(),
    )
    assert_frame_equal(_sorted(added), _sorted(aggregate(whole)), check_exact=True)


def test_the_smallest_sources_stand_for_all_that_are_counted() -> None:
    rows = [("importer:a", "phone:+1", f"shipments:X{n}", DAY, MOMENT, 0.75) for n in range(9, 0, -1)]
    (edge,) = aggregate(_frame(rows)).to_dicts()
    assert edge["sources"] == [f"shipments:X{n}" for n in range(1, SOURCES_KEPT + 1)]
    assert edge["count"] == 9


@settings(deadline=None)
@given(claims)
def test_a_single_claim_aggregates_to_itself(rows: list[tuple[object, ...]]) -> None:
    alone = _frame(rows).unique(["src", "dst"], keep="first", maintain_order=True)
    assert_frame_equal(_sorted(single(alone)), _sorted(aggregate(alone)), check_exact=True)
