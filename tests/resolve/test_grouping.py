"""Codes are grouped as numpy's own ``unique`` groups them, and users are counted once a group."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.resolve.coding import starts_of
from graphinv.resolve.grouping import firsts, numbered, users_of_groups, users_of_words

CODES = st.lists(st.integers(-3, 3) | st.sampled_from([-(2**63), 2**63 - 1]), max_size=30)
#: What each party has, as rows of seven values.
HAVING = st.lists(st.lists(st.integers(0, 6), max_size=4), min_size=1, max_size=8)


@given(CODES)
@settings(deadline=None)
def test_equal_codes_are_numbered_in_rising_order(codes: list[int]) -> None:
    values = np.array(codes, np.int64)
    found, number = np.unique(values, return_inverse=True)
    np.testing.assert_array_equal(np.sort(values)[firsts(np.sort(values))], found)
    got, many = numbered(values)
    np.testing.assert_array_equal(got, number)
    assert many == len(found)


@given(HAVING, st.lists(st.integers(-1, 2), min_size=7, max_size=7), st.data())
@settings(deadline=None)
def test_users_of_a_group_of_values_count_once(having: list[list[int]], groups: list[int], data: st.DataObject) -> None:
    user = data.draw(st.lists(st.integers(0, 2), min_size=len(having), max_size=len(having)))
    told = {(groups[value], who) for who, values in zip(user, having, strict=True) for value in values}
    users = users_of_groups(
        np.array(groups, np.int32),
        3,
        np.argsort(user, kind="stable"),
        np.array(user, np.int64),
        starts_of(np.array([len(values) for values in having])),
        np.array([value for values in having for value in values], np.int32),
    )
    assert users.tolist() == [sum(1 for group, _ in told if group == one) for one in range(3)]


@given(HAVING, st.lists(st.lists(st.integers(0, 4), max_size=3), min_size=7, max_size=7), st.data())
@settings(deadline=None)
def test_users_of_a_word_are_those_of_the_values_asked_about(
    having: list[list[int]], words: list[list[int]], data: st.DataObject
) -> None:
    asked = data.draw(st.lists(st.booleans(), min_size=7, max_size=7))
    told = {
        (word, who) for who, values in enumerate(having) for value in values if asked[value] for word in words[value]
    }
    users = users_of_words(
        np.array([word for of_value in words for word in of_value], np.int32),
        5,
        starts_of(np.array([len(values) for values in having])),
        np.array([value for values in having for value in values], np.int32),
        starts_of(np.array([len(of_value) for of_value in words])),
        np.array(asked, np.bool_),
    )
    assert users.tolist() == [sum(1 for word, _ in told if word == one) for one in range(5)]
