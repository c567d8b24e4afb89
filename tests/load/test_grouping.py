"""Compiled grouping says what plain Python says."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.load.feed_rows import ROLES, FeedRows
from graphinv.load.grouping import come_together, groups_of, least_rows, newest_rows, ranks_of, taken
from graphinv.resolve.coding import codes_of

#: Texts that begin alike, with letters that sort before and after the mark of a role.
ids = st.text(alphabet=" !#$AZaé", max_size=4)


def _codes(texts: Sequence[str | None]) -> pl.Series:
    return pl.Series("text", texts, dtype=pl.String)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.none() | ids, max_size=30))
def test_rows_of_equal_texts_are_one_group_in_the_order_of_coming_up(texts: list[str | None]) -> None:
    found = groups_of(codes_of(_codes(texts)))
    told = list(dict.fromkeys(text for text in texts if text is not None))
    assert [texts[row] for row in found.first] == told
    assert found.of.tolist() == [-1 if text is None else told.index(text) for text in texts]


@settings(max_examples=80, deadline=None)
@given(st.lists(ids, max_size=30), st.booleans())
def test_ranks_follow_the_bytes_of_texts(texts: list[str], long: bool) -> None:
    texts = [text + "x" * 70 * long for text in texts]
    told = sorted({text.encode() for text in texts})
    assert ranks_of(_codes(texts)).tolist() == [told.index(text.encode()) for text in texts]


@settings(max_examples=80, deadline=None)
@given(st.lists(ids, min_size=1, max_size=20))
def test_records_stand_in_the_order_of_their_ids_with_the_role_behind(texts: list[str]) -> None:
    rows = FeedRows("shipments", pl.DataFrame({"record_id": texts}))
    ranked = [(rank, text + role) for role in ROLES for text, rank in zip(texts, rows.rank(role), strict=True)]
    assert [text for _, text in sorted(ranked)] == sorted((text for _, text in ranked), key=str.encode)
    assert len({rank for rank, _ in ranked}) == len({text for _, text in ranked})


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 4), max_size=12))
def test_rows_come_together_where_no_rank_comes_back(ranks: list[int]) -> None:
    runs = [rank for at, rank in enumerate(ranks) if at == 0 or ranks[at - 1] != rank]
    assert come_together(np.array(ranks, np.int64)) == (len(runs) == len(set(runs)))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 2), st.none() | ids), max_size=30))
def test_of_a_group_the_smallest_and_the_newest_value_are_found(rows: list[tuple[int, int, str | None]]) -> None:
    group, known = np.array([row[0] for row in rows], np.int32), np.array([row[1] for row in rows], np.int64)
    values, there = _codes([row[2] for row in rows]), np.array([row[2] is not None for row in rows], np.bool_)
    rank = np.arange(len(rows))
    told = [[row for row in range(len(rows)) if rows[row][0] == one and there[row]] for one in range(4)]
    texts = [[str(rows[row][2]) for row in of] for of in told]
    assert taken(values, least_rows(group, 4, values)).to_list() == [
        min(of, key=str.encode, default=None) for of in texts
    ]
    newest = newest_rows(group, 4, known, rank, there).tolist()
    assert newest == [max(of, key=lambda row: (known[row], row), default=-1) for of in told]


@pytest.mark.parametrize("feed", ["importers", "shipments"])
def test_rows_without_a_day_have_none(feed: str) -> None:
    frame = pl.DataFrame(
        {"record_id": ["a"], "seen": [None], "known_at": [datetime(2024, 1, 1, tzinfo=UTC)]},
        schema_overrides={"seen": pl.Date},
    )
    rows = FeedRows(feed, frame)
    assert rows.days().tolist() == [np.iinfo(np.int32).min]
    assert rows.moments().tolist() == [1704067200000000]
