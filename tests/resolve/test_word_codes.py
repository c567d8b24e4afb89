"""Words coded in one go are those that lists of words give."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.normalise.address_text import address_words, address_words_column
from graphinv.resolve.arrays import Int64
from graphinv.resolve.coding import code_of
from graphinv.resolve.word_codes import address_word_codes, each_once, word_codes

_WORDS = (
    "12",
    "fourth",
    "ave",
    "ste",
    "4",
    "fort",
    "worth",
    "ft",
    "tx",
    "usa",
    "district",
    "müller",
    "street",
    "é",
    ",",
)
_TEXTS = st.lists(st.none() | st.lists(st.sampled_from(_WORDS), max_size=8).map(" ".join), max_size=8)


def _found(codes: Int64, start: Int64) -> list[list[int]]:
    return [codes[start[row] : start[row + 1]].tolist() for row in range(len(start) - 1)]


def _wanted(lists: pl.Series) -> list[list[int]]:
    return [sorted({code_of(word) for word in words or []}) for words in lists.to_list()]


@given(_TEXTS)
@settings(deadline=None)
def test_words_have_the_codes_that_lists_of_them_have(texts: list[str | None]) -> None:
    values = pl.Series(texts, dtype=pl.String)
    assert _found(*word_codes(values)) == _wanted(values.str.split(" "))


@given(_TEXTS)
@settings(deadline=None)
def test_words_of_addresses_have_the_codes_of_their_usual_spelling(texts: list[str | None]) -> None:
    captions = pl.Series(texts, dtype=pl.String)
    assert _found(*address_word_codes(captions)) == _wanted(address_words_column(captions))


def test_spellings_of_one_address_have_the_same_words() -> None:
    codes, start = address_word_codes(pl.Series(["Fourth Ave., Ft. Worth", "4th Avenue, Fort Worth, USA", None]))
    one, other, nothing = (codes[start[row] : start[row + 1]].tolist() for row in range(3))
    assert one == other == sorted(map(code_of, address_words("4th avenue, fort worth")))
    assert one
    assert nothing == []


def test_codes_of_a_row_rise_and_stand_once() -> None:
    codes, start = each_once(np.array([[7, 3, 7], [0, 0, 0], [0, 5, 1]]))
    assert codes.tolist() == [3, 7, 1, 5]
    assert start.tolist() == [0, 2, 2, 4]
