"""Whom a question may mean: hubs bring nobody, and a party is one party.

Anchor Mailroom's building has fifty tenants. Nine of them leave their box out, and goods of one of the nine were
seized, so that far fewer than the building's tenants share the very address.
"""

from collections.abc import Iterable
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphinv.links.answer import Candidate
from graphinv.links.index import LinkIndex
from graphinv.links.live.match import LiveMatch
from graphinv.links.lookup import FOLLOWED, look_up
from graphinv.links.question import LookupRequest
from graphinv.workspace import Workspace
from tests.links.conftest import (
    BRIGHT,
    DRIFT,
    HARBOR,
    LUMEN,
    ask,
    consignee,
    importer,
    indexed,
    shipment,
    tenants,
    told,
)

BOXLESS = [
    importer(f"66-{6000000 + at}", f"{name} LLC", "50 Anchor Rd")
    for at, name in enumerate(
        ("Quartz Pantry", "Willow Cycles", "Amber Tools", "Pebble Games", "Cobalt Shoes", "Thistle Bags", "Heron Rugs",
         "Saffron Clocks", "Marble Gloves")
    )
]  # fmt: skip
SEIZED = BOXLESS[0]
STREET = "50 Anchor Rd, Springfield, IL 62701"
#: Accounts of one marketplace, each of a party of its own. Goods that the last one sold were seized.
ACCOUNTS = [
    {"platform": "Kartly", "seller_id": f"K{at}", "display_name": name, "bank_account": f"12345678901{at}",
     "address_line1": line, "city": "Springfield", "state": "IL", "postal_code": "62701", "country": "US"}
    for at, (name, line) in enumerate(
        (("Plum Lanterns", "1 Birch Rd"), ("Cinder Kettles", "2 Cherry Ln"), ("Tundra Socks", "3 Walnut Way"),
         ("Meadow Knives", "4 Spruce Ct"), ("Orchid Scooters", "50 Anchor Rd"))
    )
]  # fmt: skip
SHOP = "Orchid Scooters"


