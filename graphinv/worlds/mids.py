"""Manufacturer identification codes as declarants build them (19 CFR Part 102, Appendix)."""

import polars as pl

from graphinv.worlds.draws import joined


def build_mids(country: pl.Series, name: pl.Series, street: pl.Series, city: pl.Series) -> pl.Series:
    """Country, three letters of each of the name's first two words, up to four digits of the number, three of the city.

    The simple form of the rule: initials are not gathered and noise words are not skipped, as many declarants do.
    """
    bare = name.str.to_uppercase().str.replace_all(r"[^A-Z0-9 ]", "").str.replace_all(r" +", " ").str.strip_chars()
    parts = bare.str.split(" ")
    first = parts.list.get(0, null_on_oob=True).fill_null("").str.head(3)
    second = parts.list.get(1, null_on_oob=True).fill_null("").str.head(3)
    number = street.str.extract(r"(\d{1,4})", 1).fill_null("")
    town = city.str.to_uppercase().str.replace_all(r"[^A-Z]", "").str.head(3)
    return joined(country, first, second, number, town)
