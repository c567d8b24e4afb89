"""Which pairs are compared: all that share something, few enough whoever shares it."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from graphinv.resolve.asked import nothing_told
from graphinv.resolve.blocking import (
    MOST_IN_BLOCK,
    Blocks,
    ask,
    block,
    first_keys,
    keys_by_name_and_place,
    left_out,
    pairs_completeness,
    pairs_of,
    reduction_ratio,
    worded,
)
from graphinv.resolve.comparisons import Attribute
from graphinv.resolve.parties import Parties
from tests.resolve.crowd import Told, at, crowds, firm, parties, person

Pair = tuple[str, str]


def met(told: Parties, blocks: Blocks | None = None) -> set[Pair]:
    one, other = pairs_of(block(told) if blocks is None else blocks)
    return {(told.uids[a], told.uids[b]) for a, b in zip(one.tolist(), other.tolist(), strict=True)}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (person("john smith"), person("john smith")),
        (person("mike smith"), person("michael smith")),
        (firm("arlen goods"), firm("arlengoods")),
        (firm("arlen goods"), firm("arlen trading of ohio")),
        (at(12, unit="4"), at(12, unit="5")),
        ({"address_words": ["angsnoul", "kandal"]}, {"address_words": ["angsnoul", "krosaing"]}),
        ({"phone": "+19375550142"}, {"phone": "+19375550142"}),
        ({"email": "desk@arlen.example"}, {"email": "desk@arlen.example"}),
        ({"website": "arlen.example"}, {"website": "arlen.example"}),
        ({"number": "12-345678900"}, {"number": "12-345678900"}),
        ({"officer": "mary smith"}, {"officer": "mary smith"}),
        ({"bank_account": "account-1"}, {"bank_account": "account-1"}),
        ({"mid": "CNARLGOO12DON"}, {"mid": "CNARLGOO12DON"}),
    ],
)
def test_parties_that_share_something_meet(left: Told, right: Told) -> None:
    elsewhere = firm("queston toys", phone="+15205550100", **at(900, "harbor road", place="reno"))
    assert met(parties(a=left, b=right, c=elsewhere)) == {("a", "b")}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"country": "US"}, {"country": "US"}),
        ({"phone": "4545"}, {"mid": "4545"}),
        (at(12), at(14)),
        ({}, {}),
    ],
)
def test_what_says_nothing_about_two_does_not_bring_them_together(left: Told, right: Told) -> None:
    assert met(parties(a=left, b=right)) == set()


@given(crowds())
@settings(max_examples=20, deadline=None)
def test_pairs_are_exactly_those_with_a_common_key(crowd: dict[str, list[dict[str, Any]]]) -> None:
    told = parties(**crowd)
    keys = first_keys(told)
    of_party = [set(keys.key[keys.party == party].tolist()) for party in range(len(told))]
    together = {(told.uids[a], told.uids[b]) for a, b in combinations(range(len(told)), 2) if of_party[a] & of_party[b]}
    assert met(told) == together


@given(crowds())
@settings(max_examples=20, deadline=None)
def test_names_and_places_bring_the_keys_that_they_bring_a_party_without_anything_else(
    crowd: dict[str, list[dict[str, Any]]],
) -> None:
    told = parties(**crowd)
    names, places = told.attributes[Attribute.NAME], told.attributes[Attribute.ADDRESS]
    nothing = nothing_told(len(told))
    every = names._replace(rare=np.ones_like(names.rare))
    first = first_keys(Parties(told.uids, (every, places, *[nothing] * (len(Attribute) - 2))), any_place=True)
    party, key = keys_by_name_and_place(worded(names), worded(places))
    assert (party.tolist(), key.tolist()) == (first.party.tolist(), first.key.tolist())


def crowd_of_all_sorts() -> dict[str, Told]:
    """Blocks of every size: few share a phone, many a mailbox shop and an agent, very many a name."""
    found: dict[str, Told] = {}
    for n in range(240):
        found[f"tenant{n:03}"] = firm(f"firm{n // 2} trading", phone=f"+1937555{n // 7:04}", **at(1, unit=str(n)))
        found[f"wei{n:03}"] = person("wei zhang", email=f"wei{n // 5}@mail.example", **at(n // 3, place=f"town{n % 9}"))
        found[f"client{n:03}"] = firm(f"client{n} imports", phone="+15205550100")
    return found


@pytest.fixture(scope="module")
def busy() -> tuple[Parties, Blocks]:
    told = parties(**crowd_of_all_sorts())
    return told, block(told)


def test_no_key_brings_more_candidates_than_a_block_holds(busy: tuple[Parties, Blocks]) -> None:
    told, blocks = busy
    assert np.diff(blocks.start).max() == np.diff(blocks.start)[blocks.sizes <= MOST_IN_BLOCK].max() <= MOST_IN_BLOCK
    assert left_out(blocks) > 0
    one, other = pairs_of(blocks)
    keys = np.bincount(blocks.party, minlength=len(told))
    candidates = np.bincount(np.concatenate([one, other]), minlength=len(told))
    assert np.all(candidates <= keys * (MOST_IN_BLOCK - 1))


def test_tenants_of_a_mailbox_shop_meet_by_the_words_of_their_names(busy: tuple[Parties, Blocks]) -> None:
    pairs = met(*busy)
    for n in range(0, 240, 2):
        assert (f"tenant{n:03}", f"tenant{n + 1:03}") in pairs
    assert ("tenant000", "tenant100") not in pairs


def test_bearers_of_a_common_name_meet_by_their_places(busy: tuple[Parties, Blocks]) -> None:
    pairs = met(*busy)
    for n in range(240):
        assert (f"wei{n:03}", f"wei{n + 9:03}") in pairs or n + 9 >= 240  # the same town
    assert ("wei000", "wei100") not in pairs


def test_many_of_one_name_in_one_building_all_meet_one_and_no_more_than_a_block_each() -> None:
    """A farm of accounts: too many for one block, and too much alike to be left out."""
    accounts = {f"s{n:03}": firm("arlen goods", **at(12, unit=str(n))) for n in range(200)}
    told = parties(**accounts)
    blocks = block(told)
    pairs = met(told, blocks)
    assert {(f"s{0:03}", f"s{n:03}") for n in range(1, 200)} <= pairs
    assert np.diff(blocks.start).max() <= MOST_IN_BLOCK
    assert len(pairs) < 200 * MOST_IN_BLOCK / 2
    asked = {told.uids[found] for found in ask(blocks, parties(new=firm("arlen goods", **at(12)))).tolist()}
    assert "s000" in asked


def test_an_agents_customers_with_names_of_their_own_do_not_meet(busy: tuple[Parties, Blocks]) -> None:
    assert not any(left[:6] == right[:6] == "client" for left, right in met(*busy))


def test_asking_finds_the_partners_that_a_batch_found_in_blocks_of_all_sizes(busy: tuple[Parties, Blocks]) -> None:
    told, blocks = busy
    everybody = crowd_of_all_sorts()
    pairs = met(*busy)
    for uid in list(everybody)[::29]:
        found = {told.uids[at] for at in ask(blocks, parties(**{uid: everybody[uid]})).tolist()}
        assert found - {uid} == {a if b == uid else b for a, b in pairs if uid in (a, b)}


@given(crowds(most=8))
@settings(max_examples=15, deadline=None)
def test_asking_finds_the_partners_that_a_batch_found(crowd: dict[str, list[dict[str, Any]]]) -> None:
    told = parties(**crowd)
    blocks = block(told)
    pairs = met(told, blocks)
    for uid, party in crowd.items():
        found = {told.uids[at] for at in ask(blocks, parties(**{uid: party})).tolist()}
        assert found - {uid} == {a if b == uid else b for a, b in pairs if uid in (a, b)}


def test_nobody_meets_nobody() -> None:
    blocks = block(parties())
    assert met(parties(), blocks) == set()
    assert ask(blocks, parties(a=firm("arlen goods"))).tolist() == []
    assert ask(block(parties(a=firm("arlen goods"))), parties(b={})).tolist() == []


def test_the_reduction_ratio_is_the_share_of_pairs_that_are_spared() -> None:
    assert reduction_ratio(5, 1) == pytest.approx(0.9)
    assert reduction_ratio(5, 10) == 0.0
    assert reduction_ratio(1, 0) == 0.0


def test_pairs_completeness_is_the_share_of_true_pairs_that_are_compared() -> None:
    one, other = np.array([0, 1, 3], np.int32), np.array([1, 2, 4], np.int32)
    assert pairs_completeness(one, other, np.array([0, 0, 0, 1, 1])) == pytest.approx(3 / 4)  # 0-2 is missed
    assert pairs_completeness(one, other, np.arange(5)) == 1.0


def test_blocking_spares_most_pairs_of_a_crowd(busy: tuple[Parties, Blocks]) -> None:
    told, blocks = busy
    assert reduction_ratio(len(told), len(pairs_of(blocks)[0])) > 0.97
