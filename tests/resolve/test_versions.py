"""Which version of a record counts."""

from datetime import UTC, datetime
from random import Random

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from graphinv.resolve.versions import newest

DAY = datetime(2024, 5, 1, tzinfo=UTC)
VERSIONS = pl.Schema(
    [
        ("record_id", pl.String()),
        ("content", pl.String()),
        ("known_at", pl.Datetime("us", "UTC")),
        ("phone", pl.String()),
        ("number", pl.String()),
    ]
)

versions = st.lists(
    st.fixed_dictionaries(
        {
            "record_id": st.sampled_from(["a", "b", "c"]),
            "content": st.text("0123456789abcdef", min_size=4, max_size=4),
            "known_at": st.sampled_from([DAY, DAY.replace(day=2)]),
            "phone": st.sampled_from([None, "+1", "+2", "+3"]),
            "number": st.none(),
        }
    ),
    max_size=12,
    unique_by=lambda row: (row["record_id"], row["known_at"], row["phone"]),
)


def _frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=VERSIONS)


@given(versions, st.randoms(use_true_random=False))
def test_the_newest_version_counts_whatever_the_order(rows: list[dict[str, object]], chance: Random) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    found = newest(_frame(shuffled), "record_id").sort("record_id")
    assert_frame_equal(found, newest(_frame(rows), "record_id").sort("record_id"))
    latest = _frame(rows).group_by("record_id").agg(pl.col("known_at").max()).sort("record_id")
    assert_frame_equal(found.select("record_id", "known_at"), latest)


def test_a_tie_is_broken_by_what_is_said_and_not_by_hashed_numbers() -> None:
    """Content digests and hashed numbers come from the workspace's key: under another key they sort otherwise."""

    def told(first: str, second: str) -> list[str]:
        rows = [
            {"record_id": "a", "content": first, "known_at": DAY, "phone": "+1", "number": f"ssn-{first * 12}"},
            {"record_id": "a", "content": second, "known_at": DAY, "phone": "+2", "number": f"ssn-{second * 12}"},
        ]
        return newest(_frame(rows), "record_id")["phone"].to_list()

    assert told("aa", "bb") == told("bb", "aa") == ["+2"]
