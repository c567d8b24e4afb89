"""Given names: one form for a name, its short forms and its spellings ("Peggy" and "Margarita" are "margaret").

For comparing people's names that differ in their keys, as a level below equal keys: short forms are not certain
("Alex" may be Alexandra), and translations are not told from spellings. Not for organisations, whose words may read
like names. Chinese, Korean and Japanese given names have no entries: their spellings in Latin letters are too short to
be told from surnames.
"""

from functools import cache
from importlib.resources import files

import polars as pl

from graphinv.normalise.column_tools import mapped, padded, sorted_words, unpadded


def given_name(token: str) -> str:
    """The usual form of a given name; a word that is none comes back as it is. ``token`` is a word of a name key."""
    return given_names().get(token, token)


def person_key(name_key: str) -> str:
    """A person's name key with the usual form of every given name, sorted: "bob smith" is "robert smith"."""
    return " ".join(sorted(map(given_name, name_key.split())))


def person_keys(keys: pl.Series) -> pl.Series:
    """``person_key`` on a column of name keys; null stays null."""
    unique = keys.cast(pl.String).unique().drop_nulls().alias("key")
    words = unpadded(mapped(padded(pl.col("key")), given_names()))
    told = sorted_words(unique.to_frame().select(words).to_series())
    return keys.cast(pl.String).replace_strict(unique, told, return_dtype=pl.String).alias("person_key")


@cache
def given_names() -> dict[str, str]:
    """Every short form and spelling with the usual form of its name."""
    text = (files("graphinv.normalise") / "data" / "given_names.txt").read_text(encoding="utf-8")
    lines = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {form: names[0] for names in lines for form in names[1:]}
