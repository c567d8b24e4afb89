"""The telling words and the locality of an address, for comparing addresses that no key joins.

The house and unit numbers, the words of the street's name and the words of the place; without street types,
directions, unit designators, the generic words of places ("District", "City") and the country. Words are folded and
spelt as ``STREET_WORDS`` spells them, so that "Fourth Ave., Ft. Worth" and "4th Avenue, Fort Worth" agree.

Computed by columns on unique captions, apart from ``address_columns``: only comparing needs it.
"""

import re
from functools import cache

import polars as pl

from graphinv.normalise.address_words import STREET_WORDS, UNTELLING_WORDS
from graphinv.normalise.column_tools import field_frame, on_unique, rewrite_expr
from graphinv.normalise.locality_columns import PLACE_FIELDS, localities
from graphinv.normalise.places import CITY_WORDS, country_spellings, is_country
from graphinv.normalise.text import Rewrite, clean, fold, rewrite

#: From a lower-case ASCII caption to words between single spaces.
_WORD_RULES = (
    Rewrite(r"['`\"]", ""),
    Rewrite(r"\b([0-9]{5})-[0-9]{4}\b", "${1}"),  # what ZIP+4 adds is left out at will
    Rewrite(r"\b(?:united states(?: of america)?|p\.? ?r\.? ?china|u\.s\.(?:a\.)?|p\.? ?o\.? box|p\.o\.|c/o)", " "),
    Rewrite(r"\b([0-9]{1,3})(?:/f|f)\b", "${1}"),  # the 12th floor: "12/F"
    Rewrite(r"[^a-z0-9]+", " "),
    Rewrite(r"\b(?:apt|ste|rm|unit|suite|room|no)([0-9])", "${1}"),
)

_NOT_PLAIN = re.compile("[^a-z0-9]+")


def address_words_column(captions: pl.Series) -> pl.Series:
    """The telling words of every address caption, as a sorted list without repetition.

    Null where the caption is null, an empty list where no word tells anything. ``captions`` are what
    ``address_columns`` and ``text_address_columns`` give, or addresses of any other spelling.
    """
    values = captions.cast(pl.String)
    unique = values.unique().drop_nulls().rename("caption")
    if unique.is_empty():
        return pl.Series(captions.name, [None] * len(values), dtype=pl.List(pl.String))
    found = pl.DataFrame({"caption": unique, "words": _words(unique)})
    given = pl.DataFrame({"caption": values})
    return given.join(found, on="caption", how="left", maintain_order="left")["words"].alias(captions.name)


def locality_column(addresses: pl.DataFrame) -> pl.Series:
    """``Address.locality`` of every row of the columns that ``address_columns`` and ``text_address_columns`` give.

    Only city, state, postal_code and country are needed. Null where nothing says where an address is.
    """
    places = field_frame(addresses, PLACE_FIELDS)
    return on_unique(places, lambda unique: localities(unique).select("place_key"))["place_key"].alias("locality")


def address_words(caption: str) -> list[str]:
    """``address_words_column`` of one caption, without the cost of columns."""
    folded = caption.lower() if caption.isascii() else fold(clean(caption))
    head, comma, last = folded.rpartition(",")
    named = " ".join(_NOT_PLAIN.sub(" ", last).split())
    text = head if comma and head and "\n" not in head and is_country(named) else folded
    table, dropped = word_tables()
    words = (table.get(word, word) for word in rewrite(text, _WORD_RULES).split(" "))
    return sorted({word for word in words if word not in dropped})


@cache
def word_tables() -> tuple[dict[str, str], frozenset[str]]:
    """(the usual spelling of words, words that tell nothing): what becomes of those of ``word_texts``."""
    return STREET_WORDS | CITY_WORDS, frozenset({"", *UNTELLING_WORDS})


def word_texts(captions: pl.Series) -> pl.Series:
    """The words of every caption between spaces, before ``word_tables`` are looked up; null stays null."""
    head, last = pl.col("folded").str.extract(r"^(.*),[^,]*$", 1), pl.col("folded").str.extract(r",([^,]*)$", 1)
    country = last.str.replace_all("[^a-z0-9]+", " ").str.strip_chars(" ").is_in(sorted(country_spellings()))
    text = pl.when(country & (head != "")).then(head).otherwise("folded")
    folded = pl.DataFrame({"folded": _folded(captions.cast(pl.String))})
    return folded.select(rewrite_expr(text, _WORD_RULES)).to_series()


def _words(captions: pl.Series) -> pl.Series:
    """A list of words for every caption; captions are not null."""
    table, dropped = word_tables()
    lazy = pl.LazyFrame({"word": word_texts(captions).str.split(" ")}).with_row_index("row")
    word = pl.col("word").replace(table)
    told = lazy.explode("word").filter(~word.is_in(sorted(dropped))).select("row", word=word).unique()
    grouped = told.sort("row", "word").group_by("row", maintain_order=True).agg("word").collect()
    order = pl.DataFrame({"row": pl.int_range(len(captions), dtype=pl.UInt32, eager=True)})
    words = order.join(grouped, on="row", how="left", maintain_order="left")["word"]
    return words.fill_null([])


def _folded(captions: pl.Series) -> pl.Series:
    """Lower-case ASCII, transliterating only where there is something to transliterate."""
    plain = captions.str.contains(r"^[\x00-\x7f]*$")
    if plain.all():
        return captions.str.to_lowercase()
    strange = captions.filter(~plain)  # null is not strange
    folded = pl.Series([fold(clean(value)) for value in strange], dtype=pl.String)
    return captions.str.to_lowercase().scatter((~plain).arg_true(), folded)
