"""Laying rows out by counting says what sorting and sets say."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.links.counting import both_ways, counted_order, numbers, places_of, rows_taken, users_of
from graphinv.resolve.coding import codes_of

_HOME, _UNIT, _CALL = 0, 1, 2
#: Of each node the party it belongs to: two of one, three by themselves, three values.
_PARTY = np.array([0, 0, 1, 2, 3, 4, 5, 6], np.int32)
edges = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(0, 2)), unique=True, max_size=40)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(max_size=2), unique=True, max_size=20), st.lists(st.none() | st.text(max_size=2), max_size=20))
def test_every_text_is_found_where_it_stands(held: list[str], wanted: list[str | None]) -> None:
    found = places_of(codes_of(pl.Series(held, dtype=pl.String)), codes_of(pl.Series(wanted, dtype=pl.String)))
    assert found.tolist() == [held.index(text) if text in held else -1 for text in wanted]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 6), max_size=30))
def test_counting_orders_as_a_stable_sort_does(keys: list[int]) -> None:
    order = counted_order(np.array(keys, np.int32), 7, numbers(len(keys)))
    assert order.tolist() == sorted(range(len(keys)), key=keys.__getitem__)


@settings(max_examples=120, deadline=None)
@given(edges)
def test_a_value_counts_parties_and_a_building_its_tenants(rows: list[tuple[int, int, int]]) -> None:
    rows.sort(key=lambda row: (row[1], row[2]))
    a, b, claim = (np.array([row[at] for row in rows], np.int32) for at in range(3))
    found = users_of(a, b, claim, _PARTY, _HOME, _UNIT).tolist()
    for (_, end, kind), users in zip(rows, found, strict=True):
        sharing = [one for one, other, its in rows if (other, its) == (end, kind)]
        tenants = [one for one, other, its in rows if its == _HOME and other in sharing]
        told = {int(_PARTY[node]) for node in (tenants if kind == _UNIT else sharing)}
        assert users == max(len(told), 1)


@settings(max_examples=80, deadline=None)
@given(edges)
def test_every_relationship_is_seen_from_both_ends(rows: list[tuple[int, int, int]]) -> None:
    a, b = (np.array([row[at] for row in rows], np.int32) for at in range(2))
    ptr, adj, edge = both_ways(a, b, 8)
    for node in range(8):
        leaving = [(int(b[row]), row) for row in range(len(rows)) if a[row] == node]
        reaching = [(int(a[row]), row) for row in range(len(rows)) if b[row] == node]
        span = slice(int(ptr[node]), int(ptr[node + 1]))
        assert list(zip(adj[span].tolist(), edge[span].tolist(), strict=True)) == leaving + reaching


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=3), max_size=3), min_size=1, max_size=8), st.data())
def test_rows_are_taken_with_their_lists(lists: list[list[str]], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, len(lists) - 1), max_size=12))
    frame = pl.DataFrame({"one": range(len(lists)), "many": pl.Series(lists, dtype=pl.List(pl.String))})
    chunked = pl.concat([frame[:1], frame[1:]])
    taken = rows_taken(chunked, np.array(rows, np.int32))
    assert taken.to_dicts() == [frame.row(row, named=True) for row in rows]
