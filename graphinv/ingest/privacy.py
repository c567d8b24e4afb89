"""Social security numbers leave the rows here, before anything is stored."""

import re
import unicodedata

import polars as pl

from graphinv.normalise.hashing import MASKED_NUMBER, hash_nine_digits

#: Nine digits as NNN-NN-NNNN, with blanks for dashes, or bare: what nearly all of them look like.
_WHOLE = r"^\s*[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}\s*$"
#: Other importer numbers that hold enough digits, so that only the rest is looked at one by one.
_OTHER_NUMBER = r"^\s*(?:[0-9]{2}-?[0-9]{7}[0-9A-Za-z]{2}|[0-9]{2}-[0-9]{7}|[0-9]{6}-[0-9]{5}|ssn-[0-9a-f]{24})\s*$"
#: The same nine digits in any other dress: other dashes, dots, words around them. Read after Unicode folding.
_DRESSED = re.compile(r"(?<![0-9])([0-9]{3})[\W_]{0,3}([0-9]{2})[\W_]{0,3}([0-9]{4})(?:[\W_]?0{2})?(?![0-9])")
#: A spreadsheet dropped the leading zero.
_EIGHT = re.compile(r"\s*[0-9]{8}\s*")

_WITHIN = r"\b\d{3}[\s\-\u2010-\u2015\u2212._/]{1,3}\d{2}[\s\-\u2010-\u2015\u2212._/]{1,3}\d{4}\b"
_NAMED = r"(?i)\bssn\W{0,3}\d{9}\b"
#: EINs, importer numbers of other forms, account numbers: nine digits or more, dashes between them or not.
_LONG_NUMBER = r"\b\d{2}-\d{7}[0-9A-Za-z]{0,2}\b|\b\d{6}-\d{5}\b|\d{9,}"
_TOLD_CHARS = 80
_WITHIN_OR_BARE = r"\b\d{3}[\s\-\u2010-\u2015\u2212._/]{0,3}\d{2}[\s\-\u2010-\u2015\u2212._/]{0,3}\d{4}\b"


def hash_numbers(values: pl.Series, key: bytes) -> pl.Series:
    """Values that hold a social security number, hashed with the key; all others as they are."""
    plain = values.filter(values.str.contains(_WHOLE)).unique()
    digits = plain.str.replace_all(r"[^0-9]", "").to_list()
    dressed = {text: nine for text in _unusual(values) if (nine := _nine_digits(text)) is not None}
    if not digits and not dressed:
        return values
    shaped = [*plain.to_list(), *dressed]
    hashed = [hash_nine_digits(key, nine) for nine in (*digits, *dressed.values())]
    return values.replace(pl.Series(shaped, dtype=pl.String), pl.Series(hashed, dtype=pl.String))


def mask_numbers(text: pl.Expr) -> pl.Expr:
    """Text with the social security numbers within it masked."""
    return text.str.replace_all(_WITHIN, MASKED_NUMBER).str.replace_all(_NAMED, MASKED_NUMBER)


def mask_raw(text: pl.Expr) -> pl.Expr:
    """A raw line, masked: nobody knows its columns, so that bare nine digits are masked too."""
    return text.str.replace_all(_WITHIN_OR_BARE, MASKED_NUMBER).str.replace_all(_NAMED, MASKED_NUMBER)


def mask_told(text: pl.Expr) -> pl.Expr:
    """A refused cell, to be told to whoever sent it: every number that may identify somebody is masked, whatever its
    column should hold, and a long text is cut."""
    masked = mask_raw(text).str.replace_all(_LONG_NUMBER, MASKED_NUMBER)
    return pl.when(masked.str.len_chars() > _TOLD_CHARS).then(masked.str.head(_TOLD_CHARS) + "…").otherwise(masked)


def _unusual(values: pl.Series) -> list[str]:
    """Distinct values that hold at least eight digits and are no number of a usual form."""
    usual = values.str.contains(_WHOLE) | values.str.contains(_OTHER_NUMBER)
    return values.filter(~usual & (values.str.count_matches(r"\d") >= 8)).unique().to_list()


def _nine_digits(text: str) -> str | None:
    folded = unicodedata.normalize("NFKC", text)
    if _EIGHT.fullmatch(folded):
        return folded.strip().zfill(9)
    found = _DRESSED.search(folded)
    return "".join(found.groups()) if found is not None else None
