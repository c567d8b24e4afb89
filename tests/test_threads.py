"""Work side by side."""

import threading

import pytest

from graphinv.threads import in_threads, side_by_side


def test_what_was_made_is_in_the_order_of_the_items() -> None:
    assert in_threads(lambda item: item * item, range(50)) == [item * item for item in range(50)]


def test_two_things_are_done_at_once() -> None:
    met = threading.Barrier(2, timeout=10)
    assert {*side_by_side(met.wait, met.wait)} == {0, 1}


def test_an_error_of_either_is_raised_after_both_ended() -> None:
    ended = []

    def fail() -> None:
        raise ValueError("broken")

    for pair in ((fail, lambda: ended.append(1)), (lambda: ended.append(2), fail)):
        with pytest.raises(ValueError, match="broken"):
            side_by_side(*pair)
    assert ended == [1, 2]
