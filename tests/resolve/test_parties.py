"""Parties as arrays: what is kept of what they declared, whatever the order it came in."""

import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.resolve.coding import code_of, codes_of
from graphinv.resolve.comparisons import Attribute
from graphinv.resolve.declared import declared_by_records
from graphinv.resolve.parties import (
    PART,
    WHOLE,
    Parties,
    Values,
    counted_as,
    initial_forms,
    parties_of,
    rare_limit,
)
from graphinv.resolve.told import MOST_VALUES
from tests.resolve.crowd import at, crowds, firm, parties, person, records


def values_of(told: Parties, attribute: Attribute, uid: str) -> list[int]:
    """The codes of what a party has."""
    values = told.attributes[attribute]
    party = told.uids.to_list().index(uid)
    codes: list[int] = values.codes[values.value[values.start[party] : values.start[party + 1]], WHOLE].tolist()
    return codes


def rare_words(told: Parties) -> set[int]:
    names = told.attributes[Attribute.NAME]
    return set(names.words[names.rare.astype(bool)].tolist())


@given(crowds(), st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_records_in_any_order_make_the_same_arrays(crowd: dict[str, list[dict[str, str]]], rng: random.Random) -> None:
    frame = records(**crowd)
    order = list(range(len(frame)))
    rng.shuffle(order)
    one, other = (
        parties_of(declared_by_records(rows), frame["record_id"].sort(descending=True))
        for rows in (frame, frame[order])
    )
    assert one.uids.to_list() == other.uids.to_list() == sorted(crowd)
    for mine, theirs in zip(one.attributes, other.attributes, strict=True):
        for field, a, b in zip(Values._fields, mine, theirs, strict=True):
            np.testing.assert_array_equal(a, b, field)


def test_identities_of_one_party_use_a_value_once() -> None:
    phone = "+19375550100"
    told = parties(
        a=[firm("arlen goods", phone=phone)], b=[firm("arlen goods", phone=phone)], c=[firm("x", phone=phone)]
    )
    apart, joined = (counted_as(told, np.array(groups)) for groups in ([0, 1, 2], [0, 0, 2]))
    for counted, users in ((told, 3), (apart, 3), (joined, 2)):
        assert counted.attributes[Attribute.PHONE].users[:, WHOLE].tolist() == [users]
    assert sorted(joined.attributes[Attribute.NAME].users[:, WHOLE].tolist()) == [1, 1]


def test_a_party_with_many_values_is_told_by_those_it_uses_most() -> None:
    often = [firm("arlen goods", phone=f"+1937555{number:04}") for number in range(3)] * 2
    once = [firm("arlen goods", phone=f"+1520555{number:04}") for number in range(40)]
    told = values_of(parties(a=once + often), Attribute.PHONE, "a")
    assert len(told) == MOST_VALUES
    assert told[:3] == [code_of(f"+1937555{number:04}") for number in range(3)]


def test_one_hundred_values_of_each_of_many_parties_stay_few() -> None:
    told = parties(**{f"p{number}": [person(f"name {n}", **at(n), email=f"m{n}@x.example") for n in range(100)]
                      for number in range(5)})  # fmt: skip
    for values in told.attributes:
        assert np.diff(values.start).max(initial=0) <= MOST_VALUES


def test_users_are_parties_and_not_records() -> None:
    told = parties(
        a=[firm("arlen goods", phone="+19375550142")] * 5,
        b=firm("arlen goods", phone="+19375550142"),
        c=firm("queston toys", phone="+15205550100"),
    )
    phones = told.attributes[Attribute.PHONE]
    users = dict(zip(phones.codes[:, WHOLE].tolist(), phones.users[:, WHOLE].tolist(), strict=True))
    assert users == {code_of("+19375550142"): 2, code_of("+15205550100"): 1}


def test_a_building_is_used_by_the_tenants_of_all_its_units() -> None:
    told = parties(a=firm("a", **at(12, unit="1")), b=firm("b", **at(12, unit="2")), c=firm("c", **at(12)))
    places = told.attributes[Attribute.ADDRESS]
    assert places.users[:, WHOLE].tolist() == [1, 1, 1]
    assert places.users[:, PART].tolist() == [3, 3, 3]


def test_a_word_is_rare_by_the_parties_that_have_it() -> None:
    variants = ["arlen goods", "arlen good", "arlen goods trading", "arlen trading goods", "arlen import"]
    alone = parties(a=[firm(name) for name in variants], b=firm("queston"))
    assert code_of("arlen") in rare_words(alone)
    many = parties(**{f"p{number}": firm(f"firm{number} trading") for number in range(rare_limit(10) + 1)})
    assert code_of("trading") not in rare_words(many)
    assert code_of("firm0") in rare_words(many)


@pytest.mark.parametrize(
    ("key", "forms"),
    [
        ("john smith", ["j smith", "john s"]),
        ("garcia lopez maria", ["g l maria", "g lopez m", "garcia l m"]),
        ("smith", None),
        ("a b c d", None),
        (None, None),
    ],
)
def test_a_persons_name_is_also_written_with_initials(key: str | None, forms: list[str] | None) -> None:
    (found,) = initial_forms(pl.Series([key], dtype=pl.String)).to_list()
    assert (None if found is None else sorted(found)) == forms


def test_initials_stay_with_their_names() -> None:
    found = initial_forms(pl.Series(["smith", "john smith", None, "li wei"])).to_list()
    assert [None if forms is None else sorted(forms) for forms in found] == [
        None, ["j smith", "john s"], None, ["l wei", "li w"],
    ]  # fmt: skip


def test_firms_have_no_initials() -> None:
    told = parties(a=firm("john smith"), b=person("john smith"))
    names = told.attributes[Attribute.NAME]
    assert sorted(np.diff(names.form_start).tolist()) == [0, 2]


def test_who_declared_nothing_is_a_party_all_the_same() -> None:
    told = parties_of(declared_by_records(records(a=firm("arlen goods"))), pl.Series(["b", "a", "0"]))
    assert told.uids.to_list() == ["0", "a", "b"]
    assert [values_of(told, Attribute.NAME, uid) for uid in told.uids] == [
        [],
        codes_of(pl.Series(["arlen goods"])).tolist(),
        [],
    ]
    assert told.filled[Attribute.NAME] == 1


def test_nobody_makes_empty_arrays() -> None:
    told = parties()
    assert len(told) == 0
    assert told.filled.tolist() == [0] * len(Attribute)
