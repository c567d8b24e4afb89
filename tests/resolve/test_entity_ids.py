"""What a party is called stays what it is called, whatever joins it or leaves it."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.resolve.entity_ids import entity_ids
from graphinv.resolve.resolution import resolve
from tests.resolve.crowd import at, declared, firm


def named(groups: dict[str, int], before: dict[str, str] | None = None) -> dict[str, str]:
    """The entity of every uid, from the number of its group and what it was called."""
    told = None if before is None else pl.DataFrame({"uid": list(before), "entity": list(before.values())})
    uids = sorted(groups)
    found = entity_ids(pl.Series("uid", uids), np.array([groups[uid] for uid in uids]), told)
    assert found["uid"].to_list() == uids
    return dict(found.select("uid", "entity").iter_rows())


def test_a_party_is_called_by_its_smallest_uid_at_first() -> None:
    assert named({"b": 0, "a": 0, "c": 1}) == {"a": "a", "b": "a", "c": "c"}


def test_a_name_outlives_the_arrival_of_a_smaller_uid() -> None:
    assert named({"0": 0, "b": 0, "c": 0}, {"b": "b", "c": "b"}) == {"0": "b", "b": "b", "c": "b"}


def test_where_two_become_one_the_larger_goes_on() -> None:
    before = {"a": "a", "b": "b", "c": "b", "d": "b"}
    assert named(dict.fromkeys("abcd", 0), before) == dict.fromkeys("abcd", "b")
    assert named(dict.fromkeys("abcd", 0), {"a": "a", "b": "a", "c": "c", "d": "c"}) == dict.fromkeys("abcd", "a")


def test_where_one_is_split_the_part_with_the_naming_identity_keeps_the_name() -> None:
    before = dict.fromkeys("abcde", "b")
    assert named({"a": 0, "c": 0, "d": 0, "b": 1, "e": 1}, before) == {
        "a": "a", "c": "a", "d": "a", "b": "b", "e": "b",
    }  # fmt: skip


def test_a_name_whose_identity_is_gone_is_not_used_again() -> None:
    assert named({"c": 0, "d": 0}, {"b": "b", "c": "b", "d": "b"}) == {"c": "c", "d": "c"}


def test_nothing_before_is_like_no_before() -> None:
    assert named({"b": 0, "a": 0}, {}) == {"a": "a", "b": "a"}


GROUPS = st.lists(st.integers(0, 3), min_size=1, max_size=8)


@given(GROUPS, st.lists(GROUPS, max_size=4))
@settings(max_examples=60, deadline=None)
def test_names_are_members_one_for_each_group_and_the_same_when_nothing_changes(
    first: list[int], later: list[list[int]]
) -> None:
    names: dict[str, str] | None = None
    for groups in [first, *later]:
        told = {f"u{number}": group for number, group in enumerate(groups)}
        names = named(told, names)
        for uid, entity in names.items():
            assert told[entity] == told[uid]
        assert len(set(names.values())) == len(set(told.values()))
        assert named(told, names) == names


ARLEN = firm("arlen goods", phone="+19375550142", **at(12))
SHOP = firm("queston toys", phone="+15205550100", **at(900, "harbor road", place="reno"))


def test_entities_keep_their_ids_from_load_to_load() -> None:
    kept = resolve(declared(m1=ARLEN, m2=ARLEN, z1=SHOP)).kept
    assert kept.entities["entity"].to_list() == ["m1", "m1", "z1"]
    more = resolve(declared(a0=ARLEN, m1=ARLEN, m2=ARLEN, z1=SHOP, y0=SHOP), kept=kept)
    assert dict(more.entities.iter_rows()) == {"a0": "m1", "m1": "m1", "m2": "m1", "y0": "z1", "z1": "z1"}


def test_entities_keep_their_ids_when_everything_is_compared_anew() -> None:
    kept = resolve(declared(m1=ARLEN, m2=ARLEN)).kept
    again = resolve(declared(a0=ARLEN, m1=ARLEN, m2=ARLEN), before=kept.entities)
    assert set(again.entities["entity"]) == {"m1"}


def test_a_judgement_that_joins_and_its_withdrawal_bring_the_names_back() -> None:
    told = declared(a1=ARLEN, z1=SHOP, z2=SHOP)
    first = resolve(told).kept
    joined = resolve(told, kept=first, same=[("a1", "z1")])
    assert set(joined.entities["entity"]) == {"z1"}
    apart = resolve(told, kept=joined.kept)
    assert apart.entities.equals(first.entities)


def test_a_judgement_that_divides_leaves_the_name_with_who_gave_it() -> None:
    told = declared(a1=ARLEN, a2=ARLEN)
    first = resolve(told).kept
    divided = resolve(told, kept=first, different=[("a1", "a2")])
    assert divided.entities["entity"].to_list() == ["a1", "a2"]
    assert divided.pairs.is_empty()
