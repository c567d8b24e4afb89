"""Digests of what rows say."""

import hashlib

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from graphinv.ingest.contents import KnownContents, content_digests


def test_a_digest_is_that_of_the_joined_cells_for_ever() -> None:
    (digest,) = content_digests(
        pl.DataFrame({"a": ["1-1"], "b": [None], "c": ["Müller"], "d": [None]}, schema=dict.fromkeys("abcd", pl.String))
    )
    assert digest == hashlib.blake2b("1-1\x1f\x1fMüller".encode(), digest_size=16).hexdigest()


def test_a_column_added_at_the_end_changes_no_digest_of_rows_that_leave_it_blank() -> None:
    old = pl.DataFrame({"a": ["1", "2"], "b": ["x", None]})
    new = old.with_columns(c=pl.lit(None, pl.String))
    assert content_digests(old).to_list() == content_digests(new).to_list()


def test_a_slice_of_a_frame_has_its_own_digests() -> None:
    frame = pl.DataFrame({"a": [str(at) for at in range(100)]})
    assert content_digests(frame.slice(40, 20)).to_list() == content_digests(frame).to_list()[40:60]
    assert content_digests(frame.head(0)).to_list() == []


@given(st.lists(st.lists(st.integers(0, 40), max_size=30), max_size=12))
def test_what_is_new_is_what_a_set_says(rounds: list[list[int]]) -> None:
    known, seen = KnownContents(), set[int]()
    for values in rounds:
        digests = pl.Series(
            [hashlib.blake2b(str(one).encode(), digest_size=16).hexdigest() for one in values], dtype=pl.String
        )
        expected = []
        for one in values:
            expected.append(one not in seen)
            seen.add(one)
        assert known.add_new(digests).tolist() == expected


def test_digests_that_end_in_nul_bytes_are_told_apart() -> None:
    known = KnownContents()
    digests = pl.Series(["00" * 16, "ab" + "00" * 15, "ab" + "00" * 14 + "01"])
    assert known.add_new(digests).all()
    assert not np.any(known.add_new(digests))
