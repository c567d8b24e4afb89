"""Social security numbers leave the rows here, before anything is stored."""

import polars as pl

from graphinv.normalise.hashing import hash_nine_digits

#: Nine digits as NNN-NN-NNNN, with blanks for dashes, or bare.
_WHOLE = r"^\s*[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}\s*$"
_WITHIN = r"\b[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}\b"
_WITHIN_OR_BARE = r"\b[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}\b"

MASK = "***-**-****"


def hash_numbers(values: pl.Series, key: bytes) -> pl.Series:
    """Values shaped like a social security number, hashed with the key; all others as they are."""
    shaped = values.filter(values.str.contains(_WHOLE)).unique()
    if shaped.is_empty():
        return values
    digits = shaped.str.replace_all(r"[^0-9]", "")
    hashed = pl.Series([hash_nine_digits(key, nine) for nine in digits], dtype=pl.String)
    return values.replace(shaped, hashed)


def mask_numbers(text: pl.Expr) -> pl.Expr:
    """Text with the social security numbers within it masked."""
    return text.str.replace_all(_WITHIN, MASK)


def mask_raw(text: pl.Expr) -> pl.Expr:
    """A raw line, masked: nobody knows its columns, so that bare nine digits are masked too."""
    return text.str.replace_all(_WITHIN_OR_BARE, MASK)
