"""What records teach of reliabilities: many strangers by one name unlearn it, a few say next to nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphinv.links.corroboration import Corroboration, corroboration, reliabilities
from graphinv.links.weights import CLAIMS, WEIGHTS, told_reliabilities

_AT = {claim: at for at, claim in enumerate(CLAIMS)}
_LEARNED = [weight.claim for weight in WEIGHTS if weight.learned]
#: Nodes from here on are values.
_VALUES = 20


def counted(*relations: tuple[int, int, str], party: dict[int, int] | None = None, shippers: int = 0) -> Corroboration:
    """Of (party node, value, claim); ``party`` tells whose identity a node is; the last ``shippers`` ask nothing."""
    a, b, claims = zip(*relations, strict=True)
    members = np.arange(60, dtype=np.int32)
    for node, of in (party or {}).items():
        members[node] = of
    asking = np.arange(60) < _VALUES - shippers
    return corroboration(
        np.array(a, np.int32),
        np.array(b, np.int32),
        np.array([_AT[name] for name in claims], np.int32),
        members,
        asking,
    )


def told(claim: str, pairs: int, corroborated: int) -> float:
    """The reliability of a kind of which so many pairs were seen."""
    seen = Corroboration(np.zeros(len(CLAIMS), np.int64), np.zeros(len(CLAIMS), np.int64))
    seen.pairs[_AT[claim]], seen.corroborated[_AT[claim]] = pairs, corroborated
    return float(reliabilities(seen)[_AT[claim]])


def seen(found: Corroboration, claim: str) -> tuple[int, int]:
    return int(found.pairs[_AT[claim]]), int(found.corroborated[_AT[claim]])


def test_a_phone_corroborates_an_officer_and_the_officer_the_phone() -> None:
    found = counted(
        (1, 21, "HAS_OFFICER"), (2, 21, "HAS_OFFICER"), (1, 22, "HAS_PHONE"), (2, 22, "HAS_PHONE"),
        (3, 23, "HAS_OFFICER"), (4, 23, "HAS_OFFICER"),
    )  # fmt: skip
    assert seen(found, "HAS_OFFICER") == (2, 1)
    assert seen(found, "HAS_PHONE") == (1, 1)


def test_two_values_of_one_kind_do_not_corroborate_each_other() -> None:
    found = counted(
        (1, 21, "HAS_OFFICER"), (2, 21, "HAS_OFFICER"), (1, 22, "HAS_OFFICER"), (2, 22, "HAS_OFFICER"),
    )  # fmt: skip
    assert seen(found, "HAS_OFFICER") == (2, 0)


def test_what_the_trade_shares_corroborates_nothing() -> None:
    found = counted(
        (1, 21, "HAS_OFFICER"), (2, 21, "HAS_OFFICER"), (1, 22, "SUPPLIED_BY"), (2, 22, "SUPPLIED_BY"),
    )  # fmt: skip
    assert seen(found, "HAS_OFFICER") == (1, 0)
    assert seen(found, "SUPPLIED_BY") == (1, 1)


@pytest.mark.parametrize(("users", "corroborates"), [(6, 1), (7, 0)])
def test_a_value_of_many_corroborates_nothing(users: int, corroborates: int) -> None:
    home = [(party, 21, "LOCATED_AT") for party in range(users)]
    found = counted(*home, (0, 22, "HAS_WEBSITE"), (1, 22, "HAS_WEBSITE"))
    assert seen(found, "HAS_WEBSITE") == (1, corroborates)
    assert seen(found, "LOCATED_AT") == (0, 0)


def test_identities_of_one_party_are_no_pair_and_shippers_do_not_count() -> None:
    found = counted(
        (1, 21, "HAS_WEBSITE"), (2, 21, "HAS_WEBSITE"), (3, 21, "HAS_WEBSITE"), (19, 21, "HAS_WEBSITE"),
        (4, 22, "HAS_WEBSITE"), (19, 22, "HAS_WEBSITE"), party={2: 1}, shippers=1,
    )  # fmt: skip
    assert seen(found, "HAS_WEBSITE") == (1, 0)


def test_no_relationship_teaches_nothing() -> None:
    none = np.zeros(0, np.int32)
    found = corroboration(none, none, none, np.arange(3, dtype=np.int32), np.ones(3, np.bool_))
    assert reliabilities(found).tolist() == told_reliabilities().tolist()


@pytest.mark.parametrize("claim", ["PAID_TO", "HAS_EMAIL", "HAS_PHONE", "LOCATED_AT"])
def test_what_is_verified_or_answered_keeps_the_table(claim: str) -> None:
    assert told(claim, 10_000, 0) == told_reliabilities()[_AT[claim]]


@pytest.mark.parametrize("claim", _LEARNED)
@given(pairs=st.integers(0, 10_000), data=st.data())
def test_a_reliability_lies_between_the_table_and_what_is_seen(claim: str, pairs: int, data: st.DataObject) -> None:
    corroborated = data.draw(st.integers(0, pairs))
    table = told_reliabilities()[_AT[claim]]
    share = corroborated / pairs if pairs else table
    assert min(table, share) - 1e-9 <= told(claim, pairs, corroborated) <= max(table, share) + 1e-9


@pytest.mark.parametrize("claim", _LEARNED)
def test_a_few_strangers_say_little_and_many_say_it_is_chance(claim: str) -> None:
    table = told_reliabilities()[_AT[claim]]
    assert told(claim, 2, 0) > 0.85 * table
    assert told(claim, 1000, 10) == pytest.approx(np.sqrt(table * 0.01), rel=0.1)
    falling = [told(claim, pairs, 0) for pairs in (0, 1, 5, 20, 100, 1000)]
    assert falling == sorted(falling, reverse=True)


def test_the_same_share_of_more_pairs_says_more() -> None:
    assert told("HAS_OFFICER", 10, 9) < told("HAS_OFFICER", 100, 90) < 0.9
    assert told("HAS_WEBSITE", 100, 10) < told("HAS_WEBSITE", 10, 1) < 0.8
