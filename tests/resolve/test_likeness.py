"""Likeness of spelling is that of the library that everyone uses, only compiled into resolution."""

import string

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, JaroWinkler, Levenshtein

from graphinv.resolve.arrays import UInt8
from graphinv.resolve.comparisons import CLOSE
from graphinv.resolve.likeness import is_close, jaro_winkler, within_one
from graphinv.resolve.word_likeness import edits

#: Few letters, so that texts have much in common.
LETTERS = st.text(alphabet="abc 1", max_size=63) | st.text(alphabet=string.printable, max_size=63)


@st.composite
def misspelt(draw: st.DrawFn) -> tuple[str, str]:
    """A text and what a few slips of the pen make of it."""
    text = draw(LETTERS)
    other = text
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(other)))
        kept = draw(st.integers(0, 1))
        other = other[:at] + draw(st.text(alphabet="abc 1", max_size=1)) + other[at + kept :]
    return text, other[:63]


PAIRS = st.tuples(LETTERS, LETTERS) | misspelt()


def bytes_of(text: str) -> UInt8:
    return np.frombuffer(text.encode(), np.uint8)


@given(PAIRS)
@example(("", ""))
@example(("", "a"))
@example(("martha", "marhta"))
@example(("a" * 63, "a" * 62 + "b"))
@settings(max_examples=500, deadline=None)
def test_jaro_winkler_equals_the_library(pair: tuple[str, str]) -> None:
    left, right = pair
    found = jaro_winkler(bytes_of(left), bytes_of(right))
    assert found == pytest.approx(JaroWinkler.similarity(left, right), abs=1e-9)


@given(PAIRS, st.sampled_from([0.75, 0.85, CLOSE, 0.97, 1.0]))
@settings(max_examples=500, deadline=None)
def test_close_is_what_reaches_the_threshold(pair: tuple[str, str], least: float) -> None:
    left, right = (bytes_of(text) for text in pair)
    likeness = jaro_winkler(left, right)
    assume(abs(likeness - least) > 1e-9 or likeness == 1.0)
    assert is_close(left, right, least) == (likeness >= least)


@given(PAIRS)
@example(("", "a"))
@example(("ab", "ba"))
@example(("+19375550142", "+1937555014"))
@settings(max_examples=500, deadline=None)
def test_within_one_is_a_levenshtein_distance_of_at_most_one(pair: tuple[str, str]) -> None:
    left, right = pair
    assert within_one(bytes_of(left), bytes_of(right)) == (Levenshtein.distance(left, right) <= 1)


@given(PAIRS, st.sampled_from([0, 1, 2]))
@example(("ca", "abc"), 2)
@example(("trading", "tranigd"), 2)
@example(("a" * 63, "b" + "a" * 62), 1)
@settings(max_examples=500, deadline=None)
def test_edits_are_those_of_optimal_string_alignment(pair: tuple[str, str], allowed: int) -> None:
    left, right = pair
    found = edits(bytes_of(left), bytes_of(right), allowed)
    assert min(found, allowed + 1) == min(OSA.distance(left, right), allowed + 1)
