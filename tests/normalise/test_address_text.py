# ruff: noqa: SIM905  (lists of words read better as text)
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.normalise.address_text import address_words, address_words_column


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        ("9237 S Aspen Ave, APT. 37, Houston, TX 77083, US", ["37", "77083", "9237", "aspen", "houston", "tx"]),
        ("No. 1285 Tianhe Road, RM. 1111, Nanshan District, Shenzhen City, CN",
         ["1111", "1285", "nanshan", "shenzhen", "tianhe"]),
        ("100 U.S. Highway 1, Edison, NJ 08817-4021, USA", ["08817", "1", "100", "edison", "nj"]),
        ("P.O. Box 123, Reno, NV 89501, United States", ["123", "89501", "nv", "reno"]),
        ("Flat B, 12/F, 103 Hennessy Road, Wan Chai, Hong Kong", ["103", "12", "b", "chai", "hennessy", "wan"]),
        ("13 First Street N.E., Ft. Worth, TX, US", ["13", "1st", "ft", "tx", "worth"]),
        ("Musterstraße 12, 10115 Berlin, Germany", ["10115", "12", "berlin", "musterstrasse"]),
        ("China", ["china"]),
        ("Suite #37, US", ["37"]),
        ("", []),
        (" , ", []),
    ],
)  # fmt: skip
def test_the_telling_words_of_an_address_are_kept(caption: str, words: list[str]) -> None:
    assert address_words(caption) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4 Fourth Ave., Fort Worth, TX 76102, US", "4 4TH AVENUE, FT WORTH, TX 76102-1234, USA"),
        ("12 Saint Marks Pl, St. Louis, MO, US", "12 St. Marks Place, Saint Louis, MO, United States"),
        ("Room 301, No.5 Building, 12 Keji Lu, Nanshan Qu, Shenzhen, CN",
         "Rm301, Bldg 5, No. 12 Keji Road, Nanshan District, Shenzhen City, P.R. China"),
    ],
)  # fmt: skip
def test_spellings_of_one_address_have_the_same_words(one: str, other: str) -> None:
    assert address_words(one) == address_words(other)


def test_columns_keep_order_repetition_and_nulls() -> None:
    captions = pl.Series("caption", ["12 Oak St, Reno", None, "9 路 Rd", "12 Oak St, Reno", ""])
    words = address_words_column(captions)
    assert words.name == "caption"
    assert words.dtype == pl.List(pl.String)
    assert words.to_list() == [["12", "oak", "reno"], None, ["9"], ["12", "oak", "reno"], []]


@pytest.mark.parametrize("values", [[], [None, None]])
def test_nothing_gives_a_typed_column(values: list[str | None]) -> None:
    assert address_words_column(pl.Series("a", values, dtype=pl.String)).dtype == pl.List(pl.String)


parts = st.sampled_from(
    "c/o|P.O.|box|12/F|12|Apt5|no.5|U.S.A.|china|Saint|Fort|路|é|N.E.|77083-1234|,|#|Oak|p.r.|rm|united|states".split(
        "|"
    )
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=30), st.lists(parts, max_size=8).map(" ".join)), max_size=6))
def test_words_of_words_are_the_same_words(captions: list[str | None]) -> None:
    words = address_words_column(pl.Series("a", captions, dtype=pl.String))
    again = address_words_column(words.list.join(" "))
    assert again.to_list() == words.to_list()
    assert [found is None for found in words.to_list()] == [caption is None for caption in captions]
