"""Harmonized Tariff Schedule numbers."""

import re
from functools import lru_cache

from graphinv.normalise.text import clean

_SEPARATORS = re.compile(r"[ .\-]")
_HTS = re.compile(r"^[0-9]{5,10}$")
# Chapter 77 is reserved and has never held goods.
_RESERVED_CHAPTERS = frozenset({"00", "77"})


def normalize_hts(raw: str | None) -> str | None:
    """Six, eight or ten digits without separators ("8517.13.00.00"); None for anything else.

    HTS numbers have an even number of digits, so five, seven or nine digits are read as a number of chapters 01 to 09
    whose leading zero a spreadsheet dropped ("306170000" without its zero). Headings of four digits are too coarse.
    """
    digits = _SEPARATORS.sub("", clean(raw or ""))
    if not digits.isascii() or not _HTS.match(digits):
        return None
    if len(digits) % 2:
        digits = "0" + digits
    return None if digits[:2] in _RESERVED_CHAPTERS else digits


@lru_cache(maxsize=8192)
def hts6(raw: str | None) -> str | None:
    """The six digits that are international (the HS subheading)."""
    hts = normalize_hts(raw)
    return hts[:6] if hts else None
