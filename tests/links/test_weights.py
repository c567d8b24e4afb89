"""What it costs to enter at a value that a question gives."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graphinv.links.weights import CLAIMS, HUB_USERS, WEIGHTS, cost_when_given, edge_costs, told_reliabilities

_RELIABILITY = told_reliabilities()


def _edge(claim: str, users: int, confidence: float) -> int:
    row = np.array([CLAIMS.index(claim)])
    return int(edge_costs(_RELIABILITY, row, np.array([users]), np.array([confidence]), np.zeros(1))[0])


@given(st.sampled_from(CLAIMS), st.integers(0, 100_000), st.sampled_from([0.95, 0.75, 0.5]))
def test_a_given_value_costs_what_a_relationship_seen_today_does(claim: str, users: int, confidence: float) -> None:
    assert cost_when_given(_RELIABILITY, claim, users, confidence, more=False) == _edge(claim, users, confidence)


@given(
    st.sampled_from([weight.claim for weight in WEIGHTS if weight.shared]),
    st.integers(2, 4 * HUB_USERS),
    st.sampled_from([0.95, 0.75]),
)
def test_one_user_more_costs_what_the_others_lose_by_it(claim: str, users: int, confidence: float) -> None:
    asked = cost_when_given(_RELIABILITY, claim, users, confidence, more=True) + _edge(claim, users - 1, 1.0)
    recorded = _edge(claim, users, confidence) + _edge(claim, users, 1.0)
    assert abs(asked - recorded) <= 2


def test_reliabilities_of_an_epoch_make_its_own_costs() -> None:
    learned = _RELIABILITY.copy()
    learned[CLAIMS.index("HAS_WEBSITE")] /= 4
    for claim, dearer in (("HAS_WEBSITE", True), ("HAS_PHONE", False)):
        before, after = (cost_when_given(told, claim, 3, 0.95, more=True) for told in (_RELIABILITY, learned))
        assert (after > before) == dearer
