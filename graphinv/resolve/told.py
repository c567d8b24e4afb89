"""What parties told of one attribute, each value once: by numbers, since texts are slow to group and to join by."""

from dataclasses import dataclass

import polars as pl

from graphinv.resolve.numbering import both, number_of

#: Most values of one attribute that are compared; a party with more is told by those it uses most.
MOST_VALUES = 12

#: The number of a party.
WHO = number_of("uid").alias("who")


@dataclass(frozen=True)
class Told:
    """``values``: ``who`` told which value (``same``), and how many ``times``. ``unique``: every value once, ``same``
    and its columns, in their order. ``parties``: ``who`` and uid of all that told something."""

    values: pl.DataFrame
    unique: pl.DataFrame
    parties: pl.DataFrame


def told_once(frame: pl.DataFrame, key: tuple[str, ...], smallest: str | None = None) -> Told:
    """What the rows of ``frame`` tell: uid, and the columns of ``key``, which make a value. Of values with many texts
    of a column that is no part of the key the ``smallest`` is kept."""
    values = _each_once(frame, key)
    kept, left_out = _most_used(frame, key, values)
    first = kept.group_by("same").agg(pl.col("at").min())
    unique = frame.select(key)[first["at"]].with_columns(first["same"])
    if smallest is not None:
        unique = unique.join(_smallest(frame, key, smallest, left_out), on="same")
    someone = kept.group_by("who").agg(pl.col("at").min())
    parties = someone.select("who", frame["uid"][someone["at"]])
    return Told(kept.drop("at"), unique.sort(*key, nulls_last=False), parties)


def _each_once(frame: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    """(who, same, times, at): every value of every party, and a row that tells it."""
    numbers = frame.select(WHO, number_of(*key).alias("same"), pl.int_range(pl.len(), dtype=pl.UInt32).alias("at"))
    pair = both(pl.col("who"), pl.col("same")).alias("pair")
    once = numbers.group_by(pair).agg(pl.col("at").min(), pl.len().alias("times"))
    return numbers.select("who", "same")[once["at"]].hstack(once.select("times", "at"))


def _most_used(frame: pl.DataFrame, key: tuple[str, ...], values: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(the values of every party, of many the most used; those left out)."""
    crowded = values.select(pl.len().over("who") > MOST_VALUES).to_series()
    if not crowded.any():
        return values, values.clear()
    many = values.filter(crowded)
    ranked = many.hstack(frame.select("uid", *key)[many["at"]]).sort(
        "uid", "times", *key, descending=[False, True, *([False] * len(key))], nulls_last=True
    )
    most = ranked.select(pl.int_range(pl.len()).over("who") < MOST_VALUES).to_series()
    ranked = ranked.select(values.columns)
    return pl.concat([values.filter(~crowded), ranked.filter(most)]), ranked.filter(~most)


def _smallest(frame: pl.DataFrame, key: tuple[str, ...], column: str, left_out: pl.DataFrame) -> pl.DataFrame:
    """(same, column): the smallest text that was told with a value by a party of which it was not left out."""
    pair = both(pl.col("who"), pl.col("same"))
    numbers = frame.select(WHO, number_of(*key).alias("same"), pl.int_range(pl.len(), dtype=pl.UInt32).alias("at"))
    numbers = numbers.with_columns(frame.select(pl.col(column).hash().alias("text")))
    if len(left_out):
        numbers = numbers.filter(~pair.is_in(left_out.select(pair).to_series().implode()))
    row = both(pl.col("same"), pl.col("text")).alias("row")
    once = numbers.group_by(row).agg(pl.col("same").first(), pl.col("at").min())
    texts = once.select("same", frame[column][once["at"]])
    return texts.group_by("same").agg(pl.col(column).min())
