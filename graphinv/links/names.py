"""Names of a question as they may be spelt on record: one word respelt by a letter.

Parties whose names share a rare word, or the whole name, are found by blocks; a misspelt word is in none. So the
words of all names on record are kept by their spelling, and the name is asked for with each like word in turn. What is
found so is only a candidate, and the match model decides.
"""

import polars as pl

from graphinv.links.spellings import Spellings, near, spellings, text_at
from graphinv.schema import PARTY_LABELS

#: A word of fewer letters is taken as it is: one letter of four makes another word.
_FROM_LETTERS, _TO_LETTERS = 5, 40

#: Spellings of one name that are asked for.
_MOST = 10


def words_on_record(nodes: pl.DataFrame) -> Spellings:
    """The words of the names of all parties, each once."""
    keys = nodes.filter(pl.col("label").is_in(PARTY_LABELS))["name_key"].drop_nulls().unique()
    words = keys.str.split(" ").explode(empty_as_null=False, keep_nulls=False).unique().sort()
    lengths = words.str.len_bytes()
    return spellings(words.filter((lengths >= _FROM_LETTERS) & (lengths <= _TO_LETTERS) & ~words.str.contains("[0-9]")))


def respelt(words: Spellings, key: str) -> tuple[str, ...]:
    """The name with one word as it is spelt on record; words that nobody on record has are respelt first."""
    told = key.split(" ")
    unknown: list[str] = []
    known: list[str] = []
    for at, word in enumerate(told):
        if _FROM_LETTERS <= len(word) <= _TO_LETTERS:
            like = [text_at(words, item) for item in near(words, word)]
            names = known if word in like else unknown
            names.extend(" ".join([*told[:at], other, *told[at + 1 :]]) for other in like if other != word)
    return tuple([*unknown, *known][:_MOST])
