"""Words spelt alike are found by their pieces: the very ones that comparing with every word finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from graphinv.resolve.arrays import UInt8
from graphinv.resolve.comparisons import LONG_WORD
from graphinv.resolve.near_words import Words, like_words, words_filed


def bytes_of(word: str) -> UInt8:
    return np.frombuffer(bytearray(word, "ascii"), np.uint8)


def filed(some: set[str]) -> tuple[list[str], Words]:
    """The words in their order, and filed."""
    told = sorted(some, key=lambda word: (len(word), word))
    lengths = np.array([len(word) for word in told], np.int64)
    return told, words_filed(bytes_of("".join(told)), lengths)


def found(some: set[str], asked: str) -> tuple[list[str], str | None]:
    told, words = filed(some)
    like, very = like_words(bytes_of(asked), words)
    assert like.tolist() == sorted(set(like.tolist()))
    return [told[word] for word in like.tolist()], None if very < 0 else told[very]


def spelt_like(some: set[str], asked: str) -> set[str]:
    """The same, by comparing with each."""
    return {
        word
        for word in some
        if (
            word == asked[0]
            if len(word) == 1
            else OSA.distance(word, asked) <= 1 + (min(len(word), len(asked)) >= LONG_WORD)
        )
    }


def edited(word: str, edits: list[tuple[int, int, str]]) -> str:
    """The word with a letter changed, left out, added or swapped with the next, several times."""
    for kind, place, letter in edits:
        at = place % (len(word) + 1)
        before, here, after = word[:at], word[at : at + 1], word[at + 1 :]
        word = (before + letter + after, before + after, before + letter + here + after,
                before + after[:1] + here + after[1:])[kind]  # fmt: skip
    return word


_LETTER = st.sampled_from("abcde")
_WORD = st.text(_LETTER, min_size=2, max_size=12)
_EDITS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12), _LETTER), max_size=3)


@given(_WORD, st.lists(_EDITS, max_size=30), st.sets(st.text(_LETTER, min_size=1, max_size=9), max_size=30))
@settings(max_examples=400, deadline=None)
def test_all_words_spelt_alike_are_found_and_no_other(asked: str, others: list[list[tuple[int, int, str]]],
                                                      unlike: set[str]) -> None:  # fmt: skip
    some = {word for edits in others if (word := edited(asked, edits))} | unlike
    assert found(some, asked) == (sorted(spelt_like(some, asked), key=lambda word: (len(word), word)),
                                  asked if asked in some else None)  # fmt: skip


@pytest.mark.parametrize("asked", ["ab", "abcd", "abcde", "abcdef", "abcdefg", "abcdefgh", "abcdefghijk"])
def test_wherever_the_edits_are(asked: str) -> None:
    """One after the other at every place of the word, both ends and the letters next to them among these."""
    every = [(kind, place, "x") for kind in range(4) for place in range(len(asked) + 1)]
    some = {edited(asked, [one, other]) for one in every for other in every} - {""}
    assert set(found(some, asked)[0]) == spelt_like(some, asked)


def test_nothing_is_like_a_word_where_there_is_none() -> None:
    assert found(set(), "abcdefgh") == ([], None)
