"""Numbers that differ in one digit from a given one."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

#: Longest number that fits, the digit included that keeps leading zeros apart.
_LONGEST = 17


class Digits(NamedTuple):
    """``number`` in rising order, written behind a 1 so that leading zeros count, and the ``node`` of each."""

    number: NDArray[np.int64]
    node: NDArray[np.int32]


def digits(texts: pl.Series, nodes: pl.Series) -> Digits:
    """File the nodes under their numbers; texts that are no bare digits are left out."""
    told = pl.DataFrame({"text": texts, "node": nodes.cast(pl.Int32)})
    bare = pl.col("text").str.contains("^[0-9]+$") & (pl.col("text").str.len_bytes() <= _LONGEST)
    filed = told.filter(bare).select(_behind_one().alias("number"), "node").unique().sort("number", "node")
    return Digits(filed["number"].to_numpy(), filed["node"].to_numpy())


def one_digit_off(known: Digits, text: str) -> list[int]:
    """Nodes of the numbers that differ from ``text`` in one digit; those of the number itself are not among them."""
    if not text.isascii() or not text.isdecimal() or len(text) > _LONGEST or not len(known.number):
        return []
    told = np.frombuffer(text.encode(), np.uint8).astype(np.int64) - ord("0")
    places = 10 ** np.arange(len(text) - 1, -1, -1, dtype=np.int64)
    changed = int(f"1{text}") + ((np.arange(10) - told[:, None]) * places[:, None]).ravel()
    wanted = np.unique(changed[changed != int(f"1{text}")])
    begin, end = np.searchsorted(known.number, wanted), np.searchsorted(known.number, wanted, side="right")
    there = end > begin
    return [
        node
        for a, b in zip(begin[there].tolist(), end[there].tolist(), strict=True)
        for node in known.node[a:b].tolist()
    ]


def with_another_digit(text: str, places: int) -> list[str]:
    """The text with one digit changed among its first ``places`` letters."""
    return [
        f"{text[:at]}{digit}{text[at + 1 :]}"
        for at in range(min(places, len(text)))
        if text[at].isdecimal()
        for digit in "0123456789"
        if digit != text[at]
    ]


def _behind_one() -> pl.Expr:
    return pl.concat_str([pl.lit("1"), "text"]).cast(pl.Int64)
