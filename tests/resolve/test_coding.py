"""Codes of texts: equal for equal texts wherever they stand, and nothing for nothing."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.resolve.coding import NOTHING, bytes_of, code_of, codes_of, mixed_codes, starts_of

ARLEN_GOODS = 5_367_405_814_308_922_463
TEXTS = st.lists(
    st.none() | st.sampled_from(["", "a", "b", "ab", "ba", "東京", "é"]) | st.text(max_size=20), max_size=30
)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_equal_texts_have_equal_codes_and_others_have_others(texts: list[str | None]) -> None:
    codes = codes_of(pl.Series(texts, dtype=pl.String)).tolist()
    assert len(set(zip(texts, codes, strict=True))) == len(set(texts)) == len(set(codes))
    assert all((code == NOTHING) == (text is None) for text, code in zip(texts, codes, strict=True))


@given(st.text(max_size=30))
@settings(max_examples=100, deadline=None)
def test_a_text_alone_has_the_code_it_has_in_a_column(text: str) -> None:
    assert code_of(text) == codes_of(pl.Series(["before", text]))[1]


def test_codes_are_the_same_on_every_machine() -> None:
    """Indexes of last year are asked with codes of today: this number never changes."""
    assert code_of("arlen goods") == ARLEN_GOODS


def test_a_salt_keeps_kinds_apart() -> None:
    texts = pl.Series(["a", "b"])
    assert not set(codes_of(texts)) & set(codes_of(texts, "name"))


def test_a_piece_of_a_column_has_the_codes_of_the_whole() -> None:
    texts = pl.concat([pl.Series(["one", None, "two"]), pl.Series(["three", "four"])], rechunk=False)
    assert codes_of(texts[1:4]).tolist() == codes_of(texts).tolist()[1:4]
    assert codes_of(texts.slice(4)).tolist() == [code_of("four")]


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_bytes_stand_one_after_the_other(texts: list[str | None]) -> None:
    data, start = bytes_of(pl.Series(texts, dtype=pl.String))
    read = [data[start[at] : start[at + 1]].tobytes().decode() for at in range(len(texts))]
    assert read == [text or "" for text in texts]


def test_two_codes_together_tell_which_was_first() -> None:
    some, others = codes_of(pl.Series(["a", "b", "a"])), codes_of(pl.Series(["b", "a", None]))
    assert len(set(mixed_codes(some, others).tolist())) == 3


def test_rows_start_where_the_ones_before_end() -> None:
    assert starts_of(np.array([2, 0, 3])).tolist() == [0, 2, 2, 5]
    assert starts_of(np.zeros(0, np.int64)).tolist() == [0]
