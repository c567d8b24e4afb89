"""What parties told, each value once, whatever the order of the rows."""

import random
from collections import Counter

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from graphinv.resolve.told import MOST_VALUES, told_once

_ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from([None, *"xyz"]), st.sampled_from("mno")), max_size=30
)


@given(_ROWS, st.randoms(use_true_random=False))
def test_values_are_counted_once_with_their_smallest_text(
    rows: list[tuple[str, str | None, str]], rng: random.Random
) -> None:
    shuffled = rng.sample(rows, len(rows))
    frame = pl.DataFrame(shuffled, schema={"uid": pl.String, "key": pl.String, "text": pl.String}, orient="row")
    told = told_once(frame, ("key",), "text")
    counted = told.values.join(told.parties, on="who").join(told.unique, on="same")
    assert Counter({(uid, key): times for uid, key, times in counted.select("uid", "key", "times").iter_rows()}) == (
        Counter((uid, key) for uid, key, _ in rows)
    )
    keys = sorted({key for _, key, _ in rows}, key=lambda key: (key is not None, key or ""))
    smallest = [(key, min(text for _, other, text in rows if other == key)) for key in keys]
    assert told.unique.select("key", "text").rows() == smallest


def test_a_party_is_told_by_the_values_that_it_uses_most() -> None:
    used = {f"v{number:02}": 1 + number % 3 for number in range(MOST_VALUES + 6)}
    rows = [("a", value) for value, times in used.items() for _ in range(times)] + [("b", "v00")]
    told = told_once(pl.DataFrame(rows, schema=["uid", "value"], orient="row"), ("value",))
    kept = told.values.join(told.parties, on="who").join(told.unique, on="same")
    most = sorted(used, key=lambda value: (-used[value], value))[:MOST_VALUES]
    assert set(kept.filter(pl.col("uid") == "a")["value"]) == set(most)
    assert kept.filter(pl.col("uid") == "b")["value"].to_list() == ["v00"]
    assert told.unique["value"].to_list() == sorted({*most, "v00"})
