"""Clusters keep their ids where most of their members go, and what happened to each is told."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.clusters.lineage import Lineage, follow, with_recounted

NOTHING = pl.DataFrame(schema={"entity": pl.String, "cluster": pl.String})
UNUSED = pl.Series([], dtype=pl.String)


def _groups(*groups: str) -> pl.DataFrame:
    """Groups of parties that are called by one letter each."""
    rows = [(party, label) for label, group in enumerate(groups) for party in group]
    return pl.DataFrame(rows, schema={"entity": pl.String, "label": pl.Int64}, orient="row")


def _step(before: Lineage | None, *groups: str, used: pl.Series = UNUSED) -> Lineage:
    return follow(NOTHING if before is None else before.clusters, _groups(*groups), used, "middle")


def _cluster(found: Lineage, party: str) -> str:
    return str(found.clusters.filter(pl.col("entity") == party)["cluster"].item())


def _events(found: Lineage) -> list[tuple[str, str, int, int, list[str]]]:
    return list(found.events.select("cluster", "event", "members", "moved", "others").iter_rows())


def test_the_first_clusters_are_born_and_parties_alone_make_no_history() -> None:
    first = _step(None, "abc", "d", "ef")
    assert sorted(_events(first)) == sorted(
        [(_cluster(first, "a"), "born", 3, 3, []), (_cluster(first, "e"), "born", 2, 2, [])]
    )
    assert first.clusters["cluster"].n_unique() == 3


def test_nothing_happens_when_nothing_changes() -> None:
    first = _step(None, "abc", "d", "ef")
    again = _step(first, "ef", "d", "abc")
    assert again.events.is_empty()
    assert again.clusters.sort("entity").equals(first.clusters.sort("entity"))


def test_a_cluster_that_grows_or_shrinks_keeps_its_id() -> None:
    first = _step(None, "abc", "d", "efgh")
    then = _step(first, "abcd", "efg", "h")
    assert _cluster(then, "d") == _cluster(first, "a")
    assert _events(then) == sorted(
        [(_cluster(first, "a"), "grew", 4, 1, []), (_cluster(first, "e"), "shrank", 3, 1, [])]
    )
    assert _cluster(then, "h") not in set(first.clusters["cluster"])


def test_a_member_that_turns_out_to_be_two_makes_a_cluster_grow() -> None:
    """One of three members was judged to be two: of today's four all were in the cluster before."""
    split = follow(_step(None, "abcd").clusters, _groups("abcd"), UNUSED, "middle")
    cluster = _cluster(split, "a")
    told = pl.DataFrame({"cluster": [cluster], "members": [3]})
    assert _events(with_recounted(split, told)) == [(cluster, "grew", 4, 1, [])]
    assert _events(with_recounted(split, told.with_columns(members=pl.lit(5)))) == [(cluster, "shrank", 4, 1, [])]
    assert with_recounted(split, told.with_columns(members=pl.lit(4))).events.is_empty()


def test_two_that_merge_take_the_id_of_the_larger_and_both_say_so() -> None:
    first = _step(None, "abc", "de")
    large, small = _cluster(first, "a"), _cluster(first, "d")
    then = _step(first, "abcde")
    assert set(then.clusters["cluster"]) == {large}
    assert sorted(_events(then)) == sorted([(large, "merged", 5, 2, [small]), (small, "merged", 0, 2, [large])])


def test_the_larger_part_of_a_split_keeps_the_id_and_the_other_knows_where_it_came_from() -> None:
    first = _step(None, "abcde")
    then = _step(first, "abc", "de")
    whole, part = _cluster(first, "a"), _cluster(then, "d")
    assert _cluster(then, "a") == whole != part
    assert sorted(_events(then)) == sorted([(whole, "split", 3, 2, [part]), (part, "born", 2, 2, [whole])])


def test_a_cluster_that_falls_apart_dies() -> None:
    first = _step(None, "abc")
    then = _step(first, "a", "b", "c")
    assert [(event, members) for _, event, members, _, _ in _events(then)] == [("died", 1)]


def test_an_id_that_ended_is_not_given_again() -> None:
    first = _step(None, "ab", "cde")
    ended = _cluster(first, "a")
    merged = _step(first, "abcde")
    apart = _step(merged, "ab", "cde", used=pl.Series([ended]))
    assert _cluster(apart, "a") not in {ended, _cluster(apart, "c")}
    assert _cluster(apart, "c") == _cluster(first, "c")


def test_resolutions_have_ids_of_their_own() -> None:
    middle, fine = (follow(NOTHING, _groups("ab"), UNUSED, salt) for salt in ("middle", "fine"))
    assert _cluster(middle, "a") != _cluster(fine, "a")


@settings(deadline=None, max_examples=30)
@given(st.lists(st.lists(st.integers(0, 5), min_size=12, max_size=12), min_size=1, max_size=5))
def test_whatever_happens_groups_and_ids_correspond_and_the_order_of_rows_does_not_matter(
    steps: list[list[int]],
) -> None:
    found = Lineage(NOTHING, pl.DataFrame())
    for labels in steps:
        now = pl.DataFrame({"entity": list("abcdefghijkl"), "label": labels})
        turned = follow(found.clusters.reverse(), now.reverse(), UNUSED, "middle")
        found = follow(found.clusters, now, UNUSED, "middle")
        assert turned.clusters.sort("entity").equals(found.clusters.sort("entity"))
        assert turned.events.equals(found.events)
        pairs = now.join(found.clusters, on="entity").select("label", "cluster").unique()
        assert len(pairs) == pairs["label"].n_unique() == pairs["cluster"].n_unique()


@pytest.mark.parametrize("groups", [("abcd", "ef"), ("ab", "cd", "ef")])
def test_members_that_vanish_with_their_records_are_gone(groups: tuple[str, ...]) -> None:
    first = _step(None, *groups)
    then = _step(first, "ef")
    gone = {_cluster(first, "a"), _cluster(first, "c")}
    assert {(cluster, event) for cluster, event, *_ in _events(then)} == {(cluster, "died") for cluster in gone}
