"""Texts one letter apart, and numbers one digit apart, beside plain comparison."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from graphinv.links.digits import digits, one_digit_off
from graphinv.links.spellings import near, spellings, text_at

_WORDS = st.lists(st.text("abc", min_size=1, max_size=6), min_size=1, max_size=30, unique=True)
_NUMBERS = st.lists(st.text("0123", min_size=1, max_size=4), min_size=1, max_size=30, unique=True)


@given(words=_WORDS, word=st.text("abc", min_size=1, max_size=6))
def test_near_words_are_those_at_a_distance_of_one(words: list[str], word: str) -> None:
    known = spellings(pl.Series(words))
    found = {text_at(known, item) for item in near(known, word)}
    assert found == {other for other in words if OSA.distance(word, other) <= 1}


@given(numbers=_NUMBERS, number=st.text("0123", min_size=1, max_size=4))
def test_near_numbers_have_one_other_digit(numbers: list[str], number: str) -> None:
    known = digits(pl.Series(numbers), pl.Series(range(len(numbers))))
    found = {numbers[node] for node in one_digit_off(known, number)}
    same_length = [other for other in numbers if len(other) == len(number)]
    assert found == {other for other in same_length if sum(a != b for a, b in zip(number, other, strict=True)) == 1}
