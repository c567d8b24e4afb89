"""What goes wrong with text on its way into a feed. Shares are of the rows that hold a value."""

from collections.abc import Callable

import numpy as np
import polars as pl

from graphinv.worlds.draws import Bools, take

Change = Callable[[np.random.Generator, pl.Series], pl.Series]

#: Words and their abbreviations.
SHORT = {
    " Street": " St",
    " Avenue": " Ave",
    " Road": " Rd",
    " Drive": " Dr",
    " Boulevard": " Blvd",
    " Lane": " Ln",
    " Court": " Ct",
    " Place": " Pl",
    " Parkway": " Pkwy",
    "Suite ": "Ste ",
    " Trading": " Trdg",
    " International": " Intl",
}
#: Letters, and what they become when UTF-8 is read as Latin-1.
MOJIBAKE = {"á": "Ã¡", "é": "Ã©", "í": "Ã\xad", "ó": "Ã³", "ú": "Ãº", "ñ": "Ã±", "Ó": "Ã“", "Í": "Ã\x8d"}


def sometimes(rng: np.random.Generator, share: float, text: pl.Series, change: Change) -> pl.Series:
    """The column with ``change`` applied to about ``share`` of its values."""
    hit = np.flatnonzero((rng.random(len(text)) < share) & text.is_not_null().to_numpy())
    if not len(hit):
        return text
    return text.scatter(hit, change(rng, take(text, hit)))


def upper(_: np.random.Generator, text: pl.Series) -> pl.Series:
    return text.str.to_uppercase()


def lower(_: np.random.Generator, text: pl.Series) -> pl.Series:
    return text.str.to_lowercase()


def shortened(_: np.random.Generator, text: pl.Series) -> pl.Series:
    """Street, suite and trade words abbreviated."""
    return text.str.replace_many(list(SHORT), list(SHORT.values()))


def reversed_order(_: np.random.Generator, text: pl.Series) -> pl.Series:
    """``Wei Zhang`` as ``Zhang Wei``: only two-word names, as with people."""
    return text.str.replace(r"^(\S+) (\S+)$", "${2} ${1}")


def misread(_: np.random.Generator, text: pl.Series) -> pl.Series:
    """UTF-8 read as Latin-1."""
    return text.str.replace_many(list(MOJIBAKE), list(MOJIBAKE.values()))


def untidy(_: np.random.Generator, text: pl.Series) -> pl.Series:
    """A doubled space inside and a blank at the end."""
    return text.str.replace(" ", "  ") + " "


def mistyped(rng: np.random.Generator, text: pl.Series) -> pl.Series:
    """One letter lost or doubled, never the first."""
    length = text.str.len_chars().to_numpy()
    at = pl.Series(1 + (rng.random(len(text)) * np.maximum(length - 1, 1)).astype(np.int64))
    frame = pl.DataFrame({"t": text, "at": at, "twice": rng.random(len(text)) < 0.4})
    head, letter = pl.col("t").str.head(pl.col("at")), pl.col("t").str.slice(pl.col("at"), 1)
    tail = pl.col("t").str.slice(pl.col("at") + 1)
    doubled = pl.concat_str([head, letter, letter, tail])
    return frame.select(pl.when("twice").then(doubled).otherwise(pl.concat_str([head, tail]))).to_series()


def soiled_names(rng: np.random.Generator, names: pl.Series) -> pl.Series:
    """Names as they arrive: capitals, swapped order, typos, broken encoding."""
    names = sometimes(rng, 0.06, names, reversed_order)
    names = sometimes(rng, 0.03, names, mistyped)
    names = sometimes(rng, 0.06, names, shortened)
    names = sometimes(rng, 0.15, names, misread)
    names = sometimes(rng, 0.35, names, upper)
    names = sometimes(rng, 0.05, names, lower)
    return sometimes(rng, 0.02, names, untidy)


def soiled_lines(rng: np.random.Generator, lines: pl.Series) -> pl.Series:
    """Address lines as they arrive."""
    lines = sometimes(rng, 0.35, lines, shortened)
    lines = sometimes(rng, 0.02, lines, mistyped)
    lines = sometimes(rng, 0.30, lines, upper)
    return sometimes(rng, 0.02, lines, untidy)


def swapped(mask: Bools, first: pl.Series, second: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Two columns with their values exchanged where the mask holds."""
    rows = pl.Series(mask)
    return second.zip_with(rows, first), first.zip_with(rows, second)


def gone(rng: np.random.Generator, share: float, text: pl.Series) -> pl.Series:
    """The column with about ``share`` of its values missing."""
    return text.set(pl.Series(rng.random(len(text)) < share), None)