def account(*rows: dict[str, str]) -> list[dict[str, str]]:
    """Accounts as a question names them."""
    return [{name: row[name] for name in ("platform", "seller_id")} for row in rows]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The mailbox shop with those who leave their box out."""
    filed = shipment("X1", "2025-02-01", importer_number=SEIZED["importer_number"], **consignee(SEIZED))
    sold = shipment("X2", "2025-02-01", **account(ACCOUNTS[-1])[0])
    feeds = {
        "importers": [HARBOR, LUMEN, BRIGHT, DRIFT, *BOXLESS, *tenants()],
        "sellers": ACCOUNTS,
        "shipments": [filed, sold],
        "seizures": [
            {"seizure_id": f"Z{at}", "seized_on": "2025-02-04", "shipment_id": f"X{at}", "category": "ipr"}
            for at in (1, 2)
        ],
    }
    return told(tmp_path_factory.mktemp("crowded"), feeds)


@pytest.fixture(scope="module")
def shop(crowded: Workspace) -> LinkIndex:
    """Its index."""
    return indexed(crowded)


def test_a_hubs_address_without_a_unit_brings_no_candidates_and_next_to_no_link(
    shop: LinkIndex, crowded: Workspace
) -> None:
    answer = ask(shop, crowded, addresses=[STREET])
    assert not answer.candidates
    assert not [link for link in answer.links if link.strength > 0.05]
    assert answer.band in ("none", "low")
    assert answer.standing == "unknown"


def test_a_box_of_its_own_is_no_hub(shop: LinkIndex, crowded: Workspace) -> None:
    answer = ask(shop, crowded, addresses=["50 Anchor Rd PMB 7, Springfield, IL 62701"])
    assert answer.candidates[0].caption == "Drift Goods LLC"


@pytest.mark.parametrize("one", [*BOXLESS[1:], importer("", "Lantern Harvest LLC", "50 Anchor Rd")])
def test_no_innocent_hub_tenant_comes_near_the_top_through_the_hub_alone(
    one: dict[str, str], shop: LinkIndex, crowded: Workspace
) -> None:
    answer = ask(shop, crowded, name=one["name"], addresses=[STREET])
    assert answer.band in ("none", "low")
    assert not [link for link in answer.links if link.strength > 0.1]
    assert {candidate.caption for candidate in answer.candidates if candidate.match} <= {one["name"]}


def test_who_shares_the_name_as_well_is_found_and_the_address_weighs_by_the_buildings_tenants(
    shop: LinkIndex, crowded: Workspace
) -> None:
    candidate = ask(shop, crowded, name=SEIZED["name"], addresses=[STREET]).candidates[0]
    assert (candidate.caption, candidate.match) == (SEIZED["name"], True)
    address = next(reason for reason in candidate.reasons if reason.feature == "same_address")
    assert "used by 41 on record" in address.detail, "those with a box"
    assert address.weight < 11


def test_an_account_that_the_question_names_stays_a_candidate_whatever_hub_it_is_at(
    shop: LinkIndex, crowded: Workspace
) -> None:
    alone = ask(shop, crowded, sellers=account(ACCOUNTS[-1]))
    housed = ask(shop, crowded, sellers=account(ACCOUNTS[-1]), addresses=[STREET])
    assert [candidate.caption for candidate in housed.candidates] == [SHOP]
    assert housed.candidates[0].score >= alone.candidates[0].score
    assert housed.standing == alone.standing == "seized"
    assert housed.score >= alone.score


_GIVEN = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from([HARBOR["name"], LUMEN["name"], "Bright Home LLC", "Maple Toys LLC"]),
        "phones": st.lists(st.sampled_from(["213 555 0142", "312 555 0111", "312 555 0122"]), max_size=3),
        "addresses": st.lists(st.sampled_from([STREET, "9 Elm St, Springfield, IL 62701", "7 Lumen Ave"]), max_size=3),
        "emails": st.lists(st.just("sales@harborgift.example"), max_size=1),
        "importer_number": st.sampled_from(["33-2222222", "12-3456789"]),
        "sellers": st.lists(st.sampled_from(account(*ACCOUNTS)), max_size=5),
    },
)


def _candidates(index: LinkIndex, workspace: Workspace, question: dict[str, object]) -> tuple[Candidate, ...]:
    request = LookupRequest.model_validate({"queries": {"k": question}, "limit": 50})
    return look_up(index, request, workspace.hash_key).responses["k"].candidates


def _is_named(candidate: Candidate) -> bool:
    return any(reason.feature == "same_account" for reason in candidate.reasons)


def _likeliest(index: LinkIndex, candidates: Iterable[Candidate]) -> dict[str, float]:
    """By entity the probability of its likeliest record."""
    best: dict[str, float] = {}
    for candidate in candidates:
        node = index.node(candidate.id)
        assert node is not None
        entity = index.nodes.text("entity", node) or candidate.id
        best[entity] = max(best.get(entity, 0.0), candidate.score)
    return best


@given(told_of=_GIVEN)
def test_the_probabilities_of_rivals_sum_to_one_at_most(
    told_of: dict[str, object], shop: LinkIndex, crowded: Workspace
) -> None:
    rivals = [candidate for candidate in _candidates(shop, crowded, told_of) if not _is_named(candidate)]
    assert sum(_likeliest(shop, rivals).values()) <= 1.001


@given(told_of=_GIVEN, at=st.integers(0, len(ACCOUNTS) - 1))
def test_an_account_that_is_given_takes_nothing_from_the_other_candidates(
    told_of: dict[str, object], at: int, shop: LinkIndex, crowded: Workspace
) -> None:
    before = {candidate.id: candidate.score for candidate in _candidates(shop, crowded, told_of)}
    given = told_of.get("sellers", [])
    assert isinstance(given, list)
    more = {**told_of, "sellers": [*given, *account(ACCOUNTS[at])]}
    after = {candidate.id: candidate.score for candidate in _candidates(shop, crowded, more)}
    assert all(after[key] >= score for key, score in before.items())


def test_a_seized_account_among_several_is_as_likely_as_alone_and_followed(shop: LinkIndex, crowded: Workspace) -> None:
    alone = ask(shop, crowded, sellers=account(ACCOUNTS[-1])).candidates[0].score
    answer = ask(shop, crowded, sellers=account(*ACCOUNTS))
    assert [candidate.score for candidate in answer.candidates] == [alone] * len(ACCOUNTS)
    assert (answer.links[0].party.caption, answer.links[0].hops) == (SHOP, 0)


def test_a_number_and_an_account_of_others_do_not_halve_each_other(shop: LinkIndex, crowded: Workspace) -> None:
    number: dict[str, object] = {"importer_number": BRIGHT["importer_number"], "phones": [BRIGHT["phone"]]}
    bought: dict[str, object] = {"sellers": account(ACCOUNTS[-1])}
    told_alone = [ask(shop, crowded, **one).candidates[0] for one in (number, bought)]
    both = ask(shop, crowded, **number, **bought).candidates
    assert {one.caption: one.score for one in both} == {one.caption: one.score for one in told_alone}
    assert {one.caption for one in both if one.match} == {BRIGHT["name"], SHOP}


def test_an_account_too_unlike_the_question_to_be_followed_is_where_it_buys(
    shop: LinkIndex, crowded: Workspace
) -> None:
    far: dict[str, object] = {
        "addresses": ["1 Far Away Rd, Toronto, Canada"], "country": "CA", "bank_accounts": ["999988887777"],
    }  # fmt: skip
    answer = ask(shop, crowded, sellers=account(ACCOUNTS[-1]), **far)
    assert answer.candidates[0].score < FOLLOWED
    link = answer.links[0]
    assert (link.party.caption, link.hops) == (SHOP, 1)


def test_records_of_one_party_are_no_rivals(tmp_path: Path) -> None:
    again = {**HARBOR, "importer_number": "77-1234567"}
    workspace = told(tmp_path, {"importers": [HARBOR, again, LUMEN, *tenants()]})
    index = indexed(workspace)
    answer = ask(index, workspace, name=HARBOR["name"], phones=[HARBOR["phone"]])
    assert [candidate.match for candidate in answer.candidates[:2]] == [True, True]
    assert len(_likeliest(index, answer.candidates)) < len(answer.candidates)


def test_parties_that_came_since_are_compared_as_those_of_the_epoch(index: LinkIndex) -> None:
    size = len(index.match.nodes)
    one, other = (side.astype(np.int32) for side in np.triu_indices(size, 1))
    expected = index.match.between(one, other)
    twice = LiveMatch.of(index.match, LiveMatch.of(index.match, index.match))
    for a, b in product(range(0, 3 * size, size), repeat=2):
        np.testing.assert_allclose(twice.between(one + np.int32(a), other + np.int32(b)), expected)
