"""The score of links alone, while nothing was examined."""

from graphinv.links.answer import Suppressed
from graphinv.links.joint_score import BASE_RATE, joint_score


def test_without_a_link_the_score_is_the_base_rate_and_says_how_little_that_is_known() -> None:
    scored = joint_score((), (), Suppressed(0, ()), "unknown")
    low, high = scored.interval
    assert scored.score == BASE_RATE
    assert low <= BASE_RATE / 5
    assert high >= BASE_RATE * 4


def test_hubs_left_out_widen_the_interval_upwards_alone() -> None:
    none = joint_score((), (), Suppressed(0, ()), "unknown")
    some = joint_score((), (), Suppressed(3, ("address:1",)), "unknown")
    assert some.score == none.score
    assert some.interval[0] == none.interval[0]
    assert some.interval[1] > none.interval[1]
