"""What is made once for equal rows stands on every row."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.resolve.numbering import number_of, once_a_row

ROWS = st.lists(st.tuples(st.sampled_from(["", "a", "b", "ab", None]), st.sampled_from(["", "a", "b", None])))


@given(ROWS)
@settings(deadline=None)
def test_equal_rows_and_no_others_have_one_number(rows: list[tuple[str | None, str | None]]) -> None:
    frame = pl.DataFrame(rows, schema={"one": pl.String, "other": pl.String}, orient="row")
    numbers = frame.select(number_of("one", "other")).to_series().to_list()
    assert len(set(numbers)) == len(set(rows)) == len(set(zip(rows, numbers, strict=True)))


@given(ROWS)
@settings(deadline=None)
def test_every_row_gets_what_was_made_for_those_like_it(rows: list[tuple[str | None, str | None]]) -> None:
    assert_made(rows[:20], len(rows[:20]))
    assert_made(rows * 21, len(set(rows)))


def assert_made(rows: list[tuple[str | None, str | None]], times: int) -> None:
    """Few rows are each made, of many those that differ."""
    frame = pl.DataFrame(rows, schema={"one": pl.String, "other": pl.String}, orient="row")
    seen: list[int] = []

    def make(some: pl.DataFrame) -> pl.Series:
        seen.append(len(some))
        return some.select(pl.concat_str("one", "other", separator="|", ignore_nulls=False)).to_series()

    made = once_a_row(frame, make).to_list()
    assert made == [None if a is None or b is None else f"{a}|{b}" for a, b in rows]
    assert seen == [times]
